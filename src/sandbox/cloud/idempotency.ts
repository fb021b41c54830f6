/** A call that is made twice with one ClientToken makes one thing: the second is answered with what the first made. */

import { createHash } from 'node:crypto';
import type { Context } from './action.ts';
import { ApiError } from './protocol/api-error.ts';
import type { Kind, Resource } from './state.ts';
import type { Store } from './store.ts';

/** What a token was used for. `id` follows from the kind and the token. */
export interface ClientTokenRecord extends Resource {
  /** A digest of the input. */
  readonly input: string;
  /** The ids of what the call made. */
  readonly made: readonly string[];
}

export interface IdempotentCall {
  /** None: every call makes something new. */
  readonly token: string | undefined;
  /** The whole input of the action. */
  readonly input: object;
  /** What it makes. */
  readonly kind: Kind;
}

/** Milliseconds. EC2 remembers tokens for at least that long. */
const REMEMBERED = 24 * 3600 * 1000;

/** Tokens whose call still goes on: who repeats it waits for the same end. */
const UNDERWAY = new WeakMap<Store, Map<string, Promise<readonly string[]>>>();

/**
 * Answers with the ids that `make` answers with, or did the first time. What has gone meanwhile is made anew. Throws the
 * ApiError `IdempotentParameterMismatch` when the token was used with another input.
 */
export async function idempotent(
  context: Context,
  { token, input, kind }: IdempotentCall,
  make: () => readonly string[] | Promise<readonly string[]>,
): Promise<readonly string[]> {
  if (token === undefined || token === '') return make();
  const { region, cloud } = context;
  const id = `token-${digest([kind, token])}`;
  const said = digest({ ...input, ClientToken: undefined, DryRun: undefined });
  const key = `${region.name} ${id} ${said}`;
  const underway = UNDERWAY.get(cloud.store) ?? new Map<string, Promise<readonly string[]>>();
  UNDERWAY.set(cloud.store, underway);
  const going = underway.get(key);
  if (going !== undefined) return going;
  const work = once(context, { id, said, kind }, make).finally(() => underway.delete(key));
  underway.set(key, work);
  return work;
}

interface Once {
  readonly id: string;
  readonly said: string;
  readonly kind: Kind;
}

async function once(
  { region, now }: Context,
  { id, said, kind }: Once,
  make: () => readonly string[] | Promise<readonly string[]>,
): Promise<readonly string[]> {
  const before = region.state.clientTokens[id];
  const remains = before?.made.some((made) => region.state[kind][made] !== undefined);
  if (before !== undefined && remains && now - before.createdAt < REMEMBERED) {
    if (before.input === said) return before.made;
    const message = 'Arguments on this idempotent request are inconsistent with arguments used in previous request(s).';
    throw new ApiError('IdempotentParameterMismatch', message);
  }
  const made = await make();
  const old = Object.values(region.state.clientTokens).filter(({ createdAt }) => now - createdAt >= REMEMBERED);
  for (const record of old) region.remove('clientTokens', record.id);
  region.put('clientTokens', { id, tags: {}, createdAt: now, input: said, made });
  return made;
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}
