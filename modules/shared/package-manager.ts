/** What package managers other than apt have in common: what is missing is found out first, one command does the rest. */

import {
  type Context,
  commandResult,
  ensure,
  join,
  type Outcome,
  type Plain,
  type Ran,
  type Result,
  read,
  run,
  type Sh,
  type Step,
  type Steps,
  sh,
  when,
} from '../../src/module/module.ts';
import { refusal } from './refuse.ts';

export type PackageState = 'present' | 'latest' | 'absent';

export interface Manager {
  /** Shell that tells whether the package that it is given is installed. */
  readonly installed: (name: string) => Sh;
  /** Shell functions and variables for the commands. */
  readonly setup?: Sh | undefined;
  /** Fetches what the repositories offer. */
  readonly refresh?: Sh | undefined;
  /** Commands for the packages in `$pm_todo`; in check mode those that only simulate, undefined where there is none. */
  readonly install: Sh | undefined;
  readonly latest: Sh | undefined;
  readonly remove: Sh | undefined;
  /** Upgrades everything that is installed. */
  readonly upgrade?: Sh | undefined;
  /** Whether a command did (or, in check mode, would do) anything, from its output. */
  readonly changed: (ran: Ran) => boolean;
  /** Exit codes that are no failure. */
  readonly ok?: readonly number[];
  /** A line of output with which a command failed, whatever it exits with: an expression for `grep -E` and JavaScript alike. */
  readonly complaint?: string | undefined;
}

export interface PackageRequest {
  readonly names: readonly string[];
  readonly state: PackageState;
  readonly refresh: boolean;
  readonly upgrade: boolean;
  /** Leave out what is not installed. */
  readonly onlyInstalled?: boolean;
}

export function packageSteps(manager: Manager, request: PackageRequest, { check }: Context): Steps {
  const { names, state, refresh, upgrade } = request;
  return [
    manager.setup && read(manager.setup, () => ({})),
    refresh && manager.refresh && refreshStep(manager.refresh),
    upgrade && command('upgrade', manager, manager.upgrade, check),
    names.length > 0 && read(look(manager, names), ({ stdout }) => ({ missing: words(stdout) })),
    names.length > 0 && main(manager, state, request.onlyInstalled ?? false, check),
  ];
}

/** Sets pm_there and pm_missing. */
function look(manager: Manager, names: readonly string[]): Sh {
  const tests = names.map((name) => {
    return sh`if { ${manager.installed(name)}; } >/dev/null 2>&1; then pm_there="$pm_there "${name}; else pm_missing="$pm_missing "${name}; fi`;
  });
  return join([sh`pm_there= pm_missing=`, ...tests, sh`printf %s "$pm_missing"`], '\n');
}

function main(manager: Manager, state: PackageState, onlyInstalled: boolean, check: boolean): Step {
  if (state === 'absent') return some(sh`$pm_there`, command('remove', manager, manager.remove, check));
  if (state === 'present')
    return some(onlyInstalled ? sh`` : sh`$pm_missing`, command('install', manager, manager.install, check));
  return some(
    onlyInstalled ? sh`$pm_there` : sh`$pm_there $pm_missing`,
    command('latest', manager, manager.latest, check),
  );
}

function some(list: Sh, step: Step): Step {
  return when(sh`pm_todo="${list}"; set -f; set -- $pm_todo; set +f; [ $# -gt 0 ]`, [step]);
}

function refreshStep(refresh: Sh): Step {
  return run(refresh, {
    changed: false,
    result: ({ rc, stdout, stderr }) =>
      rc === 0 ? { refreshed: true } : { refused: `could not update package db: ${(stderr || stdout).trim()}` },
  });
}

function command(name: string, manager: Manager, line: Sh | undefined, check: boolean): Step {
  if (line === undefined)
    return check ? ensure(sh`false`, sh`:`) : run(sh`exit 1`, { result: () => ({ refused: `cannot ${name}` }) });
  return run(judged(line, manager.complaint, check), {
    harmless: true,
    ok: check ? [0] : (manager.ok ?? [0]),
    changed: manager.changed,
    result: (ran) => ({ operation: name, ...commandResult(ran) }),
  });
}

/** A simulation says with its exit code only whether there would be something to do. */
function judged(line: Sh, complaint: string | undefined, check: boolean): Sh {
  return sh`( set -f; ${line} ); pm_rc=${check ? sh`0` : sh`$?`}
${complaint === undefined ? sh`` : sh`if grep -Eq -e ${complaint} -- "$pb_1" "$pb_2"; then pm_rc=1; fi`}
return "$pm_rc"`;
}

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/).filter(Boolean);
}

/** @param failure what the output of a command that failed means, in Ansible's words. */
export function packageResult(
  outcome: Outcome,
  failure: (stdout: string, stderr: string) => string | undefined,
): Result {
  const { operation, rc, stdout = '', stderr = '', stdout_lines = [], stderr_lines = [] } = outcome.values;
  const said: { [key: string]: Plain } =
    operation === undefined ? {} : { rc: rc ?? 0, stdout, stderr, stdout_lines, stderr_lines };
  const refused = refusal(outcome);
  if (!outcome.failed) return { changed: outcome.changed, ...said };
  if (refused !== undefined && operation === undefined) return { failed: true, msg: refused };
  const wrong = operation === undefined ? undefined : failure(String(stdout), String(stderr));
  return { failed: true, msg: wrong ?? (String(stderr) || String(stdout) || `${operation} failed`), ...said };
}

/** `installed` and `removed` are other words for `present` and `absent`. */
export function stateOf(state: 'present' | 'installed' | 'latest' | 'absent' | 'removed'): PackageState {
  return state === 'installed' ? 'present' : state === 'removed' ? 'absent' : state;
}
