/** How verbs come to the state. */

import { dirname, join } from 'node:path';
import type { Config } from '../../config/config.ts';
import { loadConfig } from '../../config/load-config.ts';
import { Fault } from '../../fault.ts';
import { takenOverText } from '../../report/state-text.ts';
import { nextState } from '../../rollout/state/next-state.ts';
import { openStateStore } from '../../rollout/state/open-state-store.ts';
import type { State } from '../../rollout/state/state.ts';
import type { StateStore } from '../../rollout/state/state-store.ts';
import type { Session } from '../session.ts';

/** Where a project keeps what is its own, beside playbake.yml. */
export function ownDirectory({ file }: Config, { screen }: Session): string {
  return join(file === undefined ? screen.directory : dirname(file), '.playbake');
}

/** @param file `--config` */
export function configOf(file: string | undefined, { screen }: Session): Config {
  return loadConfig({ directory: screen.directory, file, onWarning: (fault) => warn(fault.message, { screen }) });
}

/** Does `work` with the store that the configuration names. */
export async function withStore<T>(config: Config, work: (store: StateStore) => Promise<T>): Promise<T> {
  const store = await openStateStore(config);
  try {
    return await work(store);
  } finally {
    store.close();
  }
}

/** The state that must be there. Throws `state-missing`. */
export async function stateIn(store: StateStore): Promise<State> {
  const state = await store.read();
  if (state) return state;
  throw new Fault('state-missing', `there is no state: nothing is at ${store.where}`, {
    hint: '`rollout apply` makes the first one, `rollout import` one of instances that are there',
  });
}

/** Changes the state under its lock. `change` gives the fleets as they shall be; undefined: nothing changes. */
export async function changeState<T extends { readonly fleets: State['fleets'] }>(
  operation: string,
  store: StateStore,
  session: Pick<Session, 'screen'>,
  change: (state: State | undefined) => Promise<T | undefined>,
): Promise<T | undefined> {
  const lock = await store.lock({ operation });
  try {
    if (lock.insteadOf) warn(takenOverText(lock.insteadOf), session);
    const before = await store.read();
    const changed = await change(before);
    if (changed) await store.write(nextState(before, changed.fleets));
    return changed;
  } finally {
    await lock.release();
  }
}

export function warn(message: string, { screen }: Pick<Session, 'screen'>): void {
  screen.err(`[WARNING]: ${message}\n`);
}
