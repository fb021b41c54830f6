/** Alpine’s apk. */

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

export const APK_OPTIONS = {
  update_cache: { type: 'boolean', default: false, doc: 'Fetch the repositories’ lists first.' },
  upgrade: { type: 'boolean', default: false, doc: 'Upgrade all packages.' },
  available: { type: 'boolean', default: false, doc: 'With upgrade: take the versions that the repositories have.' },
  repository: { type: 'list', default: [], doc: 'Repositories to use instead of those of the host.' },
  no_cache: { type: 'boolean', default: false, doc: 'Do not cache the lists.' },
  world: { type: 'string', default: '/etc/apk/world', doc: 'The file of the packages that were asked for.' },
} as const satisfies Args;

export const APK_STATES = ['present', 'installed', 'absent', 'removed', 'latest'] as const;

export interface ApkRequest extends Typed<typeof APK_OPTIONS> {
  readonly names: readonly string[];
  readonly state: (typeof APK_STATES)[number];
}

/** A name may have a version: `nginx=1.24`, `nginx>1.20`. Virtual packages are in the world file only. */
const SETUP = script(`apk_is() {
  case $1 in
    *[=~'<>']*) apk info -e "$1";;
    *) apk info -e "$1" || grep -qx -e "$1" "$apk_world" 2>/dev/null;;
  esac
}`);

export function apkSteps(request: ApkRequest, context: Context): Steps {
  const { names, state, update_cache, upgrade, available, repository, no_cache, world } = request;
  const flags = [
    ...repository.flatMap((url) => ['--repository', url, '--repositories-file', '/dev/null']),
    ...(no_cache ? ['--no-cache'] : []),
  ];
  const simulate = context.check ? ['--simulate'] : [];
  const manager = {
    setup: sh`apk_world=${world}
${SETUP}`,
    installed: (name: string) => sh`apk_is ${name}`,
    refresh: context.check ? undefined : sh`apk ${flags} update`,
    install: sh`apk ${flags} add ${simulate} $pm_todo`,
    latest: sh`apk ${flags} add --upgrade ${simulate} $pm_todo`,
    remove: sh`apk ${flags} del --purge ${simulate} $pm_todo`,
    upgrade: sh`apk ${flags} upgrade ${available ? ['--available'] : []} ${simulate}`,
    changed: ({ stdout }: { readonly stdout: string }) =>
      /(Installing|Upgrading|Downgrading|Replacing|Purging|Reinstalling) /.test(stdout),
    complaint: ERROR,
  };
  return packageSteps(manager, { names, state: stateOf(state), refresh: update_cache, upgrade }, context);
}

const ERROR = '^ERROR: ';

export function apkResult(outcome: Outcome, request: ApkRequest): Result {
  const result = packageResult(outcome, (stdout, stderr) => {
    if (!new RegExp(ERROR, 'm').test(`${stdout}\n${stderr}`)) return undefined;
    return `failed to install ${request.names.join(' ')}: ${(stderr || stdout).trim()}`;
  });
  const only = request.names.length === 0 && !request.upgrade;
  if (result.failed) return result;
  return { ...result, changed: outcome.changed || (only && outcome.values['refreshed'] === true) };
}
