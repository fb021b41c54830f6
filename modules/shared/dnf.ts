/** dnf and yum, which take the same words. */

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
import { type PackageState, packageResult, packageSteps, stateOf } from './package-manager.ts';

/** The program of each backend; automatically dnf where it is installed. */
const BACKENDS: { readonly [name: string]: string } = {
  yum: 'yum',
  yum4: 'dnf',
  dnf: 'dnf',
  dnf4: 'dnf',
  dnf5: 'dnf5',
};

export const DNF_OPTIONS = {
  use_backend: {
    type: 'enum',
    of: ['auto', 'yum', 'yum4', 'dnf', 'dnf4', 'dnf5'],
    default: 'auto',
    doc: 'Which program; by default dnf where it is installed, else yum.',
  },
  update_cache: {
    type: 'boolean',
    default: false,
    alias: ['expire-cache'],
    doc: 'Fetch the repositories’ lists anew.',
  },
  autoremove: { type: 'boolean', default: false, doc: 'Remove packages that nothing depends on any more.' },
  allow_downgrade: { type: 'boolean', default: false, doc: 'Allow an older version than the one that is installed.' },
  allowerasing: { type: 'boolean', default: false, doc: 'Allow to remove packages that are in the way; dnf only.' },
  nobest: { type: 'boolean', default: false, doc: 'Do not insist on the newest version; dnf only.' },
  bugfix: { type: 'boolean', default: false, doc: 'With latest: only updates that mend something.' },
  security: { type: 'boolean', default: false, doc: 'With latest: only updates for security.' },
  cacheonly: { type: 'boolean', default: false, doc: 'Use only what is cached.' },
  conf_file: { type: 'string', doc: 'Another configuration file.' },
  disable_excludes: { type: 'string', doc: 'Exclusions to disregard: all, main or a repository.' },
  disable_gpg_check: { type: 'boolean', default: false, doc: 'Do not check signatures.' },
  disable_plugin: { type: 'list', default: [], doc: 'Plugins to leave out.' },
  enable_plugin: { type: 'list', default: [], doc: 'Plugins to use.' },
  disablerepo: { type: 'list', default: [], doc: 'Repositories to leave out.' },
  enablerepo: { type: 'list', default: [], doc: 'Repositories to use too.' },
  download_only: { type: 'boolean', default: false, doc: 'Only download.' },
  download_dir: { type: 'string', doc: 'Where to download to.' },
  exclude: { type: 'list', default: [], doc: 'Packages to leave alone.' },
  installroot: { type: 'string', default: '/', doc: 'The root directory to install into.' },
  install_weak_deps: { type: 'boolean', default: true, doc: 'Install recommended packages too; dnf only.' },
  releasever: { type: 'string', doc: 'The release to take packages of.' },
  skip_broken: { type: 'boolean', default: false, doc: 'Leave out what cannot be installed.' },
  update_only: { type: 'boolean', default: false, doc: 'With latest: leave out what is not installed.' },
  validate_certs: { type: 'boolean', default: true, doc: 'Check the certificates of servers.' },
  sslverify: { type: 'boolean', default: true, doc: 'Check the certificates of servers.' },
  lock_timeout: { type: 'int', default: 30, doc: 'Seconds to wait for another dnf or yum to end.' },
} as const satisfies Args;

export const DNF_STATES = ['absent', 'installed', 'latest', 'present', 'removed'] as const;

export const DNF_UNSUPPORTED = {
  list: 'read `rpm -qa` with command, or gather package_facts',
  install_repoquery: 'it has no meaning any more in Ansible either',
} as const;

export interface DnfRequest extends Typed<typeof DNF_OPTIONS> {
  readonly names: readonly string[];
  readonly state: (typeof DNF_STATES)[number] | undefined;
}

/** Which program there is, and waiting for the lock of another one. */
const SETUP =
  script(`if [ -z "$pm_dnf" ]; then if command -v dnf >/dev/null 2>&1; then pm_dnf=dnf; else pm_dnf=yum; fi; fi
pm_wait() {
  pm_i=0
  while [ "$pm_i" -lt "$pm_lock" ] && pm_locked; do sleep 1; pm_i=$((pm_i + 1)); done
  if pm_locked; then echo "$pm_dnf lockfile is held by another process" >&2; return 1; fi
}
pm_locked() {
  for pm_f in /var/run/yum.pid /var/cache/dnf/*_lock.pid /var/lib/dnf/*_lock.pid; do
    if [ -s "$pm_f" ] && kill -0 "$(cat "$pm_f")" 2>/dev/null; then return 0; fi
  done
  return 1
}
pm_rpm() {
  case $1 in
    @* | '*') return 1;;
    *://*) return 1;;
    */*.rpm) rpm $pm_root -q "$(rpm -qp --qf '%{NAME}-%{VERSION}-%{RELEASE}.%{ARCH}' "$1")";;
    *) rpm $pm_root -q "$1" || rpm $pm_root -q --whatprovides "$1";;
  esac
}
pm_install() {
  "$pm_dnf" "$@" install $pm_todo || return
  if [ -n "$pm_older" ]; then
    for pm_n in $pm_todo; do pm_rpm "$pm_n" >/dev/null 2>&1 || "$pm_dnf" "$@" downgrade "$pm_n" || return; done
  fi
}`);

