/** What the apt module does, for `apt` and `package`: dpkg is asked first, apt-get runs only for what is missing. */

import {
  type Args,
  type Context,
  commandResult,
  join,
  type Outcome,
  type Plain,
  type Ran,
  type Result,
  read,
  run,
  Sh,
  type Step,
  type Steps,
  sh,
  type Typed,
  when,
} from '../../src/module/module.ts';
import { APT_SHELL } from './apt-shell.ts';
import { refusal, refuse } from './refuse.ts';

/** All that the apt module takes but the names and the state. */
export const APT_OPTIONS = {
  update_cache: {
    type: 'boolean',
    alias: ['update-cache'],
    doc: 'Fetch the package lists first. Not given: only where the host has none and something must be installed.',
  },
  update_cache_retries: { type: 'int', default: 5, doc: 'How often fetching the lists is tried.' },
  update_cache_retry_max_delay: { type: 'int', default: 12, doc: 'Seconds at most between two tries.' },
  cache_valid_time: { type: 'int', default: 0, doc: 'Fetch the lists only when they are older than so many seconds.' },
  purge: { type: 'boolean', default: false, doc: 'Remove configuration files too.' },
  deb: { type: 'path', doc: 'A .deb file on the host, or the URL of one.' },
  default_release: { type: 'string', alias: ['default-release'], doc: 'The release that versions come from.' },
  install_recommends: {
    type: 'boolean',
    alias: ['install-recommends'],
    doc: 'Install recommended packages; default: as apt is configured.',
  },
  force: { type: 'boolean', default: false, doc: 'apt-get’s --force-yes: dangerous.' },
  upgrade: { type: 'enum', of: ['dist', 'full', 'no', 'safe', 'yes'], default: 'no', doc: 'Upgrade all packages.' },
  dpkg_options: {
    type: 'string',
    default: 'force-confdef,force-confold',
    doc: 'Options of dpkg, with commas between them.',
  },
  autoremove: { type: 'boolean', default: false, doc: 'Remove packages that nothing depends on any more.' },
  autoclean: { type: 'boolean', default: false, doc: 'Remove package files that cannot be downloaded any more.' },
  fail_on_autoremove: { type: 'boolean', default: false, doc: 'Fail where a package would be removed.' },
  policy_rc_d: { type: 'int', doc: 'The exit code of policy-rc.d meanwhile: 101 keeps services from being started.' },
  only_upgrade: { type: 'boolean', default: false, doc: 'Only upgrade what is installed.' },
  force_apt_get: { type: 'boolean', default: false, doc: 'Use apt-get, not aptitude. It is always used.' },
  clean: { type: 'boolean', default: false, doc: 'Remove all downloaded package files.' },
  allow_unauthenticated: {
    type: 'boolean',
    default: false,
    alias: ['allow-unauthenticated'],
    doc: 'Do not ask for signatures.',
  },
  allow_downgrade: {
    type: 'boolean',
    default: false,
    alias: ['allow-downgrade', 'allow_downgrades', 'allow-downgrades'],
    doc: 'Allow an older version than the one that is installed.',
  },
  allow_change_held_packages: { type: 'boolean', default: false, doc: 'Change packages that are on hold.' },
  lock_timeout: { type: 'int', default: 60, doc: 'Seconds to wait for another apt or dpkg to end.' },
} as const satisfies Args;

export type AptState = 'absent' | 'build-dep' | 'fixed' | 'latest' | 'present';

export interface AptRequest extends Typed<typeof APT_OPTIONS> {
  readonly names: readonly string[];
  readonly state: AptState;
}

interface Spec {
  readonly name: string;
  /** '', '=' or '>='. */
  readonly op: string;
  readonly version: string;
}

/** Steps, or what is wrong with the names. */
export function aptSteps(request: AptRequest, { check }: Context): Steps | Result {
  const names = request.names.map((name) => name.trim()).filter((name) => name !== '*');
  const everything = request.names.length > names.length && request.state === 'latest';
  const wrong = wrongNames(names, everything, request);
  if (wrong) return { failed: true, msg: wrong };
  const specs = names.map(parseSpec);
  const upgrade = request.upgrade !== 'no' ? request.upgrade : everything ? 'yes' : undefined;
  return [
    lookAround(request, specs, check),
    request.clean && operation('clean', sh`apt-get ${check ? [] : ['clean']}`, sh``, () => true),
    when(sh`[ -n "$apt_stale" ]`, [fetchLists()]),
    upgrade && upgradeAll(request, upgrade, check),
    ...(request.deb === undefined || upgrade ? [] : debSteps(request, request.deb, check)),
    ...(upgrade ? [] : packageSteps(request, specs, check)),
    ...(names.length > 0 || upgrade ? [] : cleanups(request, check)),
  ];
}

