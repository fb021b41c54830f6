import { type Sh, script, sh } from '../../src/module/module.ts';
import { type Attributes, assign, exact, octal } from './attributes.ts';

const UP = script('case $d in */*) d=${d%/*};; *) d=;; esac');

/** Shell that makes a directory and what is missing above it; each new one gets the attributes. */
export function makeDirectory(target: Sh, attributes: Attributes): Sh {
  const { mode } = attributes;
  const octalMode = mode !== undefined && octal(mode) !== undefined;
  const option = octalMode ? ['-m', exact(mode)] : [];
  const rest = octalMode ? { ...attributes, mode: undefined } : attributes;
  return sh`set --; d=${target}
    while [ -n "$d" ] && [ ! -d "$d" ]; do
      set -- "$d" "$@"
      ${UP}
    done
    for d in "$@"; do mkdir ${option} -- "$d" && ${assign(sh`"$d"`, rest)} || return 1; done`;
}