export function dnfSteps(request: DnfRequest, context: Context): Steps {
  const { names, installroot, lock_timeout, allow_downgrade, autoremove, update_cache } = request;
  const state = dnfState(request);
  const flags = [context.check ? '--assumeno' : '-y', ...options(request)];
  const packages = names.filter((name) => name !== '*');
  const only = [request.security && '--security', request.bugfix && '--bugfix'].filter((flag) => flag !== false);
  const manager = {
    setup: sh`pm_lock=${lock_timeout} pm_older=${allow_downgrade && !context.check ? 1 : ''}
pm_dnf=${BACKENDS[request.use_backend] ?? ''} pm_root=${installroot === '/' ? '' : `--root=${installroot}`}
${SETUP}`,
    installed: (name: string) => sh`pm_rpm ${name}`,
    refresh: sh`pm_wait && "$pm_dnf" -y ${options(request)} clean expire-cache && "$pm_dnf" -y ${options(request)} makecache`,
    install: sh`pm_wait && pm_install ${flags}`,
    latest: sh`pm_wait && { pm_new=; for pm_n in $pm_todo; do pm_rpm "$pm_n" >/dev/null 2>&1 || pm_new="$pm_new $pm_n"; done
if [ -n "$pm_new" ]; then pm_old=$pm_todo pm_todo=$pm_new; pm_install ${flags} || exit; pm_todo=$pm_old; fi
"$pm_dnf" ${[...flags, ...only]} upgrade $pm_todo; }`,
    remove: sh`pm_wait && "$pm_dnf" ${flags} ${autoremove ? 'autoremove' : 'remove'} $pm_todo`,
    upgrade:
      autoremove && state === 'absent'
        ? sh`pm_wait && "$pm_dnf" ${flags} autoremove`
        : sh`pm_wait && "$pm_dnf" ${[...flags, ...only]} upgrade`,
    changed: ({ stdout }: { readonly stdout: string }) =>
      /^(Transaction Summary|Installed|Upgraded|Removed|Downgraded|Reinstalled|Updated|Erasing)/m.test(stdout),
    complaint: state === 'absent' ? undefined : LOST,
  };
  const all = names.includes('*') && state === 'latest';
  return packageSteps(
    manager,
    {
      names: packages,
      state,
      refresh: update_cache,
      upgrade: all || (autoremove && names.length === 0),
      onlyInstalled: request.update_only,
    },
    context,
  );
}

function dnfState({ state, autoremove }: DnfRequest): PackageState {
  return stateOf(state ?? (autoremove ? 'absent' : 'present'));
}

function options(request: DnfRequest): readonly string[] {
  const { conf_file, disable_excludes, download_dir, installroot, releasever } = request;
  const words = [
    request.allowerasing && '--allowerasing',
    request.nobest && '--nobest',
    request.cacheonly && '--cacheonly',
    request.disable_gpg_check && '--nogpgcheck',
    request.skip_broken && '--skip-broken',
    request.download_only && '--downloadonly',
    !request.install_weak_deps && '--setopt=install_weak_deps=False',
    (!request.validate_certs || !request.sslverify) && '--setopt=sslverify=0',
    conf_file !== undefined && `--config=${conf_file}`,
    disable_excludes !== undefined && `--disableexcludes=${disable_excludes}`,
    download_dir !== undefined && `--downloaddir=${download_dir}`,
    installroot !== '/' && `--installroot=${installroot}`,
    releasever !== undefined && `--releasever=${releasever}`,
    ...request.disable_plugin.map((name) => `--disableplugin=${name}`),
    ...request.enable_plugin.map((name) => `--enableplugin=${name}`),
    ...request.disablerepo.map((name) => `--disablerepo=${name}`),
    ...request.enablerepo.map((name) => `--enablerepo=${name}`),
    ...request.exclude.map((name) => `--exclude=${name}`),
  ];
  return words.filter((word) => word !== false);
}

/** yum goes on with the packages that there are. */
const LOST = '^(No match for argument: |No package )([^ ]+)( available[.]?)?$';

export function dnfResult(outcome: Outcome, request: DnfRequest): Result {
  const result = packageResult(outcome, (stdout, stderr) => {
    const lines = `${stdout}\n${stderr}`.matchAll(new RegExp(LOST, 'gm'));
    const lost = [...lines].map(([, , name]) => `No package ${name} available.`);
    return lost.length > 0 && dnfState(request) !== 'absent' ? lost.join(' ') : undefined;
  });
  const stdout = typeof result['stdout'] === 'string' ? result['stdout'] : '';
  if (result.failed) return { ...result, msg: String(result.msg), results: [], failures: [String(result.msg)] };
  const only = request.names.length === 0 && request.update_cache && !request.autoremove;
  const msg = only ? 'Cache updated' : outcome.changed ? '' : 'Nothing to do';
  return { ...result, rc: 0, msg, results: changes(stdout) };
}

/** The packages under the headings at the end of the output: `Installed: nginx-1:1.20.1-14.el9.x86_64`. */
function changes(stdout: string): readonly string[] {
  const found: string[] = [];
  let heading: string | undefined;
  for (const line of stdout.split('\n')) {
    const head = /^(Installed|Upgraded|Removed|Downgraded|Reinstalled|Updated):$/.exec(line);
    if (head) heading = head[1];
    else if (heading && /^\s+\S/.test(line))
      found.push(
        ...line
          .trim()
          .split(/\s+/)
          .map((name) => `${heading}: ${name}`),
      );
    else heading = undefined;
  }
  return found;
}
