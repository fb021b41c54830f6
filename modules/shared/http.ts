/** One HTTP request made on the host, with curl, GNU wget, Python or busybox's wget: what the host has. */

import { join, type Plain, type Sh, script, sh } from '../../src/module/module.ts';

export interface Request {
  readonly url: string;
  readonly method: string;
  readonly headers: { readonly [name: string]: string };
  /** Text, or a file on the host. */
  readonly body?: string | { readonly file: string } | undefined;
  /** Seconds of silence. */
  readonly timeout: number;
  readonly redirects: boolean;
  readonly validate_certs: boolean;
  readonly use_proxy: boolean;
  readonly use_netrc: boolean;
  readonly http_agent: string;
  readonly url_username: string | undefined;
  readonly url_password: string | undefined;
  /** The password goes with the first request; else only when the server asks for it. */
  readonly force_basic_auth: boolean;
  readonly client_cert: string | undefined;
  readonly client_key: string | undefined;
  readonly ca_path?: string | undefined;
  readonly unix_socket?: string | undefined;
  readonly ciphers?: readonly string[] | undefined;
}

/** No tool can make the request. */
export const NO_TOOL = 'the host has neither curl, wget nor python3 to make the request with: install curl there';

/**
 * Shell that makes the request: the body goes to the file `$o`, headers to `$pb_d/http.h`, what went wrong to `$pb_d/http.e`.
 * Where `$z` names a file, only something newer is wanted. `$code` is the status (0 for none), `$final` the last URL.
 * What is secret goes through files in our private directory and pipes of the shell, never into an argument.
 */
export function fetch(request: Request): Sh {
  const { body } = request;
  const file = body === undefined ? '' : typeof body === 'string' ? '$pb_d/http.b' : body.file;
  const onlyCurl = request.unix_socket !== undefined || request.ciphers !== undefined;
  const simple =
    request.method === 'GET' && request.url_username === undefined && Object.keys(request.headers).length === 0;
  const others: readonly Sh[] = onlyCurl
    ? []
    : [
        sh`elif wget --version 2>/dev/null | grep -q GNU; then ${viaWget(request)}`,
        sh`elif command -v python3 >/dev/null 2>&1; then ${viaPython(request)}`,
        ...(simple ? [sh`elif command -v wget >/dev/null 2>&1; then ${viaBusybox(request)}`] : []),
      ];
  return sh`f=${file === '$pb_d/http.b' ? script('$pb_d/http.b') : sh`${file}`}; code=0 final=${request.url}
    : >"$pb_d/http.h"; : >"$pb_d/http.e"; : >"$o" || exit 1
    ${typeof body === 'string' ? sh`printf %s ${body} >"$f"` : sh``}
    if command -v curl >/dev/null 2>&1; then ${viaCurl(request)}
    ${join(others, '\n')}
    else echo ${NO_TOOL} >"$pb_d/http.e"; fi`;
}

const TOLD = script('code=${said%% *} final=${said#* }');

/** curl reads its options from stdin. */
function viaCurl(request: Request): Sh {
  const { method, url_username: user, url_password: password, body } = request;
  const implied = method === 'HEAD' || method === (body === undefined ? 'GET' : 'POST');
  const options: readonly (readonly [string, string | boolean | undefined])[] = [
    ['url', request.url],
    ['silent', true],
    ['show-error', true],
    ['globoff', true],
    ['head', method === 'HEAD'],
    ['request', implied ? undefined : method],
    ['user-agent', request.http_agent],
    ...Object.entries(request.headers).map(
      ([name, value]) => ['header', value === '' ? `${name};` : `${name}: ${value}`] as const,
    ),
    ['user', user === undefined ? undefined : `${user}:${password ?? ''}`],
    ['basic', user !== undefined && request.force_basic_auth],
    ['anyauth', user !== undefined && !request.force_basic_auth],
    ['location', request.redirects],
    ['max-redirs', request.redirects ? '10' : undefined],
    ['insecure', !request.validate_certs],
    ['noproxy', request.use_proxy ? undefined : '*'],
    ['netrc-optional', request.use_netrc],
    ['connect-timeout', String(request.timeout)],
    ['speed-limit', '1'],
    ['speed-time', String(request.timeout)],
    ['cert', request.client_cert],
    ['key', request.client_key],
    ['cacert', request.ca_path],
    ['unix-socket', request.unix_socket],
    ['ciphers', request.ciphers?.join(':')],
  ];
  const config = options.flatMap(([name, value]) => line(name, value)).join('\n');
  return sh`set -- -K - -o "$o" -D "$pb_d/http.h" -w '%{http_code} %{url_effective}'
    if [ -n "$f" ]; then set -- "$@" --data-binary "@$f"; fi
    if [ -n "$z" ]; then set -- "$@" -z "$z"; fi
    said=$(printf '%s\n' ${config} | curl "$@" 2>"$pb_d/http.e"); pb_r=$?
    ${TOLD}
    if [ "$pb_r" -ne 0 ] && [ "$pb_r" -ne 18 ] && [ "$pb_r" -ne 47 ]; then code=0; fi`;
}

