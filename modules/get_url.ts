import {
  type Args,
  module,
  type Outcome,
  type Result,
  run,
  type Sh,
  script,
  sh,
  str,
  type Typed,
  type Value,
  when,
} from '../src/module/module.ts';
import { ATTRIBUTE_ARGS, attributes, NO_LABELS, pathFacts } from './shared/attributes.ts';
import { fetch, NO_TOOL, noAnswer, parseHeaders, type Request } from './shared/http.ts';
import { HTTP_ARGS, HTTP_UNSUPPORTED } from './shared/http-args.ts';
import { putDownload } from './shared/put-download.ts';

const args = {
  ...HTTP_ARGS,
  dest: { type: 'path', required: true, doc: 'A file on the host, or a directory to put it in.' },
  checksum: { type: 'string', default: '', doc: 'ALGORITHM:SUM, or ALGORITHM:URL of a file of sums.' },
  force: { type: 'boolean', default: false, doc: 'Download even where a file is there that need not change.' },
  backup: { type: 'boolean', default: false, doc: 'Keep a copy of the old file.' },
  timeout: { type: 'int', default: 10, doc: 'Seconds of silence until the download fails.' },
  tmp_dest: { type: 'path', doc: 'A directory on the host for the download until it is whole; default: beside dest.' },
  url_username: { type: 'string', alias: ['username'], doc: 'The user for basic authentication.' },
  url_password: { type: 'string', alias: ['password'], secret: true, doc: 'The password.' },
  ...ATTRIBUTE_ARGS,
} as const satisfies Args;

type Given = Typed<typeof args>;

const ALGORITHMS = ['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'];

export default module({
  doc: 'Download a file to the host.',
  args,
  unsupported: {
    ...HTTP_UNSUPPORTED,
    ...NO_LABELS,
    sha256sum: 'it was removed in ansible-core 2.14; write checksum: "sha256:…"',
  },
  examples: `
- get_url:
    url: https://example.com/app-1.2.tar.gz
    dest: /usr/local/src/
    checksum: sha256:https://example.com/app-1.2.tar.gz.sha256
    mode: "0644"
`,
  streams: true,
  verify({ checksum }) {
    if (checksum === '') return undefined;
    const [algorithm = '', ...sum] = checksum.split(':');
    if (sum.length === 0) return 'The checksum parameter has to be in format <algorithm>:<checksum>';
    if (!ALGORITHMS.includes(algorithm)) return `the checksum's algorithm must be one of ${ALGORITHMS.join(', ')}`;
    return isUrl(sum.join(':')) || /^[\da-f]+$/i.test(clean(sum.join(':')))
      ? undefined
      : 'The checksum format is invalid';
  },
  plan(given) {
    const changed = ({ stdout }: { readonly stdout: string }) => stdout.split('\0')[8] === '1';
    return [
      run(command(given), { harmless: true, changed, result: ({ stdout }) => ({ said: stdout }) }),
      when(sh`p=$(cat -- "$pb_d/http.p") && [ -e "$p" ]`, [...attributes(P, given), pathFacts(P, 'dest')]),
    ];
  },
  result,
});

const P = script('"$p"');

function isUrl(text: string): boolean {
  return /^(?:https?|ftp|file):/.test(text);
}

function clean(sum: string): string {
  return sum.replace(/\W/g, '').toLowerCase();
}

function requestOf(given: Given, url: string): Request {
  const headers = Object.fromEntries(Object.entries(given.headers).map(([name, value]) => [name, str(value as Value)]));
  return {
    ...given,
    url,
    method: 'GET',
    redirects: true,
    headers: given.force ? { 'Cache-Control': 'no-cache', ...headers } : headers,
  };
}

/**
 * Prints what became of it in fields: why it failed (or nothing), status, URL, seconds, error, headers, the place, its old
 * and new SHA-1, whether it changed, MD5, the copy that was kept. In check mode the download is thrown away.
 */
