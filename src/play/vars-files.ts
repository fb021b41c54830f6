/** `vars_files`: read when a task needs them, because their names may hold facts. */

import { existsSync } from 'node:fs';
import { Fault } from '../fault.ts';
import { readVarsFile } from '../inventory/vars-file.ts';
import { varsFilePaths } from '../playbook/vars-file-paths.ts';
import { type Layer, layer, type Scope } from '../template/templar.ts';
import { whereOf } from '../value/source.ts';
import { type Dict, isList, type Value } from '../value/value.ts';
import { cached } from './cached.ts';
import type { HostState } from './host-state.ts';
import type { PlayState } from './play-state.ts';

/** By batch. */
const files = new WeakMap<PlayState['batch'], Map<string, Dict>>();

/** The last file wins; of a list of names the first that exists is taken. A name whose variables are not there yet is passed over. */
export function varsFilesLayers(play: PlayState, host: HostState, scope: Scope): readonly Layer[] {
  return play.play.varsFiles.flatMap((entry) => oneLayer(play, host, scope, entry)).reverse();
}

function oneLayer(play: PlayState, host: HostState, scope: Scope, entry: Value): Layer[] {
  const names = isList(entry) ? entry : [entry];
  const tried: string[] = [];
  for (const name of names) {
    const rendered = renderName(play, host, scope, name);
    if (rendered === undefined) {
      // Whether that is a fault is known when facts have been gathered.
      play.turn?.wait();
      if (host.factsGathered) throw undefinedName(play, entry, name);
      continue;
    }
    const paths = varsFilePaths(rendered, play.playbookDirectory);
    const found = paths.find((path) => {
      play.world.reads?.file(host.name, path);
      return existsSync(path);
    });
    if (found) return [layer(read(play, found))];
    tried.push(...paths);
  }
  // Before there are hosts, a name may hold what only a host has.
  if (tried.length === 0 || play.allHosts.length === 0) return [];
  throw new Fault(
    'file-missing',
    `vars file ${names.map(String).join(', ')} was not found\nSearched in:\n\t${tried.join('\n\t')}`,
    {
      where: whereOf(play.play.varsFiles, play.play.varsFiles.indexOf(entry)) ?? play.play.where,
    },
  );
}

function renderName(play: PlayState, host: HostState, scope: Scope, name: Value): string | undefined {
  try {
    return String(play.world.templar([play.playbookDirectory], host.name).render(name, scope));
  } catch (error) {
    if (error instanceof Fault && error.code === 'template-undefined') return undefined;
    throw error;
  }
}

function undefinedName(play: PlayState, entry: Value, name: Value): Fault {
  return new Fault('template-undefined', `the vars_files name ${String(name)} holds an undefined variable`, {
    where: whereOf(play.play.varsFiles, play.play.varsFiles.indexOf(entry)) ?? play.play.where,
  });
}

function read(play: PlayState, path: string): Dict {
  const cache = cached(files, play.batch, () => new Map<string, Dict>());
  return cached(cache, path, () => {
    const vars = readVarsFile(path, play.world.findings);
    play.world.findings.check();
    return vars;
  });
}
