import {
  type Args,
  type Context,
  module,
  type Outcome,
  type Result,
  run,
  type Sh,
  type Step,
  type Steps,
  sh,
  type Typed,
  when,
} from '../src/module/module.ts';
import { APK_OPTIONS, type ApkRequest, apkResult, apkSteps } from './shared/apk.ts';
import { APT_OPTIONS, type AptRequest, aptResult, aptSteps } from './shared/apt.ts';
import { withDefaults } from './shared/defaults.ts';
import { DNF_OPTIONS, type DnfRequest, dnfResult, dnfSteps } from './shared/dnf.ts';
import { PACMAN_OPTIONS, type PacmanRequest, pacmanResult, pacmanSteps } from './shared/pacman.ts';
import { refusal } from './shared/refuse.ts';
import { ZYPPER_OPTIONS, type ZypperRequest, zypperResult, zypperSteps } from './shared/zypper.ts';

const STATES = ['present', 'installed', 'latest', 'absent', 'removed'] as const;

const ARGS = {
  name: {
    type: 'list',
    required: true,
    alias: ['pkg', 'package'],
    doc: 'Packages, by the names that the host’s manager has for them.',
  },
  state: { type: 'enum', of: STATES, default: 'present', doc: 'What must hold.' },
  use: {
    type: 'string',
    default: 'auto',
    doc: 'The package manager, if not the one that is found: apt, dnf, yum, apk, zypper, pacman.',
  },
  update_cache: { type: 'boolean', doc: 'Fetch the repositories’ lists first.' },
  cache_valid_time: { type: 'int', doc: 'Fetch the lists only when they are older than so many seconds; apt.' },
  purge: { type: 'boolean', doc: 'Remove configuration files too; apt.' },
  autoremove: { type: 'boolean', doc: 'Remove packages that nothing depends on any more; apt, dnf, yum.' },
  install_recommends: { type: 'boolean', doc: 'Install recommended packages; apt.' },
  default_release: { type: 'string', doc: 'The release that versions come from; apt.' },
  dpkg_options: { type: 'string', doc: 'Options of dpkg, with commas between them; apt.' },
  only_upgrade: { type: 'boolean', doc: 'Only upgrade what is installed; apt.' },
  policy_rc_d: { type: 'int', doc: 'The exit code of policy-rc.d meanwhile; apt.' },
  allow_unauthenticated: { type: 'boolean', doc: 'Do not ask for signatures; apt.' },
  allow_downgrade: { type: 'boolean', doc: 'Allow an older version than the one that is installed; apt, dnf, yum.' },
  lock_timeout: { type: 'int', doc: 'Seconds to wait for another package manager to end; apt, dnf, yum.' },
  force: { type: 'boolean', doc: 'As the host’s manager means it; apt, zypper, pacman.' },
  enablerepo: { type: 'list', doc: 'Repositories to use too; dnf, yum.' },
  disablerepo: { type: 'list', doc: 'Repositories to leave out; dnf, yum.' },
  disable_gpg_check: { type: 'boolean', doc: 'Do not check signatures; dnf, yum, zypper.' },
  disable_plugin: { type: 'list', doc: 'Plugins to leave out; dnf, yum.' },
  exclude: { type: 'list', doc: 'Packages to leave alone; dnf, yum.' },
  allowerasing: { type: 'boolean', doc: 'Allow to remove packages that are in the way; dnf.' },
  nobest: { type: 'boolean', doc: 'Do not insist on the newest version; dnf.' },
  security: { type: 'boolean', doc: 'With latest: only updates for security; dnf, yum.' },
  skip_broken: { type: 'boolean', doc: 'Leave out what cannot be installed; dnf, yum.' },
  oldpackage: { type: 'boolean', doc: 'Allow an older version than the one that is installed; zypper.' },
  extra_args: { type: 'string', doc: 'More arguments; zypper, pacman.' },
} as const satisfies Args;

type PackageArgs = Typed<typeof ARGS>;

interface Family {
  /** Whether the host has it. */
  readonly test: Sh;
  readonly options: Args;
  readonly steps: (args: PackageArgs, context: Context) => Steps | Result;
  readonly result: (outcome: Outcome, args: PackageArgs, context: Context) => Result;
}

