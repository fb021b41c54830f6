import type { ResultData } from '../../play/events.ts';
import type { Plain } from '../../value/value.ts';

/** What tells how a task left things; contents and outputs are for the log of the bake. */
const SHOWN = ['msg', 'rc', 'dest', 'path', 'state', 'mode', 'owner', 'group', 'size', 'checksum', 'name', 'enabled'];
const LONGEST = 300;

/** The parts of a result that an image may tell, without secrets. */
export function shownResult(result: ResultData, secrets: readonly string[]): { readonly [key: string]: Plain } {
  const shown = SHOWN.flatMap((key): (readonly [string, Plain])[] => {
    const value = result[key];
    if (value === undefined || value === null || value === '' || typeof value === 'object') return [];
    return [[key, typeof value === 'string' ? withoutSecrets(value, secrets) : value]];
  });
  return Object.fromEntries(shown);
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  const hidden = secrets.reduce((rest, secret) => (secret === '' ? rest : rest.replaceAll(secret, '********')), text);
  return hidden.length > LONGEST ? `${hidden.slice(0, LONGEST)}…` : hidden;
}
