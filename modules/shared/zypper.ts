/** SUSE’s zypper. */

import {
  type Args,
  type Context,
  type Outcome,
  type Result,
  type Steps,
  sh,
  type Typed,
} from '../../src/module/module.ts';
import { packageResult, packageSteps, stateOf } from './package-manager.ts';
import { splitWords } from './split-words.ts';

export const ZYPPER_OPTIONS = {
  update_cache: { type: 'boolean', default: false, alias: ['refresh'], doc: 'Fetch the repositories’ lists first.' },
  type: {
    type: 'enum',
    of: ['package', 'patch', 'pattern', 'product', 'srcpackage', 'application'],
    default: 'package',
    doc: 'What the names are.',
  },
  disable_gpg_check: { type: 'boolean', default: false, doc: 'Do not check signatures.' },
  disable_recommends: { type: 'boolean', default: true, doc: 'Do not install recommended packages.' },
  force: { type: 'boolean', default: false, doc: 'Install again, also older versions and across vendors.' },
  force_resolution: { type: 'boolean', default: false, doc: 'Find a solution even where it removes packages.' },
  oldpackage: { type: 'boolean', default: false, doc: 'Allow an older version than the one that is installed.' },
  replacefiles: { type: 'boolean', default: false, doc: 'Install even where files of other packages are replaced.' },
  clean_deps: { type: 'boolean', default: false, doc: 'Remove what was only needed by a package too.' },
  allow_vendor_change: { type: 'boolean', default: false, doc: 'With dist-upgrade: allow another vendor.' },
  auto_import_keys: { type: 'boolean', default: false, doc: 'Trust new signing keys of repositories.' },
  extra_args: { type: 'string', doc: 'More arguments after the command.' },
  extra_args_precommand: { type: 'string', doc: 'More arguments before the command.' },
} as const satisfies Args;

export const ZYPPER_STATES = ['present', 'installed', 'latest', 'absent', 'removed', 'dist-upgrade'] as const;

export interface ZypperRequest extends Typed<typeof ZYPPER_OPTIONS> {
  readonly names: readonly string[];
  readonly state: (typeof ZYPPER_STATES)[number];
}

export function zypperSteps(request: ZypperRequest, context: Context): Steps {
  const { names, state, type, update_cache } = request;
  const zypper = sh`zypper --non-interactive ${before(request)}`;
  const flags = after(request, context.check);
  const kind = ['--type', type];
  const everything = names.includes('*');
  const distUpgrade = [...(request.allow_vendor_change ? ['--allow-vendor-change'] : [])];
  const manager = {
    installed: (name: string) =>
      type === 'package'
        ? sh`n=${name.replace(/^[+-]/, '')}; rpm -q "$n" || rpm -q --whatprovides "$n"`
        : sh`zypper --non-interactive search --match-exact --installed-only ${kind} ${name}`,
    refresh: context.check ? undefined : sh`${zypper} refresh`,
    install: sh`${zypper} install ${[...kind, ...flags]} -- $pm_todo`,
    latest: sh`${zypper} install ${[...kind, ...flags]} -- $pm_todo`,
    remove: sh`${zypper} remove ${[...kind, ...removal(request, context.check)]} -- $pm_todo`,
    upgrade:
      state === 'dist-upgrade'
        ? sh`${zypper} dist-upgrade ${[...flags, ...distUpgrade]}`
        : sh`${zypper} update ${flags}`,
    changed: ({ stdout }: { readonly stdout: string }) => /The following .*(is|are) going to be /.test(stdout),
    ok: [0, 100, 101, 102, 103, 106],
    complaint: state === 'absent' || state === 'removed' ? undefined : LOST,
  };
  const plain = state === 'dist-upgrade' ? [] : names.filter((name) => name !== '*');
  const wanted = state === 'dist-upgrade' ? 'latest' : stateOf(state);
  const upgrade = state === 'dist-upgrade' || (everything && state === 'latest');
  return packageSteps(manager, { names: plain, state: wanted, refresh: update_cache, upgrade }, context);
}

function before(request: ZypperRequest): readonly string[] {
  return [
    ...(request.disable_gpg_check ? ['--no-gpg-checks'] : []),
    ...(request.auto_import_keys ? ['--gpg-auto-import-keys'] : []),
    ...(splitWords(request.extra_args_precommand ?? '') ?? []),
  ];
}

function after(request: ZypperRequest, check: boolean): readonly string[] {
  const words = [
    '--auto-agree-with-licenses',
    request.disable_recommends && '--no-recommends',
    request.force && '--force',
    request.force_resolution && '--force-resolution',
    request.oldpackage && '--oldpackage',
    request.replacefiles && '--replacefiles',
    check && '--dry-run',
    ...(splitWords(request.extra_args ?? '') ?? []),
  ];
  return words.filter((word) => word !== false);
}

function removal(request: ZypperRequest, check: boolean): readonly string[] {
  return [...(request.clean_deps ? ['--clean-deps'] : []), ...(check ? ['--dry-run'] : [])];
}

const LOST = "^(No provider of '.*' found[.]|Package '.*' not found[.]|'.*' not found in package names.*)$";

export function zypperResult(outcome: Outcome, request: ZypperRequest): Result {
  const result = packageResult(outcome, (stdout, stderr) => {
    if (request.state === 'absent' || request.state === 'removed') return undefined;
    return new RegExp(LOST, 'm').exec(`${stdout}\n${stderr}`)?.[1];
  });
  return { ...result, name: request.names, state: request.state };
}
