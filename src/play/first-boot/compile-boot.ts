/** Tasks that a bake kept for the first boot, to what the boot script is made of. */

import { createHash } from 'node:crypto';
import type { Fault } from '../../fault.ts';
import { Faults, faultsOf } from '../../fault.ts';
import type { Entry } from '../../playbook/types.ts';
import { wholeOf } from '../../shell/bytes.ts';
import { Sh } from '../../shell/sh.ts';
import type { Put } from '../../shell/steps.ts';
import type { Handler } from '../handlers.ts';
import { handlersFor } from '../handlers.ts';
import { readIncluded } from '../include.ts';
import { itemRun } from '../item-run.ts';
import { descend, every } from '../lineage.ts';
import { isSelected, tagsOf } from '../tags.ts';
import { type ItemRun, render } from '../task-run.ts';
import type { World } from '../world.ts';
import { type BootPlan, type BootTask, FIRST_BOOT } from './boot-plan.ts';
import { bootLayer } from './boot-scope.ts';
import { compileTask } from './compile-task.ts';
import type { Later } from './later.ts';
import { BOOT_DIRECTORY } from './paths.ts';
import { refuseKeywords, refuseRescue, unsupported } from './refuse.ts';

/**
 * To be called when the plays have been run, because templates see what they gathered and registered.
 * Throws `first-boot-unsupported` for all tasks that cannot be compiled, and what their templates and files throw.
 */
export async function compileBoot(world: World): Promise<BootPlan> {
  const compiling = new Compiling(world);
  for (const later of world.firstBoot) await compiling.add(later);
  return compiling.end();
}

/** A handler that some task notifies. */
interface Kept {
  readonly play: Later['play'];
  readonly key: Handler['key'];
  /** Its place among all handlers of all plays. */
  readonly position: number;
  task: BootTask | undefined;
}

class Compiling {
  readonly #world: World;
  readonly #faults: Fault[] = [];
  readonly #registered = new Set<string>();
  readonly #entries: (BootTask | 'flush')[] = [];
  readonly #handlers: Kept[] = [];
  readonly #contents = new Map<string, Uint8Array>();
  #play: Later['play'] | undefined;
  #plays = 0;

  constructor(world: World) {
    this.#world = world;
  }

  async add(later: Later): Promise<void> {
    if (this.#play !== later.play) {
      if (this.#play) this.#entries.push('flush');
      this.#play = later.play;
      this.#plays++;
    }
    try {
      await this.#add(later);
    } catch (error) {
      const faults = faultsOf(error);
      if (!faults) throw error;
      this.#faults.push(...faults);
    }
  }

  end(): BootPlan {
    if (this.#faults.length > 0) throw new Faults(this.#faults);
    const entries = this.#entries.length > 0 ? [...this.#entries, 'flush' as const] : [];
    const inOrder = this.#handlers.toSorted((a, b) => a.position - b.position);
    const places = this.#handlers.map((one) => inOrder.indexOf(one));
    const moved = (task: BootTask): BootTask => ({
      ...task,
      notifies: task.notifies.map((index) => places[index] ?? 0),
    });
    return {
      entries: entries.map((entry) => (entry === 'flush' ? entry : moved(entry))),
      handlers: inOrder.flatMap(({ task }) => (task ? [moved(task)] : [])),
      contents: this.#contents,
    };
  }

  async #add(later: Later): Promise<void> {
    const { task } = later;
    if (task.action === 'meta') return this.#meta(later);
    const run = this.#runOf(later);
    refuseRescue(task, run.lineage);
    refuseKeywords(task, run.lineage);
    if (task.action === 'include_tasks' || task.action === 'include_role') return this.#include(later, run);
    const compiled = await this.#compile(later, run);
    if (compiled) this.#entries.push(compiled);
  }

  #meta({ task }: Later): void {
    const action = String(task.args.get('_raw_params'));
    if (action === 'flush_handlers') this.#entries.push('flush');
    else if (action !== 'noop') throw unsupported(`meta: ${action} cannot be done at the first boot`, task.where);
  }

  /** What is included belongs to the first boot as a whole. */
  async #include(later: Later, run: ItemRun): Promise<void> {
    if (later.task.loop)
      throw unsupported('an include with a loop cannot be compiled for the first boot', later.task.where);
    const included = readIncluded(run, later.parents);
    if (included) await this.#walk(later.play, included.entries, included.inside);
  }

  async #walk(play: Later['play'], entries: readonly Entry[], parents: Later['parents']): Promise<void> {
    const { tags, skipTags } = this.#world.options;
    for (const entry of entries) {
      const lineage = descend(parents, entry);
      if (entry.kind === 'task') {
        const own = new Set([...tagsOf(lineage), FIRST_BOOT]);
        const skipped = skipTags.filter((tag) => tag !== FIRST_BOOT);
        if (isSelected(own, tags, skipped)) await this.add({ play, task: entry, parents });
        continue;
      }
      await this.#walk(play, entry.block, entry.rescue.length > 0 ? { ...lineage, rescued: true } : lineage);
      await this.#walk(play, entry.always, { ...lineage, rescued: true });
    }
  }

  async #compile(later: Later, run: ItemRun): Promise<BootTask | undefined> {
    const register = later.task.keywords.get('register');
    if (typeof register === 'string') this.#registered.add(register);
    const compiled = await compileTask(run, (step) => this.#keep(step));
    if (!compiled) return undefined;
    return { ...compiled, notifies: await this.#notified(run) };
  }

  async #notified(run: ItemRun): Promise<readonly number[]> {
    const found: number[] = [];
    for (const { value, where } of every(run.lineage, 'notify')) {
      for (const handler of handlersFor(run, render(run, value, where), where)) {
        const index = await this.#handler(run.play, handler);
        if (!found.includes(index)) found.push(index);
      }
    }
    return found;
  }

  async #handler(play: Later['play'], handler: Handler): Promise<number> {
    const known = this.#handlers.findIndex((one) => one.play === play && one.key === handler.key);
    if (known >= 0) return known;
    const among = play.handlers.all().findIndex(({ key }) => key === handler.key);
    const kept: Kept = { play, key: handler.key, position: this.#plays * 10_000 + among, task: undefined };
    const index = this.#handlers.push(kept) - 1;
    const later = { play, task: handler.task, parents: handler.parents };
    const run = this.#runOf(later);
    refuseKeywords(handler.task, run.lineage);
    kept.task = (await this.#compile(later, run)) ?? {
      ...{ name: handler.task.name ?? '', where: handler.task.where, items: [], user: 'root', ignoreErrors: false },
      ...{ changed: false, hidden: false, retries: 0, delay: 0, notifies: [] },
    };
    return index;
  }

  #runOf({ play, task, parents }: Later): ItemRun {
    const lineage = descend(parents, task);
    const host = this.#world.hosts.of(this.#world.options.build?.name ?? '');
    const info = {
      id: 0,
      name: task.name ?? task.action,
      action: task.action,
      where: task.where,
      handler: false,
      check: false,
    };
    const run = itemRun({ play, task, lineage, info, settles: () => [host] }, host);
    const own = bootLayer({ host, registered: this.#registered, where: task.where });
    return { ...run, scope: run.scope.with(own) };
  }

  /** Where the content of a large `put` will lie. */
  #keep({ content }: Put): string {
    if (content instanceof Sh) throw new TypeError('only the host can make this content');
    const bytes = wholeOf(content);
    const path = `${BOOT_DIRECTORY}/content-${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
    this.#contents.set(path, bytes);
    return path;
  }
}
