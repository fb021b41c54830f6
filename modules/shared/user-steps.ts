/** The steps that make a user so: by useradd and usermod, by busybox's adduser where a user is made or removed. */

import {
  type Args,
  ensure,
  fail,
  type Ran,
  read,
  Sh,
  type Step,
  type Steps,
  script,
  set,
  sh,
  type Typed,
  when,
} from '../../src/module/module.ts';

export const USER_ARGS = {
  name: { type: 'string', required: true, alias: ['user'], doc: 'The user.' },
  state: { type: 'enum', of: ['present', 'absent'], default: 'present', doc: 'Whether it is to be there.' },
  uid: { type: 'int', doc: 'Its number.' },
  non_unique: { type: 'boolean', default: false, doc: 'Another user may have the same number; with uid.' },
  group: { type: 'string', doc: 'Its primary group.' },
  groups: { type: 'list', doc: 'Its other groups; an empty list: none.' },
  append: { type: 'boolean', default: false, doc: 'Add to `groups`, instead of setting exactly these.' },
  comment: { type: 'string', doc: 'Its description (GECOS).' },
  home: { type: 'path', doc: 'Its home directory.' },
  create_home: {
    type: 'boolean',
    default: true,
    alias: ['createhome'],
    doc: 'Make the home directory where there is none.',
  },
  move_home: { type: 'boolean', default: false, doc: 'Move the content of the old home to a new `home`.' },
  skeleton: { type: 'path', doc: 'What a new home is copied from; default: /etc/skel.' },
  shell: { type: 'path', doc: 'Its login shell.' },
  system: { type: 'boolean', default: false, doc: 'Make a system user (when it is made).' },
  password: { type: 'string', secret: true, doc: 'The encrypted password, as in /etc/shadow.' },
  update_password: { type: 'enum', of: ['always', 'on_create'], default: 'always', doc: 'When to set the password.' },
  password_lock: { type: 'boolean', doc: 'Lock or unlock the password.' },
  expires: { type: 'float', doc: 'When the account ends, in seconds since 1970; negative: never.' },
  remove: { type: 'boolean', default: false, doc: 'Remove its home and mail too; with state=absent.' },
  force: { type: 'boolean', default: false, doc: 'Remove it even when it is logged in; with state=absent.' },
  generate_ssh_key: { type: 'boolean', default: false, doc: 'Make an SSH key where there is none.' },
  ssh_key_bits: { type: 'int', doc: 'Size of the key; default: that of ssh-keygen.' },
  ssh_key_type: { type: 'string', default: 'rsa', doc: 'Kind of the key.' },
  ssh_key_file: { type: 'path', doc: 'Where the key is; a relative path is below the home. Default: .ssh/id_TYPE.' },
  ssh_key_comment: { type: 'string', doc: 'Comment of the key; default: ansible-generated on HOST.' },
  ssh_key_passphrase: { type: 'string', secret: true, doc: 'Passphrase of the key; default: none.' },
} as const satisfies Args;

type User = Typed<typeof USER_ARGS>;

export function userSteps(user: User): Steps {
  return [when(sh`${look(user)}; [ -n "$u" ]`, change(user), create(user)), ...sshKey(user), facts(user)];
}

export function remove({ name, remove: removing, force }: User): Steps {
  const flags = [...(force ? ['-f'] : []), ...(removing ? ['-r'] : [])];
  const quiet = removing ? ['--remove-home'] : [];
  return [
    ensure(
      sh`! getent passwd ${name} >/dev/null`,
      sh`if command -v userdel >/dev/null; then userdel ${flags} ${name} || { r=$?; [ $r -eq 12 ] || return $r; }; else deluser ${quiet} ${name}; fi`,
    ),
  ];
}

/** `u` is the user's line, empty where there is none and when it has changed since. */
function look({ name }: User): Sh {
  return sh`u=$(getent passwd ${name})`;
}

/** Leaves a field of the line in `v`. */
function inLine(user: User, number: number): Sh {
  const before = script('*:'.repeat(number - 1));
  return sh`[ -n "$u" ] || ${look(user)}; v=${script('${u#')}${before}${script('}; v=${v%%:*}')}`;
}

