import { readFileSync } from 'node:fs';
import {
  type Args,
  type Context,
  isDict,
  isList,
  module,
  type Planned,
  read,
  run,
  type Sh,
  script,
  sh,
  str,
  type Typed,
  type Value,
  when,
  writeJson,
} from '../src/module/module.ts';
import { ATTRIBUTE_ARGS, attributes, NO_LABELS, pathFacts } from './shared/attributes.ts';
import { fetch } from './shared/http.ts';
import { HTTP_ARGS, HTTP_UNSUPPORTED } from './shared/http-args.ts';
import { putDownload } from './shared/put-download.ts';
import { uriResult } from './shared/uri-result.ts';

const args = {
  ...HTTP_ARGS,
  method: { type: 'string', default: 'GET', doc: 'The HTTP method.' },
  body: { type: 'value', doc: 'What to send.' },
  body_format: {
    type: 'enum',
    of: ['raw', 'json', 'form-urlencoded'],
    default: 'raw',
    doc: 'How data in `body` is written.',
  },
  src: { type: 'path', doc: 'A file to send, on the control machine or, with remote_src, on the host.' },
  remote_src: { type: 'boolean', default: false, doc: 'src is on the host.' },
  status_code: { type: 'list', of: 'int', default: [200], doc: 'Which statuses are no failure.' },
  return_content: { type: 'boolean', default: false, doc: 'Give the body as `content`.' },
  dest: { type: 'path', doc: 'A file on the host to write the body to, or a directory to put it in.' },
  creates: { type: 'path', doc: 'Ask only where this is not there.' },
  removes: { type: 'path', doc: 'Ask only where this is there.' },
  timeout: { type: 'int', default: 30, doc: 'Seconds of silence until the request fails.' },
  follow_redirects: {
    type: 'enum',
    of: ['all', 'no', 'none', 'safe', 'urllib2', 'yes'],
    default: 'safe',
    doc: '`safe`: only GET and HEAD go where they are sent.',
  },
  url_username: { type: 'string', alias: ['user'], doc: 'The user for basic authentication.' },
  url_password: { type: 'string', alias: ['password'], secret: true, doc: 'The password.' },
  force: { type: 'boolean', default: false, doc: 'Tell caches to ask the server.' },
  ca_path: { type: 'path', doc: 'Certificates on the host that the server’s must come from.' },
  unix_socket: { type: 'path', doc: 'A socket on the host to connect to; needs curl there.' },
  ...ATTRIBUTE_ARGS,
} as const satisfies Args;

type Given = Typed<typeof args>;

export default module({
  doc: 'Ask a web server, from the host.',
  args,
  unsupported: { ...HTTP_UNSUPPORTED, ...NO_LABELS },
  examples: `
- uri: { url: "http://localhost:8080/health", return_content: yes }
  register: health
  until: health.status == 200
- uri:
    url: https://api.example.com/users
    method: POST
    body: { name: app }
    body_format: json
    status_code: [200, 201]
`,
  verify({ method, body, src }) {
    if (!/^[A-Za-z]+$/.test(method))
      return "Parameter 'method' needs to be a single word in uppercase, like GET or POST.";
    return body !== undefined && src !== undefined ? 'parameters are mutually exclusive: body|src' : undefined;
  },
  plan,
  result: uriResult,
});

function plan(given: Given, context: Context): Planned {
  if (context.check) {
    return { skipped: true, changed: false, msg: 'remote module (ansible.builtin.uri) does not support check mode' };
  }
  const { creates, removes, dest, url } = given;
  const server = hostOf(url);
  if (server !== undefined && context.isImage(server)) {
    const msg = `not asked ${server}: services of an image start when it boots; playbake_now: true asks all the same`;
    return { skipped: true, changed: false, msg };
  }
  const steps = [
    run(request(given, context), {
      changed: ({ rc }) => rc === 0 && dest !== undefined,
      result: ({ stdout }) => ({ said: stdout }),
    }),
    dest !== undefined &&
      when(sh`p=$(cat -- "$pb_d/http.p") && [ -e "$p" ]`, [...attributes(P, given), pathFacts(P, 'path')]),
  ];
  const once =
    removes === undefined ? steps : [when(sh`[ -e ${removes} ]`, steps, [skipped(`'${removes}' does not exist`)])];
  return creates === undefined ? once : [when(sh`[ ! -e ${creates} ]`, once, [skipped(`'${creates}' exists`)])];
}

function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).hostname : undefined;
}

const P = script('"$p"');

function skipped(why: string) {
  return read(sh`:`, () => ({ stdout: `skipped, since ${why}` }));
}

