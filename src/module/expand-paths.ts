/** `~` and `$NAME` in arguments of type `path`, as the host's user has them. One trip, and only where there are any. */

import { Sh, sh } from '../shell/sh.ts';
import { read } from '../shell/steps.ts';
import type { Args, Typed } from './args.ts';
import { hostWord } from './host-word.ts';
import { Fault, type Host, type Module } from './module.ts';

export async function expandPaths(module: Module, args: Typed<Args>, host: Host): Promise<Typed<Args>> {
  const wanted = [...new Set(Object.entries(module.args).flatMap(([name, arg]) => pathsOf(arg, args[name])))];
  if (wanted.length === 0) return args;
  const found = await ask(wanted, host);
  const expand = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(expand);
    return typeof value === 'string' ? (found.get(value) ?? value) : value;
  };
  const paths = Object.entries(module.args).filter(([, arg]) => isPath(arg));
  return { ...args, ...Object.fromEntries(paths.map(([name]) => [name, expand(args[name])])) } as Typed<Args>;
}

function isPath(arg: Args[string]): boolean {
  return arg.type === 'path' || (arg.type === 'list' && arg.of === 'path');
}

function pathsOf(arg: Args[string], value: unknown): readonly string[] {
  if (!isPath(arg)) return [];
  const paths: readonly unknown[] = Array.isArray(value) ? value : [value];
  return paths.filter((path): path is string => typeof path === 'string' && /^~|\$/.test(path));
}

async function ask(paths: readonly string[], host: Host): Promise<ReadonlyMap<string, string>> {
  const words = paths.map((path) => sh`printf '%s\0' ${hostWord(path)}`.text).join('; ');
  const outcome = await host.apply([read(new Sh(words), ({ stdout }) => ({ paths: stdout.split('\0').slice(0, -1) }))]);
  const found = outcome.values['paths'];
  if (!Array.isArray(found) || found.length !== paths.length) {
    throw new Fault('shell-invalid', `the host did not expand ${paths.join(', ')}`);
  }
  return new Map(paths.map((path, index) => [path, String(found[index])]));
}
