import { module, type Plain, type Ran, run, Sh, script, sh } from '../src/module/module.ts';

export default module({
  doc: 'Tell what a path is.',
  args: {
    path: { type: 'path', required: true, alias: ['dest', 'name'], doc: 'The path.' },
    follow: { type: 'boolean', default: false, doc: 'Tell of what a symbolic link leads to.' },
    get_checksum: { type: 'boolean', default: true, doc: 'Tell the checksum of a file.' },
    checksum_algorithm: {
      type: 'enum',
      of: ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'],
      default: 'sha1',
      alias: ['checksum', 'checksum_algo'],
      doc: 'Which checksum.',
    },
    get_mime: {
      type: 'boolean',
      default: true,
      alias: ['mime', 'mime_type', 'mime-type'],
      doc: 'Tell type and encoding, where the host has `file`.',
    },
    get_attributes: {
      type: 'boolean',
      default: true,
      alias: ['attr', 'attributes'],
      doc: 'Tell the flags of `chattr`, where the host has `lsattr`.',
    },
    get_md5: { type: 'boolean', default: false, doc: 'Tell the MD5 checksum too.' },
  },
  examples: `
- stat: { path: /etc/app.conf }
  register: conf
- fail: { msg: there is no configuration }
  when: not conf.stat.exists
`,
  streams: true,
  plan({
    path,
    follow,
    get_checksum: sum,
    checksum_algorithm: algorithm,
    get_mime: mime,
    get_attributes: flags,
    get_md5: md5,
  }) {
    const checksum = (command: string) =>
      sh`if [ -f "$p" ] && [ -r "$p" ]${follow ? sh`` : sh` && [ ! -L "$p" ]`}; then ${new Sh(command)} <"$p"; fi`;
    const part = (wanted: boolean, command: Sh) => sh`${wanted ? sh`${command};` : sh``} printf '\0'`;
    const look = sh`p=${path}
      if ! s=$(stat ${follow ? sh`-L` : sh``} -c ${FORMAT} -- "$p" 2>&1); then
        printf '%s\0' "$s"; case $s in *': No such file or directory') return ${ABSENT};; esac; return 1
      fi
      printf '%s\0' "$s"
      ${ACCESS}; printf '\0'
      if [ -L "$p" ]; then readlink -f -- "$p"; printf '\0'; readlink -- "$p"; printf '\0'; else printf '\0\0'; fi
      ${part(sum, checksum(`${algorithm}sum`))}
      ${part(md5, checksum('md5sum'))}
      ${part(mime, sh`file --mime-type --mime-encoding -- "$p" 2>/dev/null`)}
      ${part(flags, sh`lsattr -vd -- "$p" 2>/dev/null`)}`;
    const wanted = { path, sum, md5, mime, flags };
    const result = ({ rc, stdout }: Ran): { readonly [key: string]: Plain } => {
      if (rc === 0) return { stat: statOf(stdout, wanted) };
      return rc === ABSENT ? { stat: { exists: false } } : { error: why(stdout) };
    };
    return [run(look, { ok: [0, ABSENT], harmless: true, changed: false, result })];
  },
  result({ values }) {
    const { stat = null, error } = values;
    return error === undefined ? { changed: false, stat } : { changed: false, failed: true, msg: error };
  },
});

const FORMAT = '%f %u %g %s %i %d %h %X %Y %Z %b %o %t %T %U %G\n%x\n%y\n%z';

const ACCESS = script(`{ [ ! -r "$p" ] || printf r; [ ! -w "$p" ] || printf w; [ ! -x "$p" ] || printf x; }`);

/** What the look answers where nothing is there. */
const ABSENT = 3;

/** `stat` says why last: `stat: cannot statx 'x': Permission denied`. */
function why(said: string): string {
  return said.replace(/\0.*/s, '').replace(/^.*: /s, '').trim();
}

interface Wanted {
  readonly path: string;
  readonly sum: boolean;
  readonly md5: boolean;
  readonly mime: boolean;
  readonly flags: boolean;
}