function wrongNames(names: readonly string[], everything: boolean, { deb, state }: AptRequest): string | undefined {
  if (deb !== undefined && state !== 'present') return 'deb only supports state=present';
  if (everything && names.length > 0)
    return 'unable to install additional packages when upgrading all installed packages';
  const odd = names.find((name) => name.split('=').length > 2);
  if (odd) return `invalid package spec: ${odd}`;
  const blank = names.find((name) => /\s/.test(name));
  return blank && `No package matching '${blank}' is available`;
}

function parseSpec(text: string): Spec {
  const [, name = text, op = '', version = ''] = /^(.*?)(>?=)(.*)$/s.exec(text) ?? [];
  return { name, op, version };
}

function isPattern({ name }: Spec): boolean {
  return /[*?[\]!]/.test(name);
}

/** Asks dpkg for the packages by name, and finds out whether the lists must be fetched. */
function lookAround(request: AptRequest, specs: readonly Spec[], check: boolean): Step {
  const plain = specs.filter((spec) => !isPattern(spec));
  const needs = plain.map(({ name, op, version }) => {
    const test = request.state === 'latest' ? sh`false` : sh`apt_is ${name} ${op} ${version}`;
    return sh`${test} || apt_need="$apt_need "${name}`;
  });
  const wanted = request.update_cache || request.cache_valid_time > 0;
  const stale = !wanted
    ? missingLists(request)
    : request.cache_valid_time === 0
      ? sh`apt_stale=1`
      : sh`apt_stamp; [ $((apt_stamp + ${request.cache_valid_time})) -ge "$(date +%s)" ] || apt_stale=1`;
  const looks = [
    APT_SHELL,
    sh`apt_wait=${request.lock_timeout} apt_retries=${request.update_cache_retries}`,
    sh`apt_delay=${request.update_cache_retry_max_delay} apt_check=${check ? 1 : ''}`,
    specs.some(({ name }) => name.includes(':')) ? sh`apt_native=$(dpkg --print-architecture)` : sh`:`,
    plain.length > 0 ? sh`apt_query ${plain.map(({ name }) => name)}` : sh`apt_q=`,
    ...needs,
    stale,
    sh`apt_stamp; v="$apt_stamp $apt_stale"`,
  ];
  const told = ({ stdout }: Ran) => {
    const [before = '0', fetched] = stdout.split(' ');
    return { lists_before: Number(before), lists_stale: fetched === '1' };
  };
  return read(join(looks, '\n'), told, { assigns: true });
}

/** As Ansible does on a host that has no Python bindings of apt yet, unless it was told not to. */
function missingLists({ update_cache, state }: AptRequest): Sh {
  if (update_cache !== undefined || state === 'absent') return sh`:`;
  return sh`[ -z "$apt_need" ] || apt_lists || apt_stale=1`;
}

function fetchLists(): Step {
  return run(sh`apt_update; r=$?; apt_stamp; printf '\n%s' "$apt_stamp"; exit "$r"`, {
    changed: false,
    result: ({ rc, stdout, stderr }) =>
      rc === 0
        ? { lists_after: Number(stdout.slice(stdout.lastIndexOf('\n') + 1)) }
        : { refused: `Failed to update apt cache: ${stderr.trim() || 'unknown reason'}` },
  });
}

const NOTHING = '\n0 upgraded, 0 newly installed';

/** An apt-get command that is the main thing; its output is the result's. */
function operation(name: string, command: Sh, prepare: Sh, changed: (ran: Ran) => boolean): Step {
  return run(sh`${prepare}set -f; apt_try ${command}`, {
    harmless: true,
    changed,
    result: (ran) => ({ operation: name, ...commandResult(ran), full: ran.stdout }),
  });
}

function prepare({ policy_rc_d }: AptRequest, check: boolean): Sh {
  return policy_rc_d === undefined || check ? sh`` : sh`apt_policy_rc ${policy_rc_d}; `;
}

function options(request: AptRequest, check: boolean): Sh {
  const dpkg = request.dpkg_options.split(',').filter(Boolean);
  const words = [
    ...dpkg.flatMap((option) => ['-o', `Dpkg::Options::=--${option}`]),
    ...['-o', `DPkg::Lock::Timeout=${request.lock_timeout}`],
    request.force && '--force-yes',
    check && '--simulate',
  ];
  return sh`-y ${words.filter((word) => word !== false)}`;
}