/** A field that is read without a process. */
function field(user: User, name: string, number: number, want: string, make: Sh): Step {
  return set(name, inLine(user, number), want, sh`{ ${make}; } && u=`, { assigns: true });
}

function printed({ name }: User, number: number): Sh {
  return sh`getent passwd ${name} | cut -d: -f${number}`;
}

function shadow({ name }: User, number: number): Sh {
  return sh`{ getent shadow ${name} || grep ${`^${name}:`} /etc/shadow; } 2>/dev/null | cut -d: -f${number}`;
}

function usermod({ name }: User, ...flags: readonly (string | number)[]): Sh {
  return sh`if command -v usermod >/dev/null; then usermod ${flags} ${name}; else ${fail('usermod is missing on the host: install the package shadow')}; fi`;
}

function change(user: User): Steps {
  const { uid, non_unique, group, comment, home, move_home, shell, expires, password_lock: lock } = user;
  const unique = non_unique ? ['-o'] : [];
  return [
    uid !== undefined && field(user, 'uid', 3, String(uid), usermod(user, '-u', uid, ...unique)),
    group !== undefined &&
      (/^\d+$/.test(group)
        ? field(user, 'group', 4, group, usermod(user, '-g', group))
        : set('group', sh`v=$(id -gn ${user.name})`, group, sh`{ ${usermod(user, '-g', group)}; } && u=`, {
            assigns: true,
          })),
    ...groupSteps(user),
    comment !== undefined && field(user, 'comment', 5, comment, usermod(user, '-c', comment)),
    home !== undefined && field(user, 'home', 6, home, usermod(user, '-d', home, ...(move_home ? ['-m'] : []))),
    shell !== undefined && field(user, 'shell', 7, shell, usermod(user, '-s', shell)),
    expires !== undefined && set('expires', shadow(user, 8), days(expires), usermod(user, '-e', date(expires))),
    user.update_password === 'always' && password(user),
    lock === true && ensure(sh`case $(${shadow(user, 2)}) in '!'*) ;; *) false;; esac`, usermod(user, '-L')),
    lock === false && ensure(sh`case $(${shadow(user, 2)}) in '!'*) false;; esac`, usermod(user, '-U')),
    user.create_home && homeStep(user),
  ];
}

/** Days since 1970, as /etc/shadow has them; nothing for never. */
function days(seconds: number): string {
  return seconds < 0 ? '' : String(Math.floor(seconds / 86400));
}