function command(given: Given): Sh {
  const { url, dest, checksum, force, backup, tmp_dest: tmp, unsafe_writes: unsafe } = given;
  const [algorithm = '', ...rest] = checksum.split(':');
  const sum = rest.join(':');
  return sh`s=$(date +%s) p=${dest} z= old= new= made= bak= md5= code=0 final=${url} why= want=${isUrl(sum) ? '' : clean(sum)}
    : >"$pb_d/http.p"; : >"$pb_d/http.e"; : >"$pb_d/http.h"
    tell() {
      printf '%s\0' "$why" "$code" "$final" "$(($(date +%s) - s))" "$(cat "$pb_d/http.e")" "$(cat "$pb_d/http.h")" "$p" "$old $new" "$made" "$md5" "$bak"
      [ -z "$why" ]; exit
    }
    sum() { sum=$(${script(algorithm === '' ? 'sha1' : algorithm)}sum <"$1"); sum=${script('${sum%% *}')}; }
    sha1() { sha1=$(sha1sum <"$1"); sha1=${script('${sha1%% *}')}; }
    dir=; case $p in */*) d=${script('${p%/*}')};; *) d=.;; esac; d=${script('${d:-/}')}; if [ -d "$p" ]; then dir=1 d=$p; fi
    ${tmp === undefined ? sh`t=$d` : sh`t=${tmp}; [ -d "$t" ] || { if [ -e "$t" ]; then why="$t is a file but should be a directory."; else why="$t directory does not exist."; fi; tell; }`}
    [ -d "$d" ] || { why="Destination $d does not exist"; tell; }
    [ -w "$d" ] || { why="Destination $d is not writable"; tell; }
    if [ -n "$pb_c" ]; then t=${script('${TMPDIR:-/tmp}')}; fi
    o=$t/.pb-http-$$; trap 'rm -f -- "$o"' EXIT
    ${isUrl(sum) ? checksumFile(given, sum) : sh`:`}
    force=${force ? '1' : ''}
    if [ -z "$dir" ] && [ -f "$p" ]; then
      if [ -z "$force" ] && [ -n "$want" ]; then
        sum "$p"; if [ "$sum" = "$want" ]; then printf %s "$p" >"$pb_d/http.p"; code=there; tell; fi
        force=1
      fi
      [ -n "$force" ] || z=$p
    fi
    ${fetch(requestOf(given, url))}
    if [ "$code" = 304 ]; then printf %s "$p" >"$pb_d/http.p"; tell; fi
    case $final in ftp:* | file:*) if [ "$code" != 0 ] || [ -s "$o" ]; then code=200; fi;; esac
    if [ "$code" != 200 ]; then why=request; tell; fi
    if [ -n "$dir" ]; then ${NAME}; fi
    sha1 "$o"; new=$sha1; if [ -f "$p" ]; then sha1 "$p"; old=$sha1; fi
    if [ -n "$want" ]; then sum "$o"; if [ "$sum" != "$want" ]; then why="The checksum for $p did not match $want; it was $sum."; tell; fi; fi
    if [ -n "$pb_c" ]; then [ "$old" = "$new" ] || made=1; tell; fi
    ${putDownload(backup, unsafe)}
    printf %s "$p" >"$pb_d/http.p"; md5=$(md5sum <"$p"); md5=${script('${md5%% *}')}
    tell`;
}

const NAME =
  script(`n=$(sed -n 's/^[cC]ontent-[dD]isposition: *attachment; *filename="*\\([^";]*\\).*/\\1/p' "$pb_d/http.h" | tr -d '\\r' | tail -n 1); n=\${n##*/}
      if [ -z "$n" ]; then n=\${final%%[?#]*}; n=\${n#*://}; case $n in */*) n=\${n##*/};; *) n=;; esac; fi
      p=\${p%/}/\${n:-index.html}`);

/** The sum of the file's name in a file of sums, or the only word in it. */
function checksumFile(given: Given, url: string): Sh {
  const name = new URL(given.url).pathname.replace(/^.*\//, '') || 'index.html';
  const missing = `Unable to find a checksum for file '${name}' in '${url}'`;
  return sh`${fetch(requestOf(given, url))}
    if [ "$code" != 200 ]; then why=request; tell; fi
    want=$(awk -v name=${name} ${PICK} "$o" | tr -cd '0-9a-zA-Z' | tr A-Z a-z)
    [ -n "$want" ] || { why=${missing}; tell; }; : >"$o"`;
}

const PICK = `NR == 1 { first = $1; words = NF }
  { sum = $1; rest = substr($0, length($1) + 2); sub(/^[ *]/, "", rest); sub(/^[.\\/]*/, "", rest); sub(/\\r$/, "", rest); if (rest == name && found == "") found = sum }
  END { if (NR == 1 && words == 1) print first; else print found }`;

function result({ values, msg, changed, failed }: Outcome, given: Given): Result {
  const { said, ...facts } = values;
  if (said === undefined) return { changed: false, failed: true, msg: msg ?? 'the task failed' };
  const [
    why = '',
    code = '0',
    final = '',
    elapsed = '0',
    error = '',
    headerText = '',
    place = '',
    sums = '',
    ,
    md5 = '',
    backup = '',
  ] = String(said).split('\0');
  const [old = '', fresh = ''] = sums.split(' ');
  const { headers, reason } = parseHeaders(headerText);
  const base = {
    dest: place,
    url: given.url,
    elapsed: Number(elapsed),
    checksum_dest: old || null,
    checksum_src: fresh || null,
  };
  const answer = `OK (${headers['content-length'] ?? 'unknown'} bytes)`;
  if (why === 'request')
    return { dest: place, elapsed: base.elapsed, changed: false, failed: true, ...refused(code, final, reason, error) };
  if (why !== '') return { ...base, changed: false, failed: true, msg: why };
  if (failed) return { ...base, changed, failed, msg: msg ?? 'the task failed' };
  if (code === 'there')
    return {
      ...base,
      changed,
      ...facts,
      msg: changed ? 'file already exists but file attributes changed' : 'file already exists',
    };
  if (code === '304')
    return { ...base, changed, ...facts, status_code: 304, msg: `HTTP Error 304: ${reason || 'Not Modified'}` };
  return {
    ...base,
    changed,
    status_code: Number(code),
    msg: answer,
    ...(md5 !== '' && { md5sum: md5 }),
    ...(backup !== '' && { backup_file: backup }),
    ...facts,
  };
}

function refused(code: string, url: string, reason: string, error: string): Result {
  if (code === '0' || code === '000') return { msg: error.includes(NO_TOOL) ? NO_TOOL : noAnswer(error), url };
  return { msg: 'Request failed', status_code: Number(code), response: `HTTP Error ${code}: ${reason}`, url };
}