function sources(request: AptRequest): readonly string[] {
  const { default_release: release, install_recommends: recommends } = request;
  const words = [
    request.autoremove && '--auto-remove',
    request.fail_on_autoremove && '--no-remove',
    request.only_upgrade && '--only-upgrade',
    recommends !== undefined && `-oAPT::Install-Recommends=${recommends ? 'yes' : 'no'}`,
    request.allow_unauthenticated && '--allow-unauthenticated',
    request.allow_downgrade && '--allow-downgrades',
    request.allow_change_held_packages && '--allow-change-held-packages',
    ...(release === undefined ? [] : ['-t', release]),
  ];
  return words.filter((word) => word !== false);
}

function upgradeAll(request: AptRequest, mode: string, check: boolean): Step {
  const verb = mode === 'dist' || mode === 'full' ? ['dist-upgrade'] : ['upgrade', '--with-new-pkgs'];
  const command = sh`apt-get ${options(request, check)} ${[...sources(request), ...verb]}`;
  return operation('upgrade', command, prepare(request, check), ({ stdout }) => !stdout.includes(NOTHING));
}

function packageSteps(request: AptRequest, specs: readonly Spec[], check: boolean): Steps {
  if (request.state === 'absent') return specs.length > 0 ? removal(request, specs, check) : [];
  if (request.state === 'build-dep') {
    const names = specs.map(({ name, op, version }) => `${name}${op}${version}`);
    const command = sh`apt-get ${options(request, check)} ${sources(request)} build-dep ${names}`;
    const step = operation('build-dep', command, prepare(request, check), ({ stdout }) => !stdout.includes(NOTHING));
    return specs.length > 0 ? [step] : [];
  }
  if (specs.length === 0 && request.state !== 'fixed') return [];
  const fixing = request.state === 'fixed';
  const command = sh`apt-get ${options(request, check)} ${fixing ? ['--fix-broken'] : []} ${sources(request)} install $apt_todo`;
  const judge = ({ stdout }: Ran) => !fixing || !stdout.includes(NOTHING);
  const install = operation('install', command, prepare(request, check), judge);
  const foretold = run(sh`:`, { harmless: true, changed: true, result: () => ({}) });
  return [
    read(choice(request, specs), ({ stdout }) => ({ todo: stdout.trim() }), { assigns: true }),
    refuse(sh`$apt_wrong`),
    // without lists nothing can be simulated
    when(fixing ? sh`:` : sh`[ -n "$apt_todo" ]`, [check ? when(sh`apt_lists`, [install], [foretold]) : install]),
    !check && specs.length > 0 && when(sh`[ -n "$(apt_automatic $apt_names)" ]`, [markManual()]),
  ];
}

/** Shell that sets apt_todo, apt_names and apt_wrong. */
function choice(request: AptRequest, specs: readonly Spec[]): Sh {
  const mode = request.state === 'latest' ? 'latest' : request.only_upgrade ? 'upgrade' : 'present';
  const plain = specs.filter((spec) => !isPattern(spec));
  const release = request.default_release;
  const from = release === undefined ? [] : ['-o', `APT::Default-Release=${release}`];
  return join(
    [
      expansion(specs),
      sh`apt_names=${plain.map(({ name }) => name).join(' ')}" $apt_all"`,
      sh`if [ -n "$apt_need$apt_all" ]; then apt_p=$(apt-cache ${from} policy $apt_need $apt_all 2>/dev/null); fi`,
      ...plain.map(({ name, op, version }) => sh`apt_choose ${name} ${op} ${version} ${mode}`),
      sh`for apt_g in $apt_all; do apt_choose "$apt_g" '' '' ${mode}; done; v=$apt_todo`,
    ],
    '\n',
  );
}

/** Shell that sets apt_all to the packages that patterns mean. */
function expansion(specs: readonly Spec[]): Sh {
  const patterns = specs.filter(isPattern).map(({ name }) => sh`apt_expand ${name}; apt_all="$apt_all $apt_globbed"`);
  if (patterns.length === 0) return sh`apt_all=`;
  const plain = specs.filter((spec) => !isPattern(spec)).map(({ name }) => name);
  return join([sh`apt_all=`, ...patterns, sh`apt_query ${plain} $apt_all`], '\n');
}

/** Packages that came as dependencies count as wanted from now on, so that autoremove keeps them. */
function markManual(): Step {
  return run(sh`apt-mark manual $(apt_automatic $apt_names)`, { changed: false, result: () => ({}) });
}