function date(seconds: number): string {
  return seconds < 0 ? '' : new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** The hash goes through a pipe of the shell itself: it stands in no process's arguments. */
function password(user: User) {
  const { name, password: hash } = user;
  if (hash === undefined) return undefined;
  const line = `${name}:${hash}`;
  return ensure(sh`p=$(${shadow(user, 2)}); [ "$p" = ${hash} ]`, sh`printf '%s\n' ${line} | chpasswd -e`);
}

/** The other groups, sorted, without the primary one. */
function current({ name }: User): Sh {
  const script =
    'p == $3 { next } { n = split($4, m, ","); for (i = 1; i <= n; i++) if (m[i] == u) { print $1; next } }';
  return sh`getent group | awk -F: -v u=${name} -v p="$(id -g ${name})" ${script} | sort | tr '\n' ',' | sed 's/,$//'`;
}

function groupSteps(user: User): Steps {
  const { groups, append } = user;
  if (groups === undefined) return [];
  const wanted = groups.map((group) => group.trim()).filter(Boolean);
  if (!append)
    return [set('groups', current(user), [...new Set(wanted)].sort().join(','), usermod(user, '-G', wanted.join(',')))];
  if (wanted.length === 0) return [];
  const has = wanted.map((group) => sh`case " $(id -Gn ${user.name}) " in *${` ${group} `}*) ;; *) false;; esac`.text);
  return [ensure(new Sh(has.join(' && ')), usermod(user, '-a', '-G', wanted.join(',')))];
}

function create(user: User): Steps {
  const { name, uid, non_unique, group, groups, comment, home, create_home, skeleton, shell, system, expires } = user;
  const flag = (letter: string, value: string | number | undefined) => (value === undefined ? [] : [letter, value]);
  const others = (groups ?? []).filter((one) => one.trim() !== '');
  const flags = [
    ...flag('-u', uid),
    ...(non_unique ? ['-o'] : []),
    ...flag('-g', group),
    ...(others.length > 0 ? ['-G', others.join(',')] : []),
    ...flag('-c', comment),
    ...flag('-d', home),
    ...flag('-s', shell),
    ...(expires === undefined ? [] : ['-e', date(expires)]),
    ...(create_home ? ['-m', ...flag('-k', skeleton)] : ['-M']),
    ...(system ? ['-r'] : []),
  ];
  const small = [
    '-D',
    ...flag('-u', uid),
    ...flag('-G', group),
    ...flag('-g', comment),
    ...flag('-h', home),
    ...flag('-s', shell),
    ...(create_home ? flag('-k', skeleton) : ['-H']),
    ...(system ? ['-S'] : []),
  ];
  // A group of the user's name that is there already must not be made again.
  const own = group === undefined ? sh`$(getent group ${name} >/dev/null && echo -N)` : sh``;
  const join = others.map((one) => sh` && addgroup ${name} ${one}`.text).join('');
  const make = sh`if command -v useradd >/dev/null; then useradd ${flags} ${own} ${name}; else adduser ${small} ${name}${new Sh(join)}; fi`;
  return [
    ensure(sh`false`, make),
    read(sh`:`, () => ({ made: true })),
    password(user),
    user.password_lock === true && ensure(sh`false`, usermod(user, '-L')),
  ];
}

/** A home that is missing for a user who is there. */
function homeStep(user: User) {
  const { name, home, skeleton } = user;
  const path = home === undefined ? sh`"$(${printed(user, 6)})"` : sh`${home}`;
  const from = skeleton ?? '/etc/skel';
  return ensure(
    sh`h=${path}; [ -e "$h" ]`,
    sh`h=${path}; mkdir -p -- "$h" && { [ ! -d ${from} ] || cp -R -- ${`${from}/.`} "$h"; } && chown -R -- ${`${name}:`} "$h" && chmod 0755 "$h"`,
  );
}

function sshKey(user: User): Steps {
  if (!user.generate_ssh_key) return [];
  const { name, ssh_key_type: type, ssh_key_bits: bits, ssh_key_comment: comment, ssh_key_passphrase: phrase } = user;
  const file = user.ssh_key_file ?? `.ssh/id_${type}`;
  const path = file.startsWith('/') ? sh`${file}` : sh`"$(${printed(user, 6)})"/${file}`;
  const label = comment === undefined ? sh`"ansible-generated on $(hostname)"` : sh`${comment}`;
  const make = sh`k=${path}; d=$(dirname "$k"); mkdir -p -m 700 -- "$d" && ssh-keygen -q -t ${type} ${bits === undefined ? [] : ['-b', bits]} -N ${phrase ?? ''} -C ${label} -f "$k" && chown -- ${`${name}:`} "$d" "$k" "$k.pub"`;
  const told = ({ stdout }: Ran) => {
    const [key_file = '', fingerprint = '', ...key] = stdout.split('\n');
    return key_file === ''
      ? {}
      : { ssh_key_file: key_file, ssh_fingerprint: fingerprint, ssh_public_key: key.join('\n').trim() };
  };
  return [
    ensure(sh`k=${path}; [ -f "$k" ]`, make),
    read(sh`k=${path}; [ -f "$k" ] || return 0; printf '%s\n' "$k"; ssh-keygen -l -f "$k"; cat "$k.pub"`, told),
  ];
}

/** What the host says of the user afterwards. */
function facts(user: User): Step {
  return read(
    sh`[ -n "$u" ] || ${look(user)}; v=$u`,
    ({ stdout }) => {
      const [, , uid, gid, comment = '', home = '', shell = ''] = stdout.trimEnd().split(':');
      return uid !== undefined ? { uid: Number(uid), group: Number(gid), comment, home, shell } : {};
    },
    { assigns: true },
  );
}
