/** Owner, group and permissions of a path on the host, as Ansible's file modules set them. */

import {
  type Args,
  ensure,
  type Plain,
  read,
  Sh,
  type Step,
  type Steps,
  set,
  sh,
  when,
} from '../../src/module/module.ts';
import { newMode } from './symbolic-mode.ts';

export interface Attributes {
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  readonly mode?: string | undefined;
}

export const ATTRIBUTE_ARGS = {
  owner: { type: 'string', doc: 'The user who owns it: a name or a number.' },
  group: { type: 'string', doc: 'The group that owns it: a name or a number.' },
  mode: { type: 'mode', doc: 'Permissions: "0644", or symbolic as in "u=rw,g=r,o=r".' },
} as const satisfies Args;

/** What Ansible's file modules have beyond them. */
export const NO_LABELS = {
  attributes: 'flags of chattr are not set',
  attr: 'flags of chattr are not set',
  seuser: 'SELinux labels are not set',
  serole: 'SELinux labels are not set',
  setype: 'SELinux labels are not set',
  selevel: 'SELinux labels are not set',
} as const;

/** Steps that set the attributes of one path that is there. A symbolic link itself has an owner, but no mode. */
export function attributes(target: Sh, { owner, group, mode }: Attributes): Steps {
  if (!owner && !group && !mode) return [];
  return [
    when(sh`${look(target)}; :`, [
      owner && set('owner', ownerOf(owner), owner, sh`${chown(target, owner)} && a=`, { assigns: true }),
      group &&
        set('group', isNumber(group) ? sh`v=$a_g` : sh`v=$a_G`, group, sh`${chgrp(target, group)} && a=`, {
          assigns: true,
        }),
      mode && permissions(target, mode),
    ]),
  ];
}

/**
 * One look for all of it: `a` holds number and name of owner and group, mode, size, links and type of the path `b`, and is
 * empty when they have changed since.
 */
function look(target: Sh): Sh {
  return sh`b=${target}; a=$(stat -c %u:%g:%a:%U:%G:%s:%h:%F -- "$b") || a=
    IFS=:; set -- $a; unset IFS; a_u=$1 a_g=$2 a_m=$3 a_U=$4 a_G=$5`;
}

/** Shell that sets the attributes whatever they are, for a path that was just made. */
export function assign(target: Sh, { owner, group, mode }: Attributes): Sh {
  const parts = [...assignOwners(target, owner, group), ...(mode ? [setMode(target, mode)] : [])];
  return parts.length === 0 ? sh`:` : new Sh(parts.map((part) => `{ ${part.text}; }`).join(' && '));
}

/** Both at once; when that fails one after the other, for they say which one it is. */
function assignOwners(target: Sh, owner: string | undefined, group: string | undefined): readonly Sh[] {
  const each = [...(owner ? [chown(target, owner)] : []), ...(group ? [chgrp(target, group)] : [])];
  if (!owner || !group || !/^[\w-]+$/.test(owner + group)) return each;
  const [one, other] = each.map((part) => part.text);
  return [
    new Sh(`${sh`chown -h -- ${`${owner}:${group}`} ${target} 2>/dev/null`.text} || { { ${one}; } && { ${other}; }; }`),
  ];
}

function isNumber(name: string): boolean {
  return /^\d+$/.test(name);
}

/** A name that means the same number counts as the one that was asked for. */
function ownerOf(owner: string): Sh {
  if (isNumber(owner)) return sh`v=$a_u`;
  return sh`v=$a_U; if [ "$v" != ${owner} ] && [ "$(id -u -- ${owner} 2>/dev/null)" = "$a_u" ]; then v=${owner}; fi`;
}

function chown(target: Sh, owner: string): Sh {
  if (isNumber(owner)) return sh`chown -h -- ${owner} ${target}`;
  const missing = `chown failed: failed to look up user ${owner}`;
  return sh`{ e=$(chown -h -- ${owner} ${target} 2>&1) || { if id -u -- ${owner} >/dev/null 2>&1; then echo "$e"; else echo ${missing}; fi; return 1; }; }`;
}

