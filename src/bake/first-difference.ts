/** Why a bake is needed: the first thing that is not as it was when an image was baked. */

import type { Fingerprint, Inputs, ReadPrint, TaskPrint } from './fingerprint/fingerprint.ts';
import type { Look } from './fingerprint/look-again.ts';

export type Difference =
  | { readonly what: 'base'; readonly before: string; readonly after: string }
  | { readonly what: 'setting'; readonly name: string }
  | {
      readonly what: 'task';
      readonly change: 'new' | 'gone' | 'changed';
      readonly name: string;
      /** `site.yml:12`. */
      readonly where: string;
      /** What of it: `argument dest`, `when` … */
      readonly parts: readonly string[];
    }
  | {
      readonly what: Exclude<ReadPrint['kind'], 'fact'>;
      readonly change: 'new' | 'gone' | 'changed';
      readonly name: string;
      readonly role?: string;
      readonly host?: string;
    };

/**
 * Undefined where a bake would make the same image again. Facts are not looked at: they follow from the base image.
 * @param look at what the earlier bake read, as it is now.
 */
export function firstDifference(before: Fingerprint, now: Inputs, look: Look): Difference | undefined {
  if (before.base !== now.base) return { what: 'base', before: before.base, after: now.base };
  return settings(before, now) ?? tasks(before.tasks, now.tasks) ?? reads(before.read, look);
}

/** A difference in a sentence. */
export function differenceLine(difference: Difference): string {
  switch (difference.what) {
    case 'base':
      return `the base image is ${difference.after}, not ${difference.before}`;
    case 'setting':
      return `the setting ${difference.name} has changed`;
    case 'task': {
      const task = `the task "${difference.name}" (${difference.where})`;
      if (difference.change !== 'changed') return `${task} is ${difference.change}`;
      return `${task} has changed: ${difference.parts.join(', ')}`;
    }
    default: {
      const { what, name, role, host, change } = difference;
      const whose = `${role === undefined ? '' : ` of role ${role}`}${host === undefined ? '' : ` of ${host}`}`;
      return `the ${NAMES[what]} ${name}${whose} ${CHANGES[change]}`;
    }
  }
}

const NAMES = {
  variable: 'variable',
  file: 'file',
  glob: 'list of files',
  environment: 'environment variable',
  command: 'output of the command',
} as const;

const CHANGES = { new: 'is new', gone: 'is gone', changed: 'has changed' } as const;

function settings(before: Inputs, now: Inputs): Difference | undefined {
  const names = [...new Set([...Object.keys(before.settings), ...Object.keys(now.settings)])].sort();
  const name = names.find((one) => before.settings[one] !== now.settings[one]);
  return name === undefined ? undefined : { what: 'setting', name };
}

function tasks(before: readonly TaskPrint[], now: readonly TaskPrint[]): Difference | undefined {
  const count = Math.max(before.length, now.length);
  for (let index = 0; index < count; index++) {
    const [old, own] = [before[index], now[index]];
    if (old?.digest === own?.digest) continue;
    const [afterOld, afterOwn] = [before[index + 1], now[index + 1]];
    if (own && (!old || afterOwn?.digest === old.digest)) return told('new', own);
    if (old && (!own || afterOld?.digest === own.digest)) return told('gone', old);
    if (old && own)
      return old.name === own.name || isAlike(old, own) ? told('changed', own, changed(old, own)) : told('new', own);
  }
  return undefined;
}

function told(
  change: 'new' | 'gone' | 'changed',
  { name, where }: TaskPrint,
  parts: readonly string[] = [],
): Difference {
  return { what: 'task', change, name, where, parts };
}

/** The same task with another name: of the same module, and most of it as it was. */
function isAlike(old: TaskPrint, own: TaskPrint): boolean {
  return old.parts['module'] === own.parts['module'] && changed(old, own).length <= Object.keys(own.parts).length / 2;
}

function changed(old: TaskPrint, own: TaskPrint): readonly string[] {
  const names = [...new Set([...Object.keys(own.parts), ...Object.keys(old.parts)])];
  return names.filter((name) => old.parts[name] !== own.parts[name]);
}

function reads(before: readonly ReadPrint[], look: Look): Difference | undefined {
  for (const read of before) {
    if (read.kind === 'fact') continue;
    const now = look(read);
    if (now === undefined || now === read.digest) continue;
    const change = read.digest === null ? 'new' : now === null ? 'gone' : 'changed';
    const { kind, name, role, host } = read;
    return { what: kind, change, name, ...(role !== undefined && { role }), ...(host !== undefined && { host }) };
  }
  return undefined;
}
