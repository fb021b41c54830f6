import { type Sh, script, sh } from '../../src/module/module.ts';
import { type Attributes, assign } from './attributes.ts';

const UP = script('case $d in */*) d=${d%/*};; *) d=;; esac');

/** Shell that makes a directory and what is missing above it; each new one gets the attributes. */
export function makeDirectory(target: Sh, attributes: Attributes): Sh {
  return sh`set --; d=${target}
    while [ -n "$d" ] && [ ! -d "$d" ]; do
      set -- "$d" "$@"
      ${UP}
    done
    for d in "$@"; do mkdir -- "$d" && ${assign(sh`"$d"`, attributes)} || return 1; done`;
}