function statOf(text: string, { path, sum, md5, mime, flags }: Wanted): Plain {
  const [numbers = '', access = '', source = '', target = '', checksum = '', md5sum = '', type = '', lsattr = ''] =
    text.split('\0');
  const [line = '', ...times] = numbers.split('\n');
  const words = line.split(' ');
  const mode = Number.parseInt(words[0] ?? '', 16);
  const isLink = (mode & 0o170000) === 0o120000;
  return {
    exists: true,
    path,
    ...kindOf(mode),
    ...numbersOf(words, times),
    ...permissionsOf(mode),
    readable: access.includes('r'),
    writeable: access.includes('w'),
    executable: access.includes('x'),
    ...(isLink && { lnk_source: source.replace(/\n$/, ''), lnk_target: target.replace(/\n$/, '') }),
    ...(words[14] !== 'UNKNOWN' && { pw_name: words[14] ?? '' }),
    ...(words[15] !== 'UNKNOWN' && { gr_name: words[15] ?? '' }),
    ...(md5 && md5sum !== '' && { md5: md5sum.split(' ')[0] ?? '' }),
    ...(sum && checksum !== '' && { checksum: checksum.split(' ')[0] ?? '' }),
    ...(mime && mimeOf(type)),
    ...(flags && flagsOf(lsattr)),
  };
}

function kindOf(mode: number) {
  const is = (kind: number) => (mode & 0o170000) === kind;
  return {
    mode: (mode & 0o7777).toString(8).padStart(4, '0'),
    isdir: is(0o040000),
    ischr: is(0o020000),
    isblk: is(0o060000),
    isreg: is(0o100000),
    isfifo: is(0o010000),
    islnk: is(0o120000),
    issock: is(0o140000),
  };
}

/** In the order of FORMAT; the fractions of times are only in their long form. */
function numbersOf(words: readonly string[], times: readonly string[]) {
  const [, uid, gid, size, inode, dev, nlink, atime, mtime, ctime, blocks, blockSize] = words.map(Number);
  const [access = '', modification = '', change = ''] = times;
  const major = Number.parseInt(words[12] ?? '0', 16);
  const minor = Number.parseInt(words[13] ?? '0', 16);
  return {
    uid: uid ?? 0,
    gid: gid ?? 0,
    size: size ?? 0,
    inode: inode ?? 0,
    dev: dev ?? 0,
    nlink: nlink ?? 0,
    atime: (atime ?? 0) + fraction(access),
    mtime: (mtime ?? 0) + fraction(modification),
    ctime: (ctime ?? 0) + fraction(change),
    blocks: blocks ?? 0,
    block_size: blockSize ?? 0,
    device_type: (minor & 0xff) | ((major & 0xfff) << 8) | ((minor & ~0xff) << 12),
  };
}

function fraction(time: string): number {
  return Number(`0${/\.\d+/.exec(time)?.[0] ?? ''}`);
}

function permissionsOf(mode: number) {
  const names = ['xoth', 'woth', 'roth', 'xgrp', 'wgrp', 'rgrp', 'xusr', 'wusr', 'rusr'];
  const bits = names.map((name, bit) => [name, (mode & (1 << bit)) !== 0] as const);
  return { ...Object.fromEntries(bits), isuid: (mode & 0o4000) !== 0, isgid: (mode & 0o2000) !== 0 };
}

/** `file` says `PATH: TYPE; charset=CHARSET`. */
function mimeOf(said: string) {
  const found = /: *([^:;]+); *charset=([^:;\s]+)\s*$/.exec(said);
  return { mimetype: found?.[1] ?? 'unknown', charset: found?.[2] ?? 'unknown' };
}

const FLAGS: { readonly [letter: string]: string } = {
  A: 'noatime',
  a: 'append',
  c: 'compressed',
  C: 'nocow',
  d: 'nodump',
  D: 'dirsync',
  e: 'extents',
  E: 'encrypted',
  h: 'blocksize',
  i: 'immutable',
  I: 'indexed',
  j: 'journalled',
  N: 'inline',
  s: 'zero',
  S: 'synchronous',
  t: 'notail',
  T: 'blockroot',
  u: 'undelete',
  X: 'compressedraw',
  Z: 'compresseddirty',
};

/** `lsattr` says `VERSION FLAGS PATH`. */
function flagsOf(said: string) {
  const [version, letters] = said.trim().split(/\s+/);
  if (!version || letters === undefined) return { version: null, attributes: [], attr_flags: '' };
  const flags = letters.replaceAll('-', '');
  return { version, attributes: [...flags].map((letter) => FLAGS[letter] ?? letter), attr_flags: flags };
}
