/** Gathers what a play on the build machine did, from its events. */

import type { DescribedTask } from '../../play/description.ts';
import type { PlayEvent, TaskInfo } from '../../play/events.ts';
import { isTemplate } from '../../template/templar.ts';
import type { Places } from '../fingerprint/places.ts';
import { filesPut } from './files-put.ts';
import type { ManifestTask } from './manifest.ts';
import { packagesInstalled } from './packages-installed.ts';
import { shownResult } from './shown-result.ts';

type ResultEvent = Extract<PlayEvent, { type: 'result' | 'item' }>;

/** Modules that write a file and do not say in their result which. */
const SILENT: ReadonlySet<string> = new Set(['lineinfile', 'blockinfile', 'replace']);

/** Modules that write a file, at `path` or `dest`. */
const WRITING: ReadonlySet<string> = new Set([...SILENT, 'copy', 'template', 'file', 'get_url']);

export class Collector {
  readonly #host: string;
  readonly #places: Places;
  readonly #described: readonly DescribedTask[];
  readonly #tasks: ManifestTask[] = [];
  /** Task ids of the play by their number in the manifest. */
  readonly #numbers = new Map<number, number>();
  readonly #items = new Map<number, number>();
  readonly #files = new Map<string, number>();
  readonly #packages = new Map<string, number>();
  readonly #hidden = new Set<number>();

  /**
   * @param host the build machine's name: what a play does elsewhere is not in the image.
   * @param described the tasks of the run, for files of modules that do not say in their results what they wrote.
   */
  constructor(host: string, places: Places, described: readonly DescribedTask[]) {
    this.#host = host;
    this.#places = places;
    this.#described = described;
  }

  add(event: PlayEvent): void {
    if (event.type !== 'result' && event.type !== 'item') return;
    if (event.host !== this.#host || (event.delegatedTo !== undefined && event.delegatedTo !== this.#host)) return;
    const number = this.#numberOf(event.task);
    if (event.type === 'item') this.#items.set(event.task.id, (this.#items.get(event.task.id) ?? 0) + 1);
    else this.#end(number, event);
    this.#note(number, event);
  }

  /** @param secrets texts that stand in no result. */
  tasks(secrets: Iterable<string> = []): readonly ManifestTask[] {
    const hidden = [...secrets];
    return this.#tasks.map((task) => (task.result ? { ...task, result: shownResult(task.result, hidden) } : task));
  }

  /** Paths that tasks put, each with the number of the last task that did. */
  get files(): ReadonlyMap<string, number> {
    return this.#files;
  }

  /** Names of packages that tasks installed or brought to another version, with the number of the last that did. */
  get packages(): ReadonlyMap<string, number> {
    return this.#packages;
  }

  /** Numbers of tasks with `no_log`. */
  get hidden(): ReadonlySet<number> {
    return this.#hidden;
  }

  #numberOf({ id, name, action, where }: TaskInfo): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const place = `${this.#places.name(where.file)}:${where.line ?? 1}`;
    const number =
      this.#tasks.push({ name, module: action, where: place, status: 'skipped', changed: false, seconds: 0 }) - 1;
    this.#numbers.set(id, number);
    return number;
  }

  #end(number: number, event: Extract<PlayEvent, { type: 'result' }>): void {
    const items = this.#items.get(event.task.id);
    const { name, module, where } = this.#tasks[number]!;
    this.#tasks[number] = {
      ...{ name, module, where },
      status: event.status,
      changed: event.result['changed'] === true,
      seconds: Math.round(event.seconds * 1000) / 1000,
      ...(items !== undefined && { items }),
      ...(event.result['censored'] === undefined && { result: event.result }),
    };
  }

  /** A loop's own result says again what its items have said. */
  #note(number: number, event: ResultEvent): void {
    if (event.status !== 'ok' && event.status !== 'changed') return;
    const isHidden = event.result['censored'] !== undefined;
    if (isHidden) this.#hidden.add(number);
    const isLoop = event.type === 'result' && event.loop;
    for (const path of isLoop ? [] : filesPut(event.task.action, event.result)) this.#files.set(path, number);
    if (!isLoop && event.status === 'changed') {
      for (const name of packagesInstalled(event.result)) this.#packages.set(name, number);
    }
    if (event.type === 'item' || !(isHidden || SILENT.has(shortName(event.task.action)))) return;
    for (const path of this.#describedPaths(event.task)) this.#files.set(path, number);
  }

  /** Where the arguments say that a task writes, as far as they are known without the machine. */
  #describedPaths({ action, where }: TaskInfo): readonly string[] {
    if (!WRITING.has(shortName(action))) return [];
    const same = this.#described.filter((task) => task.where.file === where.file && task.where.line === where.line);
    return same.flatMap(({ args }) =>
      args.flatMap((one) => {
        const path = one.get('path') ?? one.get('dest') ?? one.get('destfile') ?? one.get('name');
        return typeof path === 'string' && path.startsWith('/') && !isTemplate(path) ? [path] : [];
      }),
    );
  }
}

const shortName = (action: string): string => action.replace(/^ansible\.(builtin|legacy)\./, '');