function removal(request: AptRequest, specs: readonly Spec[], check: boolean): Steps {
  const purge = request.purge ? ['--purge'] : [];
  const plain = specs.filter((spec) => !isPattern(spec));
  const left = request.purge
    ? sh`[ "$apt_state" = config-files ] && [ -s "/var/lib/dpkg/info/$apt_n.list" ]`
    : sh`false`;
  const take = (name: Sh, op: string, version: string) =>
    sh`if apt_is ${name} ${op} ${version} || { ${left}; }; then apt_todo="$apt_todo "${name}; fi`;
  const find = [
    expansion(specs),
    ...plain.map(({ name, op, version }) => take(sh`${name}`, op, version)),
    sh`for apt_g in $apt_all; do ${take(sh`"$apt_g"`, '', '')}; done; v=$apt_todo`,
  ];
  const remove = request.autoremove ? ['--auto-remove', 'remove'] : ['remove'];
  const command = sh`apt-get -q ${options(request, check)} ${[...purge, ...remove]} $apt_todo`;
  return [
    read(join(find, '\n'), ({ stdout }) => ({ todo: stdout.trim() }), { assigns: true }),
    refuse(sh`$apt_wrong`),
    when(sh`[ -n "$apt_todo" ]`, [operation('remove', command, prepare(request, check), () => true)]),
  ];
}

/** Installs package files whose version is not installed yet; apt-get fetches what they depend on. */
function debSteps(request: AptRequest, deb: string, check: boolean): Steps {
  const files = deb.includes('://') ? [deb] : deb.split(',').map((file) => file.trim());
  const fetched = new Sh('"/var/cache/apt/archives/playbake-$$.deb"');
  const look = files.map((file) => {
    if (!file.includes('://')) return sh`apt_deb ${file}`;
    const fetch = sh`/usr/lib/apt/apt-helper download-file ${file} ${fetched} >/dev/null 2>&1`;
    return sh`if ${fetch}; then apt_deb ${fetched}; else apt_wrong="Failure downloading "${file}; fi`;
  });
  const command = sh`apt-get ${options(request, check)} ${sources(request)} install $apt_todo`;
  const tidy = sh`r=$?; rm -f ${fetched}; exit "$r"`;
  return [
    read(join(look, '\n'), () => ({})),
    refuse(sh`$apt_wrong`),
    when(sh`[ -n "$apt_todo" ]`, [operation('deb', sh`${command}; ${tidy}`, prepare(request, check), () => true)]),
  ];
}

function cleanups(request: AptRequest, check: boolean): Steps {
  const purge = request.purge ? ['--purge'] : [];
  const step = (name: string, sign: string) =>
    operation(name, sh`apt-get ${options(request, check)} ${[...purge, name]}`, prepare(request, check), ({ stdout }) =>
      stdout.includes(sign),
    );
  return [
    request.autoclean && step('autoclean', 'Del '),
    request.autoremove && step('autoremove', 'The following packages will be REMOVED'),
  ];
}

export function aptResult(outcome: Outcome, request: AptRequest, { check, diff }: Context): Result {
  const { values } = outcome;
  const { operation: name, full, rc, stdout, stderr } = values;
  const ran = name === undefined ? {} : { stdout: stdout ?? '', stderr: stderr ?? '' };
  const lines =
    name === undefined
      ? {}
      : { stdout_lines: values['stdout_lines'] ?? [], stderr_lines: values['stderr_lines'] ?? [] };
  const refused = refusal(outcome);
  if (outcome.failed && (refused !== undefined || name === undefined))
    return { failed: true, msg: refused ?? 'apt failed' };
  if (outcome.failed) {
    const command = `apt-get ${name}${values['todo'] ? ` ${values['todo']}` : ''}`;
    return { failed: true, msg: `'${command}' failed: ${stderr}`, rc: rc ?? 1, ...ran, ...lines };
  }
  const after = values['lists_after'] ?? values['lists_before'] ?? 0;
  const updated = values['lists_stale'] === true && (check || after !== values['lists_before']);
  const cache: { [key: string]: Plain } =
    request.state === 'absent' ? {} : { cache_updated: updated, cache_update_time: after };
  const only = request.names.length === 0 && request.deb === undefined && request.upgrade === 'no';
  const prepared = diff && outcome.changed && typeof full === 'string' ? { diff: { prepared: whatItDoes(full) } } : {};
  const msg = name === 'upgrade' || name === 'clean' ? { msg: stdout ?? '' } : {};
  return { changed: outcome.changed || (only && updated), ...ran, ...lines, ...msg, ...cache, ...prepared };
}

/** The part of apt-get's output that tells what it does. */
function whatItDoes(output: string): string {
  const lines = output.split('\n');
  const start = lines.indexOf('Reading state information...') + 1;
  const end = lines.findIndex((line) => /^[0-9]+ (packages )?upgraded/.test(line));
  return lines.slice(start, end < 0 ? lines.length : end + 1).join('\n');
}
