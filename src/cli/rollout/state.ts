/** `rollout state …`: what rollouts remember. */

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Fault } from '../../fault.ts';
import { slotText } from '../../report/state-text.ts';
import { type Address, addressOf, parseAddress } from '../../rollout/state/address.ts';
import { findSlots, instancesOf, slotsOf } from '../../rollout/state/find-slots.ts';
import { forget } from '../../rollout/state/forget.ts';
import { move } from '../../rollout/state/move.ts';
import { parseState } from '../../rollout/state/parse-state.ts';
import type { State } from '../../rollout/state/state.ts';
import type { StateStore } from '../../rollout/state/state-store.ts';
import type { Session, Verb } from '../session.ts';
import { changeState, configOf, stateIn, withStore } from './state-access.ts';
import { parseStateArguments, type StateArguments } from './state-options.ts';

export const state: Verb = async (args, session) => {
  const parsed = parseStateArguments(args, session.screen.out);
  if (!parsed) return 0;
  const config = configOf(parsed.options.config, session);
  await withStore(config, (store) => perform(parsed, store, session));
  return 0;
};

async function perform(args: StateArguments, store: StateStore, session: Session): Promise<void> {
  const { verb, words, options } = args;
  const { out } = session.screen;
  switch (verb) {
    case 'list': {
      const found = await named(words.map(parseAddress), store);
      const addresses = found.map(addressOf);
      return out(options.json ? json(addresses) : addresses.map((one) => `${one}\n`).join(''));
    }
    case 'show': {
      const found = await named(words.map(parseAddress), store);
      const shown = found.map((one) => ({ address: addressOf(one), ...one.state }));
      return out(options.json ? json(shown) : found.map(slotText).join('\n'));
    }
    case 'rm':
      return remove(words.map(parseAddress), options.dryRun === true, store, session);
    case 'mv':
      return rename(words.map(parseAddress), options.dryRun === true, store, session);
    case 'pull':
      return out(json(await stateIn(store)));
    case 'push':
      return push(words[0] ?? '', options.force === true, store, session);
  }
}

async function named(addresses: readonly Address[], store: StateStore) {
  const state = await stateIn(store);
  return addresses.length === 0 ? slotsOf(state) : addresses.flatMap((address) => findSlots(state, address));
}

async function remove(addresses: readonly Address[], dry: boolean, store: StateStore, session: Session): Promise<void> {
  const { out } = session.screen;
  const done = dry
    ? forget(await stateIn(store), addresses)
    : await changeState('state rm', store, session, async (before) => forget(there(before, store), addresses));
  for (const one of done?.slots ?? [])
    out(`${dry ? 'Would remove' : 'Removed'} ${addressOf(one)}${idsOf(one.state)}\n`);
  const left = done?.slots.flatMap((one) => instancesOf(one.state)) ?? [];
  if (left.length > 0 && !dry) {
    out(`Nothing was terminated: ${left.join(', ')} run on; \`rollout import\` takes them back.\n`);
  }
}

async function rename(addresses: readonly Address[], dry: boolean, store: StateStore, session: Session): Promise<void> {
  const [from, to] = addresses;
  if (!from || !to) throw new Error('the words were counted');
  if (dry) move(await stateIn(store), from, to);
  else {
    const operation = 'state mv';
    await changeState(operation, store, session, async (before) => ({ fleets: move(there(before, store), from, to) }));
  }
  session.screen.out(`${dry ? 'Would move' : 'Moved'} ${addressOf(from)} to ${addressOf(to)}\n`);
}

async function push(word: string, force: boolean, store: StateStore, session: Session): Promise<void> {
  const file = resolve(session.screen.directory, word);
  const pushed = parseState(read(file), file, undefined);
  await changeState('state push', store, session, async (kept) => {
    if (kept && !force) checkNewer(pushed, kept, word, store);
    return pushed;
  });
  session.screen.out(`${store.where} holds what ${word} says.\n`);
}

function checkNewer(pushed: State, kept: State, file: string, { where }: StateStore): void {
  const hint = '-force keeps it all the same; a backup of what is there now is made';
  if (pushed.lineage !== kept.lineage) {
    const message = `${file} is of the lineage ${pushed.lineage}, and ${where} of ${kept.lineage}: they tell of different things`;
    throw new Fault('state-conflict', message, { hint });
  }
  if (pushed.serial < kept.serial) {
    const message = `${file} is older than ${where}: its serial is ${pushed.serial}, and ${kept.serial} is kept`;
    throw new Fault('state-conflict', message, { hint });
  }
}

function there(state: State | undefined, { where }: StateStore): State {
  if (state) return state;
  throw new Fault('state-missing', `there is no state: nothing is at ${where}`);
}

function idsOf(slot: Parameters<typeof instancesOf>[0]): string {
  const ids = instancesOf(slot);
  return ids.length === 0 ? '' : ` (${ids.join(', ')})`;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('file-unreadable', `the state ${file} cannot be read: ${reason}`, { cause });
  }
}

const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;
