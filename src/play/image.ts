/** Which host is a machine that an image is made of, and what it is called. */

import { isLocalhost } from '../inventory/localhost.ts';
import { isList, type Value } from '../value/value.ts';
import { asBoolean } from './boolean.ts';
import type { HostState } from './host-state.ts';
import type { Mode } from './options.ts';
import type { ItemRun } from './task-run.ts';

/** Only the build machine becomes an image; a task's variable `playbake_now` has even that do as on a live host. */
export function modeOf({ play, scope }: ItemRun, { name }: HostState): Mode {
  const { mode = 'live', build } = play.world.options;
  const isBuild = mode === 'bake' && (build ? build.name === name : !isLocalhost(name));
  return isBuild && !asBoolean(scope.get('playbake_now')) ? 'bake' : 'live';
}

/**
 * Whether an address is the build machine's own, seen from `place`: there localhost is, and everywhere its name, the address
 * it is reached by, and what its facts tell.
 */
export function isImage(run: ItemRun, place: HostState, address: string): boolean {
  const { mode, build } = run.play.world.options;
  if (mode !== 'bake' || asBoolean(run.scope.get('playbake_now'))) return false;
  const name = address.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  const state = build ? run.play.world.hosts.of(build.name) : place;
  run.turn?.waitForFacts(state);
  if (/^(?:localhost|127\..*|::1|0\.0\.0\.0|::)$/.test(name)) return place === state;
  return namesOf(state, build?.vars.get('ansible_host')).some((own) => own.toLowerCase() === name);
}

function namesOf({ name, facts }: HostState, address: Value | undefined): readonly string[] {
  const known = ['hostname', 'nodename', 'fqdn', 'all_ipv4_addresses', 'all_ipv6_addresses'].flatMap((fact) => {
    const value = facts.get(fact) ?? [];
    return isList(value) ? value : [value];
  });
  return [name, ...(address === undefined ? [] : [address]), ...known].map(String);
}