function line(name: string, value: string | boolean | undefined): readonly string[] {
  if (value === undefined || value === false) return [];
  if (value === true) return [name];
  const text = value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r').replaceAll('\t', '\\t');
  return [`${name} = "${text}"`];
}

/** wget reads a file of settings and writes what it sees to a log. */
function viaWget(request: Request): Sh {
  const { method, url_username: user, url_password: password } = request;
  const settings: readonly (readonly [string, string | undefined])[] = [
    ['method', method],
    ['user_agent', request.http_agent],
    ...Object.entries(request.headers).map(([name, value]) => ['header', `${name}: ${value}`] as const),
    ['http_user', user],
    ['http_password', user === undefined ? undefined : (password ?? '')],
    ['auth_no_challenge', user !== undefined && request.force_basic_auth ? 'on' : undefined],
    ['max_redirect', request.redirects ? '10' : '0'],
    ['check_certificate', request.validate_certs ? undefined : 'off'],
    ['use_proxy', request.use_proxy ? undefined : 'off'],
    ['netrc', request.use_netrc ? undefined : 'off'],
    ['timeout', String(request.timeout)],
    ['certificate', request.client_cert],
    ['private_key', request.client_key],
    ['ca_certificate', request.ca_path],
    ['tries', '1'],
    // It would wait for a body after 304 until the server hangs up.
    ['http_keep_alive', 'off'],
    ['content_on_error', 'on'],
    ['server_response', 'on'],
  ];
  const config = settings.flatMap(([name, value]) => (value === undefined ? [] : [`${name} = ${value}`])).join('\n');
  return sh`printf '%s\n' ${config} >"$pb_d/http.c"
    if [ -n "$f" ]; then printf 'body_file = %s\n' "$f" >>"$pb_d/http.c"; fi
    if [ -n "$z" ]; then printf 'header = If-Modified-Since: %s\n' "$(date -u -r "$z" '+%a, %d %b %Y %H:%M:%S GMT')" >>"$pb_d/http.c"; fi
    wget --config="$pb_d/http.c" -O "$o" -o "$pb_d/http.l" -- ${request.url}
    ${LAST_STATUS}
    final=$(sed -n 's/^--[-0-9: ]*--  //p' "$pb_d/http.l" | tail -n 1)
    if [ "$code" = 0 ]; then tail -n 1 "$pb_d/http.l" >"$pb_d/http.e"; fi
    rm -f "$pb_d/http.c"`;
}

const LAST_STATUS = script(`sed -n 's/^  //p' "$pb_d/http.l" >"$pb_d/http.h"
    code=$(sed -n 's|^HTTP/[0-9.]* \\([0-9]*\\).*|\\1|p' "$pb_d/http.h" | tail -n 1); code=\${code:-0}`);

const REFUSED = script(
  `code=$(sed -n 's|.*error: HTTP/[0-9.]* \\([0-9]*\\).*|\\1|p' "$pb_d/http.l" | tail -n 1); code=\${code:-0}`,
);

/** busybox's wget knows neither methods nor what an error's body is. */
function viaBusybox({ url, timeout, validate_certs: validate, http_agent: agent }: Request): Sh {
  const ask = (limit: Sh) =>
    sh`wget -S ${limit} -U ${agent} ${validate ? sh`` : sh`--no-check-certificate`} -O "$o" ${url} 2>"$pb_d/http.l"; pb_r=$?`;
  // Debian's crashes of -T.
  return sh`${ask(sh`-T ${timeout}`)}; if [ "$pb_r" = 139 ]; then ${ask(sh``)}; fi
    ${LAST_STATUS}
    if [ "$code" = 0 ] || [ "$pb_r" -ne 0 ]; then
      ${REFUSED}
      tail -n 1 "$pb_d/http.l" >"$pb_d/http.e"
    fi`;
}

