import { type Sh, script, sh } from '../../src/module/module.ts';
import { type Attributes, assign, exact, octal } from './attributes.ts';

const UP = script('case $d in */*) d=${d%/*};; *) d=;; esac');

/** Shell that makes a directory and what is missing above it; each new one gets the attributes. */
export function makeDirectory(target: Sh, attributes: Attributes): Sh {
  return sh`set --; d=${target}
    while [ -n "$d" ] && [ ! -d "$d" ]; do
      set -- "$d" "$@"
      ${UP}
    done
    for d in "$@"; do ${makeOne(attributes)} || return 1; done`;
}

const D = script('"$d"');

/** All at once where it can be; step by step where that fails, for the steps say what is wrong. */
function makeOne({ owner, group, mode }: Attributes): Sh {
  const made = sh`mkdir -- ${D} && ${assign(D, { owner, group, mode })}`;
  if (mode === undefined || octal(mode) === undefined) return made;
  const bits = exact(mode);
  if (!owner || !group) return sh`mkdir -m ${bits} -- ${D} && ${assign(D, { owner, group })}`;
  return sh`{ install -d -o ${owner} -g ${group} -m ${bits} -- ${D} 2>/dev/null || { { [ -d ${D} ] || mkdir -m ${bits} -- ${D}; } && ${assign(D, { owner, group })}; }; }`;
}
