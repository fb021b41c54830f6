/** Symbolic and hard links as the file module makes them. */

import { ensure, fail, type Sh, type Steps, script, set, sh, when } from '../../src/module/module.ts';

interface Link {
  readonly path: string;
  readonly src: string;
  readonly force: boolean;
}

/** Where a relative `src` leads from: the directory that the link is in. */
const ABSOLUTE = script(
  'case $s in /*) a=$s;; *) if [ -d "$p" ] && [ ! -L "$p" ]; then a=$p/$s; else a=${p%/*}; [ "$a" = "$p" ] && a=.; a=$a/$s; fi;; esac',
);

/** Renames `$t` over `$p`; a link to a directory must not be taken for the directory. */
const PUT_IN_PLACE = script(
  `if [ -d "$p" ] && [ ! -L "$p" ]; then rmdir -- "$p" || { rm -f -- "$t"; return 1; }; fi
  mv -fT -- "$t" "$p" 2>/dev/null || { rm -f -- "$p" && mv -f -- "$t" "$p"; } || { rm -f -- "$t"; return 1; }`,
);

/** `$p` is the path, `$s` the source. */
export function symbolicLink({ path, src, force }: Link): Steps {
  const missing = `src file does not exist, use "force=yes" if you really want to create the link: ${src.startsWith('/') ? src : path.replace(/[^/]*$/, src)}`;
  const refused = (kind: string) => `refusing to convert from ${kind} to symlink for ${path}`;
  return [
    !force && ensure(sh`s=${src}; ${ABSOLUTE}; [ -e "$a" ]`, fail(missing)),
    !force && ensure(sh`[ -L "$p" ] || [ ! -d "$p" ]`, fail(refused('directory'))),
    !force && ensure(sh`[ -L "$p" ] || [ ! -e "$p" ]`, fail(refused('file'))),
    force &&
      ensure(
        sh`[ -L "$p" ] || [ ! -d "$p" ] || [ -z "$(ls -A -- "$p")" ]`,
        fail(`the directory ${path} is not empty, refusing to convert it`),
      ),
    set('src', sh`if [ -L "$p" ]; then v=$(readlink -- "$p"); fi`, src, makeLink(src), { assigns: true }),
  ];
}

/** Where nothing is, nothing must be replaced. */
function makeLink(src: string): Sh {
  return sh`if [ ! -L "$p" ] && [ ! -e "$p" ]; then ln -s -- ${src} "$p"; else t=$p.pb-$$; ln -s -- ${src} "$t" && { ${PUT_IN_PLACE}; }; fi`;
}

export function hardLink({ src, force }: Omit<Link, 'path'>): Steps {
  const refused = (what: string) => fail(`Cannot link, ${what} exists at destination`);
  const same = sh`[ "$p" -ef ${src} ] && [ ! -L "$p" ]`;
  return [
    ensure(sh`[ -e ${src} ]`, fail('src does not exist')),
    !force &&
      ensure(
        sh`${same} || [ -L "$p" ] || [ ! -f "$p" ] || [ "$(stat -c %h -- "$p")" = 1 ]`,
        refused('different hard link'),
      ),
    !force && ensure(sh`${same} || [ -L "$p" ] || [ ! -f "$p" ]`, refused('file')),
    !force && ensure(sh`[ -L "$p" ] || [ ! -d "$p" ]`, refused('directory')),
    ensure(same, sh`t=$p.pb-$$; ln -- ${src} "$t" && ${PUT_IN_PLACE}`),
  ];
}

/** Attributes go to what a link leads to when it is followed; of a link that leads nowhere they cannot be set. */
export function behindLink(follow: boolean, steps: Steps): Steps {
  if (steps.length === 0) return [];
  if (!follow) return [when(sh`[ -e "$p" ] || [ -L "$p" ]`, steps)];
  return [when(sh`q=$p; [ -e "$p" ] && { [ ! -L "$p" ] || q=$(readlink -f -- "$p"); }`, steps)];
}