function request(given: Given, context: Context): Sh {
  const { method: written, src, remote_src: remote, status_code: codes, return_content: wanted } = given;
  const method = written.toUpperCase();
  const file =
    src === undefined ? undefined : remote ? { file: src } : readFileSync(context.find(src, 'files'), 'utf8');
  const body = file ?? bodyText(given);
  const redirects =
    ['all', 'yes', 'urllib2'].includes(given.follow_redirects) ||
    (given.follow_redirects === 'safe' && /^(?:GET|HEAD)$/.test(method));
  const asked = fetch({ ...given, method, headers: headersOf(given), body, redirects });
  const known = codes.length === 0 ? sh`no` : sh`${script(codes.join(' | '))}`;
  return sh`s=$(date +%s) z= p= o=$pb_d/http.o; : >"$pb_d/http.p"
    ${place(given.dest)}
    ${asked}
    ok=; case $code in ${known}) ok=1;; esac
    type=$(grep -i '^content-type:' "$pb_d/http.h" | tail -n 1)
    ${keep(given)}
    show=${wanted ? '1' : ''}; case $type in *[jJ][sS][oO][nN]* | *[jJ]ava[sS]cript*) show=1;; esac; case $code in 2??) [ -n "$ok" ] || show=1;; *) show=1;; esac
    coded=; case $type in *[cC]harset=[uU][tT][fF]-8* | *[cC]harset=\"[uU][tT][fF]-8* ) ;; *[cC]harset=*) coded=1;; esac
    printf '%s\0' "$code" "$final" "$(($(date +%s) - s))" "$(cat "$pb_d/http.e")" "$(cat "$pb_d/http.h")" "$p" "$coded"
    if [ -n "$show" ] && [ -f "$o" ]; then if [ -n "$coded" ]; then base64 <"$o"; else cat "$o"; fi; fi
    rm -f "$pb_d/http.b" "$pb_d/http.o"
    [ -n "$ok" ]`;
}

/** A download lies beside its place until it is whole. */
function place(dest: string | undefined): Sh {
  if (dest === undefined) return sh`:`;
  return sh`p=${dest}; case $p in */*) d=${script('${p%/*}')};; *) d=.;; esac; if [ -d "$p" ]; then d=$p; elif [ -f "$p" ]; then z=$p; fi
    o=${script('${d:-/}')}/.pb-http-$$; trap 'rm -f -- "$o"' EXIT`;
}

const NAME =
  script(`n=$(sed -n 's/^[cC]ontent-[dD]isposition:.*filename="*\\([^";]*\\).*/\\1/p' "$pb_d/http.h" | tr -d '\\r' | tail -n 1); n=\${n##*/}
      if [ -z "$n" ]; then n=\${final%%[?#]*}; n=\${n#*://}; case $n in */*) n=\${n%/}; n=\${n##*/};; *) n=;; esac; fi
      p=$p/\${n:-index.html}`);

function keep({ dest, unsafe_writes: unsafe }: Given): Sh {
  if (dest === undefined) return sh`:`;
  return sh`if [ -d "$p" ]; then ${NAME}; fi
    if [ -n "$ok" ] && [ "$code" != 304 ]; then
      ${putDownload(false, unsafe)}
      trap - EXIT; o=$p; printf %s "$p" >"$pb_d/http.p"
    fi`;
}

function headersOf({ headers, body_format: format, force }: Given): { readonly [name: string]: string } {
  const own = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : str(value as Value)]),
  );
  const has = (name: string) => Object.keys(own).some((key) => key.toLowerCase() === name);
  const types = { json: 'application/json', 'form-urlencoded': 'application/x-www-form-urlencoded', raw: undefined };
  const type = types[format];
  return {
    ...own,
    ...(type !== undefined && !has('content-type') && { 'Content-Type': type }),
    ...(force && { 'Cache-Control': 'no-cache' }),
  };
}

function bodyText({ body, body_format: format }: Given): string | undefined {
  if (body === undefined) return format === 'json' ? 'null' : undefined;
  if (typeof body === 'string') return body;
  if (format === 'json') return writeJson(body);
  return format === 'form-urlencoded' && (isDict(body) || isList(body)) ? formText(body) : str(body);
}

/** A dictionary or a list of pairs; lists as values give their key several times. */
function formText(body: Value): string {
  const pairs = isDict(body)
    ? [...body]
    : isList(body)
      ? body.filter(isList).map(([key = null, value = null]) => [key, value] as const)
      : [];
  const form = new URLSearchParams();
  for (const [key, value] of pairs) {
    for (const one of isList(value) ? value : [value]) if (one !== null) form.append(str(key), str(one));
  }
  return form.toString();
}
