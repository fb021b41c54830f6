import { Fault } from '../../fault.ts';
import { validator } from './shape-validators.ts';
import { STATE_VERSION, type State } from './state.ts';

/**
 * A state's text, checked. Throws `state-invalid`, which says what is wrong and where.
 * @param file the file or URL
 * @param backup where what was before the last operation is kept; undefined: there is none
 */
export function parseState(text: string, file: string, backup: string | undefined): State {
  const broken = (what: string, hint?: string) =>
    new Fault('state-invalid', `the state ${file} ${what}`, {
      where: { file },
      hint: hint ?? `nothing was changed; ${remedy(backup)}`,
    });
  let state: unknown;
  try {
    state = JSON.parse(text);
  } catch (cause) {
    if (text.trim() === '') throw broken('is empty');
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw broken(isCutOff(text) ? 'is cut off: its end is missing' : `is not JSON: ${reason}`);
  }
  const { version } = Object(state);
  if (typeof version === 'number' && version > STATE_VERSION) {
    const hint = 'use that playbake, or a newer one; nothing was changed';
    const { playbake } = Object(state);
    const by = typeof playbake === 'string' ? `, written by playbake ${playbake}` : '';
    throw broken(`is of version ${version}${by}; this playbake reads up to version ${STATE_VERSION}`, hint);
  }
  if (isState(state)) return state;
  throw broken(`is no state of rollouts: ${firstError() ?? 'it has another shape'}`);
}

function remedy(backup: string | undefined): string {
  const last = 'move it away: `rollout import --all` brings fleets back by their tags';
  return backup === undefined ? last : `put ${backup} in its place (what was before the last operation), or ${last}`;
}

function isState(value: unknown): value is State {
  return validator('state')(value);
}

/** Of the check that was done last. */
function firstError(): string | undefined {
  const [error] = validator('state').errors ?? [];
  if (!error) return undefined;
  const place = error.instancePath === '' ? 'all of it' : error.instancePath.slice(1).replaceAll('/', '.');
  return `${place} ${error.message ?? 'is wrong'}`;
}

function isCutOff(text: string): boolean {
  return text.trimStart().startsWith('{') && !text.trimEnd().endsWith('}');
}