/** No command looks groups up on every system; `chgrp` itself says what it does not know. */
function chgrp(target: Sh, group: string): Sh {
  return sh`{ chgrp -h -- ${group} ${target} 2>/dev/null || { echo ${`chgrp failed: failed to look up group ${group}`}; return 1; }; }`;
}

function setMode(target: Sh, mode: string): Sh {
  if (octal(mode) !== undefined) return sh`chmod -- ${exact(mode)} ${target}`;
  return sh`${modeOf(target)}; ${newMode(mode)}; chmod -- "$(printf 0%04o "$n")" ${target}`;
}

function permissions(target: Sh, mode: string): Step {
  const wanted = octal(mode);
  if (wanted !== undefined) {
    // A change of the owner may have taken bits away.
    const have = sh`if [ -z "$a" ]; then ${look(target)}; fi
      if [ -L ${target} ]; then v=${wanted}; else case $a_m in ????*) v=$a_m;; ???) v=0$a_m;; ??) v=00$a_m;; *) v=000$a_m;; esac; fi`;
    return set('mode', have, wanted, sh`chmod -- ${exact(mode)} ${target} && a=`, { assigns: true });
  }
  const holds = sh`{ ${modeOf(target)}; ${newMode(mode)}; [ "$n" = "$m" ]; }`;
  return ensure(sh`[ -L ${target} ] || ${holds}`, sh`${setMode(target, mode)} && a=`);
}

/** What `newMode` starts from. */
function modeOf(target: Sh): Sh {
  return sh`m=$((0$(stat -c %a -- ${target}))) k=0; if [ -d ${target} ]; then k=1; fi`;
}

/** `0644` for every way to write an octal mode; undefined for symbolic ones. */
export function octal(mode: string): string | undefined {
  return /^(?:0o)?[0-7]+$/.test(mode)
    ? Number.parseInt(mode.replace(/^0o/, ''), 8).toString(8).padStart(4, '0')
    : undefined;
}

/** A leading zero too many makes `chmod` clear a directory's set-id bits, as Python's chmod does. */
export function exact(mode: string): string {
  const digits = octal(mode);
  return digits === undefined ? mode : `0${digits}`;
}

/**
 * Reads uid, gid, owner, group, mode, state and size of a path into the result, and the path itself under `as`.
 * Only the path where nothing is there (check mode, a link that leads nowhere).
 */
export function pathFacts(target: Sh, as: 'path' | 'dest'): Step {
  // `attributes` has looked already, after all changes.
  const stat = sh`[ -n "$a" ] && [ "$b" = ${target} ] && [ -e "$b" ] || { a=; if [ -e ${target} ]; then ${look(target)}; fi; }`;
  const told = sh`${stat}
    v=$a'
'${target}`;
  const parse = ({ stdout }: { readonly stdout: string }) => {
    const end = stdout.indexOf('\n');
    return { [as]: stdout.slice(end + 1), ...parseStat(stdout.slice(0, end)) };
  };
  return read(told, parse, { assigns: true });
}

function parseStat(line: string): { readonly [key: string]: Plain } {
  const [uid = '', gid = '', mode = '', owner = '', group = '', size = '', links = '', ...type] = line.split(':');
  if (line === '') return {};
  return {
    uid: Number(uid),
    gid: Number(gid),
    owner: owner === 'UNKNOWN' ? uid : owner,
    group: group === 'UNKNOWN' ? gid : group,
    mode: `0${mode.padStart(3, '0')}`,
    state: stateOf(type.join(':'), Number(links)),
    size: Number(size),
  };
}

function stateOf(type: string, links: number): string {
  if (type === 'symbolic link') return 'link';
  if (type === 'directory') return 'directory';
  return links > 1 ? 'hard' : 'file';
}
