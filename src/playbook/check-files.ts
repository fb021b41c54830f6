/** Files on the control machine that tasks name, and that are not there. */

import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import type { Findings, Where } from '../fault.ts';
import { isTemplate } from '../template/templar.ts';
import { whereOf } from '../value/source.ts';
import { splitArguments } from '../value/split-arguments.ts';
import { type Dict, isDict, type Value } from '../value/value.ts';
import { ifReached } from './if-reached.ts';
import type { Play, RoleUse, Task } from './types.ts';
import type { Visit } from './walk.ts';

type Kind = 'files' | 'templates';

const KINDS: ReadonlyMap<string, Kind> = new Map([
  ['copy', 'files'],
  ['template', 'templates'],
  ['script', 'files'],
  ['unarchive', 'files'],
]);

/** Actions that make no files. */
const HARMLESS: ReadonlySet<string> = new Set([
  'assert',
  'debug',
  'fail',
  'include_vars',
  'meta',
  'pause',
  'ping',
  'set_fact',
  'setup',
  'stat',
  'wait_for',
]);

/** Visits the tasks of a playbook in their order. */
export class LocalFiles {
  readonly #directory: string;
  /** Earlier tasks that may have made the file: on this machine surely, or on hosts that may be this machine. */
  #madeHere = false;
  #madeSomewhere = false;

  constructor(playbookDirectory: string) {
    this.#directory = playbookDirectory;
  }

  /** A fault where the task surely runs and surely misses its file; a warning where it may be passed over. */
  check(task: Task, visit: Visit, play: Play, findings: Findings): void {
    const kind = KINDS.get(task.action);
    const source = kind && literalSource(task);
    if (kind && source && !this.#mayBeMade(source.name)) this.#look(source, kind, task, visit, play, findings);
    this.#madeSomewhere ||= !HARMLESS.has(task.action);
    this.#madeHere ||= writesHere(task, visit, play);
  }

  #mayBeMade(name: string): boolean {
    return isAbsolute(name) || name.startsWith('~') ? this.#madeSomewhere : this.#madeHere;
  }

  #look(
    { name, where }: Source,
    kind: Kind,
    task: Task,
    { roles, isOptional }: Visit,
    play: Play,
    findings: Findings,
  ): void {
    const directories = [
      ...roles.toReversed().flatMap((role) => [...lineage(role)]),
      task.directory,
      play.directory,
      this.#directory,
    ];
    const expanded = name.replace(/^~(?=\/)/, homedir());
    const tried = isAbsolute(expanded)
      ? [expanded]
      : directories.flatMap((directory) => [join(directory, kind, expanded), join(directory, expanded)]);
    if (tried.some((path) => existsSync(path))) return;
    const message = `Could not find or access '${name}'\nSearched in:\n\t${[...new Set(tried)].join('\n\t')}`;
    const hint = `put the file into ${kind}/ beside the playbook or in the role`;
    if (isOptional) findings.warn('file-missing', ifReached(message), { where, hint });
    else findings.fault('file-missing', message, { where, hint });
  }
}

function lineage(role: RoleUse): readonly string[] {
  return [role.path, ...(role.parent ? lineage(role.parent) : [])];
}

interface Source {
  readonly name: string;
  readonly where: Where;
}

/** What `src` says, where it is a name on this machine and no template. */
function literalSource({ action, args, argsWhere, argsTemplate }: Task): Source | undefined {
  if (argsTemplate !== undefined || isGiven(args, 'remote_src') || isGiven(args, 'content')) return undefined;
  const key = action === 'script' && args.has('cmd') ? 'cmd' : action === 'script' ? '_raw_params' : 'src';
  const written = args.get(key);
  if (typeof written !== 'string' || isTemplate(written) || written.trim() === '' || written.includes('://'))
    return undefined;
  const name =
    action === 'script' ? (splitArguments(written)[0] ?? '').trim().replace(/^(["'])(.*)\1$/, '$2') : written;
  return { name, where: whereOf(args, key) ?? argsWhere };
}

function isGiven(args: Dict, name: string): boolean {
  const value = args.get(name);
  return value !== undefined && value !== null && value !== false && !/^(?:no|false|off|0)$/i.test(String(value));
}

/** Whether a task may make files on the control machine. */
function writesHere(task: Task, { inherited }: Visit, { hosts }: Play): boolean {
  if (task.action === 'fetch' || /^(?:include|import)_/.test(task.action)) return task.action !== 'include_vars';
  if (HARMLESS.has(task.action)) return false;
  const levels = [...inherited, task.keywords];
  return isLocal(hosts) || levels.some((one) => isLocal(one.get('delegate_to')) || one.get('connection') === 'local');
}

/** A name of this machine, or one that only a template gives. */
function isLocal(host: Value | undefined): boolean {
  if (Array.isArray(host)) return host.some(isLocal);
  if (host === undefined || host === null || isDict(host)) return false;
  const text = String(host);
  return isTemplate(text) || /(?:^|[:,])(?:localhost|127\.0\.0\.1|::1)(?:$|[:,])/.test(text);
}
