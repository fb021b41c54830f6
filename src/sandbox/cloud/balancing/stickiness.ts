/** Cookies by which a client meets the same group, and the same target, again. They hold what they mean: they outlive the server. */

import { type ForwardAction, type TargetGroupRecord, type TargetRecord, targetKey } from './balancing-records.ts';
import { settingOf } from './target-choice.ts';

const TARGET = 'AWSALB';
const APPLICATION = 'AWSALBAPP-0';
const GROUP = 'AWSALBTG';

/** The key of the target that the client's cookie names. */
export function stickyTarget(group: TargetGroupRecord, cookies: string | undefined): string | undefined {
  if (settingOf(group, 'stickiness.enabled') !== 'true') return undefined;
  const name = settingOf(group, 'stickiness.type') === 'app_cookie' ? APPLICATION : TARGET;
  const [of, key] = read(cookies, name);
  return of === shortOf(group.id) ? key : undefined;
}

/** The group that the client's cookie names. */
export function stickyGroup({ stickySeconds, groups }: ForwardAction, cookies: string | undefined): string | undefined {
  if (stickySeconds === undefined) return undefined;
  const [short] = read(cookies, GROUP);
  return groups.find(({ group }) => shortOf(group) === short)?.group;
}

export interface Met {
  readonly action: ForwardAction;
  readonly group: TargetGroupRecord;
  readonly target: TargetRecord;
  /** The names of the cookies that the target's answer sets. */
  readonly sets: readonly string[];
}

/** The values of Set-Cookie that an answer needs. `now` is in milliseconds since 1970. */
export function stickyCookies({ action, group, target, sets }: Met, now = Date.now()): readonly string[] {
  const made: string[] = [];
  if (settingOf(group, 'stickiness.enabled') === 'true') {
    const value = write(shortOf(group.id), targetKey(target));
    const byApplication = settingOf(group, 'stickiness.type') === 'app_cookie';
    const seconds = Number(settingOf(group, `stickiness.${byApplication ? 'app' : 'lb'}_cookie.duration_seconds`));
    if (!byApplication) made.push(cookie(TARGET, value, now + seconds * 1000));
    else if (sets.includes(settingOf(group, 'stickiness.app_cookie.cookie_name'))) {
      made.push(cookie(APPLICATION, value, now + seconds * 1000));
    }
  }
  if (action.stickySeconds !== undefined) {
    made.push(cookie(GROUP, write(shortOf(group.id)), now + action.stickySeconds * 1000));
  }
  return made;
}

function cookie(name: string, value: string, expires: number): string {
  return `${name}=${value}; Expires=${new Date(expires).toUTCString()}; Path=/`;
}

function shortOf(group: string): string {
  return group.slice(-16);
}

function write(...parts: readonly string[]): string {
  return Buffer.from(parts.join(' ')).toString('base64url');
}

function read(cookies = '', name: string): readonly string[] {
  const found = cookies.split(/; */).find((one) => one.startsWith(`${name}=`));
  if (found === undefined) return [];
  return Buffer.from(found.slice(name.length + 1), 'base64url')
    .toString()
    .split(' ');
}
