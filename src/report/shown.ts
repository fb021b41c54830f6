/** Which part of a result is shown, and when: Ansible's default callback. */

import type { ResultData } from '../play/events.ts';
import type { Plain } from '../value/value.ts';
import { dump } from './dump.ts';

const DEBUG_KEEPS = new Set(['msg', 'exception', 'warnings', 'deprecations']);
const DEBUG_HIDES = new Set(['changed', 'failed', 'skipped', 'invocation', 'skip_reason']);
/** Printed as lines of their own, not in the JSON. */
const APART = new Set(['exception', 'warnings', 'deprecations']);

export interface Showing {
  readonly action: string;
  readonly verbosity: number;
  /** A loop's items were shown already. */
  readonly loop?: boolean;
  readonly failed?: boolean;
}

/** Whether an ok, changed or skipped result is followed by `=> {…}`. */
export function isVerbose(result: ResultData, showing: Showing, above = 0): boolean {
  const { action, verbosity } = showing;
  if (result['_ansible_verbose_override'] === true || action === 'setup' || action === 'gather_facts') return false;
  return verbosity > above || isAlwaysShown(result, showing);
}

/** The `{…}` after `=>`. Over several lines from -vvv up and for what is made to be read (debug, assert). */
export function shownResult(result: ResultData, showing: Showing): string {
  const shown: Record<string, Plain> = {};
  for (const [key, value] of Object.entries(result)) {
    if (!isHidden(key, result, showing)) shown[key] = value;
  }
  return dump(shown, showing.verbosity > 2 || isAlwaysShown(result, showing) ? 4 : 0);
}

/** Warnings that a result carries beside its data. */
export function warningsOf(result: ResultData): readonly string[] {
  const { warnings } = result;
  return Array.isArray(warnings) ? warnings.filter((warning) => typeof warning === 'string') : [];
}

function isHidden(key: string, result: ResultData, { action, verbosity, loop }: Showing): boolean {
  if (key.startsWith('_ansible_') || key === 'failed' || key === 'skipped' || APART.has(key)) return true;
  if (loop && key === 'results') return true;
  if (action === 'debug' && ('msg' in result ? !DEBUG_KEEPS.has(key) : DEBUG_HIDES.has(key))) return true;
  return verbosity < 3 && (key === 'invocation' || key === 'diff');
}

/** A debug that could not even be rendered is shown as any failure. */
function isAlwaysShown(result: ResultData, { action, failed }: Showing): boolean {
  const said = result['_ansible_verbose_always'];
  if (result['skipped'] === true || 'censored' in result) return false;
  if (typeof said === 'boolean') return said;
  return action === 'debug' && (!failed || 'failed_when_result' in result);
}

/** `host`, or `host -> delegate`. */
export function hostLabel({ host, delegatedTo }: { readonly host: string; readonly delegatedTo?: string }): string {
  return delegatedTo === undefined || delegatedTo === host ? host : `${host} -> ${delegatedTo}`;
}
