/** A file or directory on the host copied to another place on it. */

import { ensure, fail, read, type Sh, type Steps, script, sh, when } from '../../src/module/module.ts';
import { assign, attributes, pathFacts } from './attributes.ts';
import { type FileCopy, withoutSlash } from './copy-file.ts';
import { makeDirectory } from './make-directory.ts';

export interface RemoteCopy extends Omit<FileCopy, 'content' | 'name' | 'mode'> {
  readonly src: string;
  readonly mode: string | undefined;
  /** Copy what links lead to; else links stay links. */
  readonly local_follow: boolean | undefined;
  readonly checksum: string | undefined;
}

const P = script('"$p"');

export function remoteCopy(copy: RemoteCopy): Steps {
  const { src } = copy;
  const noFile = fail(`Cannot copy invalid source '${src}': not a file`);
  return [
    ensure(sh`[ -e ${src} ]`, fail(`Source ${src} not found`)),
    ensure(sh`[ -r ${src} ]`, fail(`Source ${src} not readable`)),
    when(sh`[ -d ${src} ]`, directory(copy), [ensure(sh`[ -f ${src} ]`, noFile), ...file(copy)]),
  ];
}

/** `$p` is the file that is written; the mode of the source, where it is to be preserved, is `$v`. */
function file(copy: RemoteCopy): Steps {
  const { src, dest, owner, group, directory_mode: mode, follow, force } = copy;
  const name = src.replace(/^.*\//, '');
  const place = sh`p=${dest}; case $p in */) p=$p${name};; *) if [ -d "$p" ]; then p=$p/${name}; fi;; esac
    ${follow ? script('if [ -L "$p" ]; then q=$(readlink -f -- "$p") && p=$q; fi') : sh``}
    ${script('case $p in */*) d=${p%/*}; d=${d:-/};; *) d=.;; esac')}; :`;
  const steps = [
    copy.checksum !== undefined &&
      ensure(
        sh`case $(sha1sum <${src}) in ${copy.checksum}' '*) ;; *) return 1;; esac`,
        fail('Copied file does not match the expected checksum. Transfer failed.'),
      ),
    ensure(sh`[ ! -d ${P} ] || [ -L ${P} ]`, fail(`${dest} is a directory`)),
    ensure(sh`[ -f ${P} ] && [ ! -L ${P} ] && cmp -s -- ${src} ${P}`, write(copy)),
    when(sh`[ -e ${P} ]`, attributes(P, { owner, group, mode: copy.mode === 'preserve' ? undefined : copy.mode })),
    copy.mode === 'preserve' && when(sh`[ -e ${P} ]`, [preserve(src)]),
    read(sh`md5sum <${src}; sha1sum <${src}`, ({ stdout }) => {
      const [md5sum = '', checksum = ''] = stdout.split('\n').map((line) => line.slice(0, line.indexOf(' ')));
      return { md5sum, checksum, src };
    }),
    pathFacts(P, 'dest'),
  ];
  return [
    dest.endsWith('/') && ensure(sh`[ -d ${dest} ]`, makeDirectory(sh`${withoutSlash(dest)}`, { owner, group, mode })),
    when(place, force ? steps : [when(sh`[ ! -e ${P} ] && [ ! -L ${P} ]`, steps, [pathFacts(P, 'dest')])]),
  ];
}

function preserve(src: string) {
  const same = sh`[ "$(stat -L -c %a -- ${src})" = "$(stat -c %a -- ${P})" ]`;
  return ensure(same, sh`chmod -- "0$(stat -L -c %a -- ${src})" ${P}`);
}

/** Beside the old file, then renamed over it; it keeps owner and mode of the old one, or gets those of a new file. */
function write({ src, dest, owner, group, mode, backup, validate, unsafe_writes: unsafe }: RemoteCopy): Sh {
  const missing = `Destination directory ${dest.replace(/\/?[^/]*$/, '') || '/'} does not exist`;
  const given = assign(script('"$t"'), { owner, group, mode: mode === 'preserve' ? undefined : mode });
  return sh`(
    [ -d "$d" ] || { echo ${missing}; exit 1; }
    t=$d/.pb-copy-$$; trap 'rm -f -- "$t"' EXIT; trap 'exit 1' HUP INT TERM
    ( umask 077; cat -- ${src} >"$t" ) || exit 1
    if [ -f ${P} ] && [ ! -L ${P} ]; then
      chown -- "$(stat -c %u:%g -- ${P})" "$t" 2>/dev/null; chmod -- "$(stat -c %a -- ${P})" "$t"
    else chmod -- "$(umask -S)" "$t" && chmod -- a-x "$t"; fi
    given() { ${given}; }; given || exit 1
    ${validate === undefined ? sh`` : check(validate)}
    ${backup ? script('if [ -f "$p" ]; then b="$p.$$.$(date +%Y-%m-%d@%H:%M:%S~)"; cp -p -- "$p" "$b" || exit 1; printf "backup_file=%s" "$b"; fi') : sh``}
    if [ -L ${P} ]; then rm -f -- ${P}; fi
    mv -f -- "$t" ${P} ${unsafe ? sh`2>/dev/null || cat "$t" >${P}` : sh``}
  )`;
}

function check(validate: string): Sh {
  return sh`v=$(eval "$(printf %s ${validate.replaceAll('%s', '"$t"')})" 2>&1) || { printf 'failed to validate: rc:%s error:%s' "$?" "$v"; exit 1; }`;
}

/** `$p` is the directory that becomes like the source: what is missing or differs is copied with its mode. */
function directory(copy: RemoteCopy): Steps {
  const { src, dest, owner, group, local_follow: follow } = copy;
  const from = withoutSlash(src);
  const to = withoutSlash(dest);
  const target = src.endsWith('/') ? to : `${to}/${from.replace(/^.*\//, '')}`;
  const mode = copy.mode === 'preserve' ? undefined : copy.mode;
  const each = (type: string, command: string) =>
    sh`find ${follow ? sh`-L` : sh``} . ${script(type)} -exec sh -c ${command} ${P} {} +`;
  const same = `${follow ? '' : 'if [ -L "$f" ]; then [ "$(readlink -- "$f")" = "$(readlink -- "$0/$f")" ]; else '}cmp -s -- "$f" "$0/$f"${follow ? '' : '; fi'}`;
  const differs = sh`${each('-type d', 'for f; do [ -d "$0/$f" ] || echo x; done')}; ${each('! -type d', `for f; do ${same} || echo x; done`)}`;
  // A directory that goes to a new place begins as any new one does; else all take the modes they have.
  const begin = src.endsWith('/') ? sh`:` : sh`{ [ -e ${to} ] || mkdir -p -- ${P}; }`;
  const make = sh`${each('-type d', MAKE)} && ${each('! -type d', copyUnless(same, follow))}`;
  const absolute = script('case $p in /*) ;; *) p=$PWD/$p;; esac');
  return [
    when(sh`p=${target}; ${absolute}; :`, [
      ensure(
        sh`[ -d ${P} ] && [ -z "$( (cd -- ${from} && { ${differs}; }) 2>&1 | head -n 1)" ]`,
        sh`${begin} && ( cd -- ${from} && ${make} )`,
      ),
      when(sh`[ -e ${P} ]`, [owner && ownAll('chown', '-user', owner), group && ownAll('chgrp', '-group', group)]),
    ]),
    when(sh`p=${to}; [ -e ${P} ]`, attributes(P, { owner, group, mode })),
    read(sh`:`, () => ({ src, md5sum: null, checksum: null })),
    pathFacts(P, 'dest'),
  ];
}

const MAKE = `for f; do
  [ -d "$0/$f" ] || { mkdir -p -- "$0/$f" && chmod -- "0$(stat -L -c %a -- "$f")" "$0/$f"; } || exit 1
done`;

function copyUnless(same: string, follow: boolean | undefined): string {
  return `for f; do { ${same}; } || { rm -f -- "$0/$f" && cp ${follow ? '-p' : '-pP'} -- "$f" "$0/$f"; } || exit 1; done`;
}

function ownAll(command: 'chown' | 'chgrp', test: '-user' | '-group', name: string) {
  const search = sh`find ${P} ! ${test} ${name}`;
  return ensure(sh`[ -z "$(${search} 2>&1 | head -n 1)" ]`, sh`${search} -exec ${command} -h -- ${name} {} +`);
}