/** Python reads the request as JSON from a file. */
function viaPython(request: Request): Sh {
  return sh`printf %s ${JSON.stringify(pythonRequest(request))} >"$pb_d/http.c"
    said=$(f="$f" z="$z" o="$o" d="$pb_d" python3 -c ${PYTHON} 2>"$pb_d/http.e") || said='0 '
    rm -f "$pb_d/http.c"; ${TOLD}`;
}

function pythonRequest(request: Request): Plain {
  const { url, method, headers, timeout, redirects, validate_certs: verify, use_proxy: proxy } = request;
  return {
    url,
    method,
    headers: { 'User-Agent': request.http_agent, ...headers },
    timeout,
    redirects,
    verify,
    proxy,
    user: request.url_username ?? null,
    password: request.url_password ?? '',
    force: request.force_basic_auth,
    cert: request.client_cert ?? null,
    key: request.client_key ?? null,
    ca: request.ca_path ?? null,
  };
}

const PYTHON = `
import base64, email.utils, json, os, shutil, ssl, sys
import urllib.error as E, urllib.request as U
e = os.environ; d = e['d']; q = json.load(open(d + '/http.c')); h = q['headers']
if q['user'] is not None and q['force']:
    h['Authorization'] = 'Basic ' + base64.b64encode((q['user'] + ':' + q['password']).encode()).decode()
if e['z']: h['If-Modified-Since'] = email.utils.formatdate(os.stat(e['z']).st_mtime, usegmt=True)
class Stay(U.HTTPRedirectHandler):
    def redirect_request(self, *a): return None
c = ssl.create_default_context(cafile=q['ca'])
if not q['verify']: c.check_hostname = False; c.verify_mode = ssl.CERT_NONE
if q['cert']: c.load_cert_chain(q['cert'], q['key'])
hs = [U.HTTPSHandler(context=c)]
if q['user'] is not None:
    m = U.HTTPPasswordMgrWithDefaultRealm(); m.add_password(None, q['url'], q['user'], q['password'])
    hs += [U.HTTPBasicAuthHandler(m), U.HTTPDigestAuthHandler(m)]
if not q['redirects']: hs.append(Stay)
if not q['proxy']: hs.append(U.ProxyHandler({}))
body = open(e['f'], 'rb').read() if e['f'] else None
try:
    try: r = U.build_opener(*hs).open(U.Request(q['url'], body, h, method=q['method']), timeout=q['timeout'])
    except E.HTTPError as x: r = x
    with open(e['o'], 'wb') as o: shutil.copyfileobj(r, o)
    with open(d + '/http.h', 'w') as o: o.write('HTTP/1.1 %s %s\\n%s' % (r.code, r.reason, r.headers))
    print(r.code, r.geturl())
except Exception as x:
    sys.exit(str(x))
`;

export interface Response {
  /** Names in lower case; of several, values with commas between. */
  readonly headers: { readonly [name: string]: string };
  readonly reason: string;
  readonly cookies: { readonly [name: string]: string };
}

/** Headers of the last answer, and cookies of all. */
export function parseHeaders(text: string): Response {
  const blocks = text.replaceAll('\r', '').split(/^(?=HTTP\/)/m);
  const last = blocks.at(-1) ?? '';
  const headers: { [name: string]: string } = {};
  for (const [name, value] of fields(last)) headers[name] = name in headers ? `${headers[name]}, ${value}` : value;
  const cookies: { [name: string]: string } = {};
  for (const [name, value] of blocks.flatMap(fields)) {
    const cookie = name === 'set-cookie' ? /^([^=;]+)=([^;]*)/.exec(value) : null;
    if (cookie) cookies[cookie[1]!.trim()] = cookie[2]!;
  }
  return { headers, reason: /^HTTP\/\S+ \d+ ?(.*)$/m.exec(last)?.[1] ?? '', cookies };
}

function fields(block: string): readonly (readonly [string, string])[] {
  return block.split('\n').flatMap((each) => {
    const found = /^([^:\s]+):\s*(.*?)\s*$/.exec(each);
    return found ? [[found[1]!.toLowerCase(), found[2]!] as const] : [];
  });
}

/** Why there was no answer, from what curl said, in Ansible's words where those are known. */
export function noAnswer(said: string): string {
  const curl = /^curl: \((\d+)\) (.*)$/m.exec(said);
  const reasons: { readonly [rc: string]: string } = {
    6: '<urlopen error [Errno -2] Name or service not known>',
    7: '<urlopen error [Errno 111] Connection refused>',
    28: '<urlopen error timed out>',
  };
  return `Request failed: ${reasons[curl?.[1] ?? ''] ?? curl?.[2] ?? said.trim()}`;
}
