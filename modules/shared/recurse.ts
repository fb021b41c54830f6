/** Owner, group and permissions of everything under a directory. */

import { ensure, Sh, type Step, type Steps, sh } from '../../src/module/module.ts';
import { type Attributes, exact, octal } from './attributes.ts';
import { newMode } from './symbolic-mode.ts';

/** With `follow` also what symbolic links in it lead to, as Ansible does it; the links themselves in any case. */
export function recurse(target: Sh, { owner, group, mode }: Attributes, follow: boolean): Steps {
  return [
    owner && each(target, follow, sh`! -user ${owner}`, sh`chown -h -- ${owner}`),
    group && each(target, follow, sh`! -group ${group}`, sh`chgrp -h -- ${group}`),
    mode && (octal(mode) === undefined ? symbolic(target, mode, follow) : numeric(target, mode, follow)),
  ];
}

/** What `find` cannot look for (a user who is not there) goes on to the command, which says so. */
function each(target: Sh, follow: boolean, differs: Sh, command: Sh): Step {
  const links = sh`find ${target} ${differs}`;
  const behind = sh`find -L ${target} ! -type l ${differs}`;
  const targets = new Sh(command.text.replace(' -h ', ' '));
  return ensure(
    nothing(follow ? sh`${links}; ${behind}` : links),
    sh`${links} -exec ${command} {} + ${follow ? sh`&& ${behind} -exec ${targets} {} +` : sh``}`,
  );
}

function nothing(search: Sh): Sh {
  return sh`[ -z "$({ ${search}; } 2>&1 | head -n 1)" ]`;
}

function numeric(target: Sh, mode: string, follow: boolean): Step {
  const search = sh`find ${follow ? sh`-L` : sh``} ${target} ! -type l ! -perm ${octal(mode) ?? mode}`;
  return ensure(nothing(search), sh`${search} -exec chmod -- ${exact(mode)} {} +`);
}

/** Whether it holds is worked out once for each kind of file (type and permissions), for these are few. */
function symbolic(target: Sh, mode: string, follow: boolean): Step {
  const stat = follow ? sh`stat -L -c %f --` : sh`stat -c %f --`;
  const search = sh`find ${follow ? sh`-L` : sh``} ${target} ! -type l`;
  const judge = sh`m=$((0x$f & 4095)) k=0; case $f in 4???) k=1;; esac; ${newMode(mode)}; [ "$n" = "$m" ]`;
  const change = sh`${stat} "$@" | while read -r f; do { ${judge}; } || chmod -- "$(printf 0%04o "$n")" "$1" || exit 1; shift; done`;
  return ensure(
    sh`for f in $(${search} -exec ${stat} {} + | sort -u); do { ${judge}; } || return 1; done`,
    sh`${search} -exec sh -c ${change.text} sh {} +`,
  );
}
