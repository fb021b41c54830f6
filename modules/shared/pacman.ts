/** Arch’s pacman. */

import {
  type Args,
  type Context,
  type Outcome,
  type Result,
  type Steps,
  script,
  sh,
  type Typed,
} from '../../src/module/module.ts';
import { packageResult, packageSteps, stateOf } from './package-manager.ts';
import { splitWords } from './split-words.ts';

export const PACMAN_OPTIONS = {
  update_cache: { type: 'boolean', default: false, doc: 'Fetch the repositories’ lists first.' },
  upgrade: { type: 'boolean', default: false, doc: 'Upgrade all packages.' },
  force: {
    type: 'boolean',
    default: false,
    doc: 'Remove without regard to dependencies; fetch lists even if they are new.',
  },
  remove_nosave: {
    type: 'boolean',
    default: false,
    doc: 'Remove without keeping copies of changed configuration files.',
  },
  extra_args: { type: 'string', doc: 'More arguments for installing and removing.' },
  update_cache_extra_args: { type: 'string', doc: 'More arguments for fetching the lists.' },
  upgrade_extra_args: { type: 'string', doc: 'More arguments for upgrading.' },
  executable: { type: 'string', default: 'pacman', doc: 'Another program with the same arguments, such as paru.' },
} as const satisfies Args;

export const PACMAN_STATES = ['present', 'installed', 'latest', 'absent', 'removed'] as const;

export const PACMAN_UNSUPPORTED = {
  reason: 'use the command pacman -D',
  reason_for: 'use the command pacman -D',
} as const;

export interface PacmanRequest extends Typed<typeof PACMAN_OPTIONS> {
  readonly names: readonly string[];
  readonly state: (typeof PACMAN_STATES)[number];
}

/** A name may be a package, a group of packages, or a file. */
const SETUP = script(`pac_is() {
  case $1 in
    */* | *.pkg.tar*) set -- "$(pacman -Qp "$1" | cut -d ' ' -f 1)";;
  esac
  pacman -Q "$1" && return 0
  pac_g=$(pacman -Sgq "$1" 2>/dev/null); [ -n "$pac_g" ] && pacman -Q $pac_g
}
pac_new() {
  for pac_n in $pm_todo; do
    if ! pac_is "$pac_n" >/dev/null 2>&1 || pacman -Qu "$pac_n" >/dev/null 2>&1; then pac_todo="$pac_todo $pac_n"; fi
  done
}
pac_install() {
  pac_files= pac_names=
  for pac_n in $pm_todo; do case $pac_n in
    */* | *.pkg.tar*) pac_files="$pac_files $pac_n";;
    *) pac_names="$pac_names $pac_n";;
  esac; done
  if [ -n "$pac_names" ]; then $pac_exe -S "$@" $pac_names || return; fi
  if [ -n "$pac_files" ]; then $pac_exe -U "$@" $pac_files; fi
}`);

export function pacmanSteps(request: PacmanRequest, context: Context): Steps {
  const { names, state, update_cache, upgrade, force, remove_nosave, executable } = request;
  const extra = splitWords(request.extra_args ?? '') ?? [];
  const flags = context.check ? ['--print-format', '%n %v', ...extra] : ['--noconfirm', '--noprogressbar', ...extra];
  const { check } = context;
  const removal = `-R${force ? 'dd' : ''}${remove_nosave ? 'n' : ''}`;
  const manager = {
    setup: sh`pac_todo= pac_exe=${executable}
${SETUP}`,
    installed: (name: string) => sh`pac_is ${name}`,
    refresh: check
      ? undefined
      : sh`$pac_exe ${[force ? '-Syy' : '-Sy', ...(splitWords(request.update_cache_extra_args ?? '') ?? [])]}`,
    install: sh`pac_install ${[...flags, '--needed']}`,
    latest: sh`pac_new; [ -z "$pac_todo" ] || { pm_todo=$pac_todo; pac_install ${[...flags, '--needed']}; }`,
    remove: sh`$pac_exe ${[removal, ...flags]} $pm_todo`,
    upgrade: check
      ? sh`$pac_exe -Qu || :`
      : sh`if $pac_exe -Qu >/dev/null 2>&1; then $pac_exe -Su --noconfirm --noprogressbar ${splitWords(request.upgrade_extra_args ?? '') ?? []}; fi`,
    // with nothing to do nothing is printed but that
    changed: ({ stdout }: { readonly stdout: string }) =>
      stdout.trim() !== '' && !/^ ?there is nothing to do$/m.test(stdout),
    complaint: LOST,
  };
  return packageSteps(manager, { names, state: stateOf(state), refresh: update_cache, upgrade }, context);
}

const LOST = '^error: (target not found: .*)$';

export function pacmanResult(outcome: Outcome, request: PacmanRequest): Result {
  const result = packageResult(outcome, (stdout, stderr) => {
    const lost = new RegExp(LOST, 'm').exec(`${stdout}\n${stderr}`)?.[1];
    return lost === undefined ? undefined : `Failed to install package(s): ${lost}`;
  });
  if (result.failed) return result;
  const only = request.names.length === 0 && !request.upgrade;
  return {
    ...result,
    changed: outcome.changed || (only && outcome.values['refreshed'] === true),
    packages: outcome.changed ? request.names : [],
  };
}