const FAMILIES: { readonly [name: string]: Family } = {
  apt: {
    test: sh`[ -e /etc/debian_version ] && command -v apt-get`,
    options: APT_OPTIONS,
    steps: (args, context) => aptSteps(aptRequest(args), context),
    result: (outcome, args, context) => aptResult(outcome, aptRequest(args), context),
  },
  dnf: {
    test: sh`command -v dnf`,
    options: DNF_OPTIONS,
    steps: (args, context) => dnfSteps(dnfRequest(args), context),
    result: (outcome, args) => dnfResult(outcome, dnfRequest(args)),
  },
  yum: {
    test: sh`command -v yum`,
    options: DNF_OPTIONS,
    steps: (args, context) => dnfSteps(dnfRequest(args), context),
    result: (outcome, args) => dnfResult(outcome, dnfRequest(args)),
  },
  zypper: {
    test: sh`command -v zypper`,
    options: ZYPPER_OPTIONS,
    steps: (args, context) => zypperSteps(zypperRequest(args), context),
    result: (outcome, args) => zypperResult(outcome, zypperRequest(args)),
  },
  pacman: {
    test: sh`command -v pacman`,
    options: PACMAN_OPTIONS,
    steps: (args, context) => pacmanSteps(pacmanRequest(args), context),
    result: (outcome, args) => pacmanResult(outcome, pacmanRequest(args)),
  },
  apk: {
    test: sh`command -v apk`,
    options: APK_OPTIONS,
    steps: (args, context) => apkSteps(apkRequest(args), context),
    result: (outcome, args) => apkResult(outcome, apkRequest(args)),
  },
};

export default module({
  doc: 'Make sure that packages are installed, upgraded or removed, with whatever package manager the host has.',
  args: ARGS,
  examples: `
- package:
    name: [python3, "{{ web_server }}"]
    state: present
`,
  streams: true,
  plan(args, context): Steps | Result {
    const known = args.use === 'auto' ? context.facts['pkg_mgr'] : args.use;
    const family = typeof known === 'string' ? FAMILIES[known] : undefined;
    if (typeof known === 'string' && family) return branch(known, family, args, context);
    if (args.use !== 'auto') return { failed: true, msg: `Could not find a module for ${args.use}.` };
    const none = 'Could not detect which package manager to use. Try gathering facts or setting the "use" option.';
    return Object.entries(FAMILIES).reduceRight<Steps>(
      (otherwise, [name, one]) => [when(one.test, branch(name, one, args, context), otherwise)],
      [refused(none)],
    );
  },
  result(outcome, args, context): Result {
    const family = FAMILIES[String(outcome.values['manager'])];
    const manager = family?.result(outcome, args, context);
    return manager ?? { failed: true, msg: refusal(outcome) ?? 'no package manager was found' };
  },
});

function branch(name: string, family: Family, args: PackageArgs, context: Context): Steps {
  const mark = run(sh`:`, { harmless: true, changed: false, result: () => ({ manager: name }) });
  const strange = Object.entries(args).flatMap(([key, value]) => {
    const own = key === 'name' || key === 'state' || key === 'use' || key in family.options;
    return own || value === undefined ? [] : [key];
  });
  if (strange.length > 0) return [mark, refused(`Unsupported parameters for (${name}) module: ${strange.join(', ')}.`)];
  const steps = family.steps(args, context);
  return [mark, ...(isResult(steps) ? [refused(String(steps.msg))] : steps)];
}

function refused(message: string): Step {
  return run(sh`exit 1`, { harmless: true, result: () => ({ refused: message }) });
}

function isResult(steps: Steps | Result): steps is Result {
  return !Array.isArray(steps);
}

function plainState(state: PackageArgs['state']): 'present' | 'latest' | 'absent' {
  return state === 'installed' ? 'present' : state === 'removed' ? 'absent' : state;
}

function aptRequest(args: PackageArgs): AptRequest {
  return { ...withDefaults(APT_OPTIONS, args), names: args.name, state: plainState(args.state) };
}

function dnfRequest(args: PackageArgs): DnfRequest {
  return { ...withDefaults(DNF_OPTIONS, args), names: args.name, state: args.state };
}

function zypperRequest(args: PackageArgs): ZypperRequest {
  return { ...withDefaults(ZYPPER_OPTIONS, args), names: args.name, state: args.state };
}

function pacmanRequest(args: PackageArgs): PacmanRequest {
  return { ...withDefaults(PACMAN_OPTIONS, args), names: args.name, state: args.state };
}

function apkRequest(args: PackageArgs): ApkRequest {
  return { ...withDefaults(APK_OPTIONS, args), names: args.name, state: args.state };
}
