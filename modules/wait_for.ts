import {
  type Args,
  type Host,
  module,
  type Plain,
  PythonError,
  pyRegex,
  type Result,
  read,
  run,
  type Sh,
  type Steps,
  script,
  sh,
  type Typed,
} from '../src/module/module.ts';
import { pathFacts } from './shared/attributes.ts';
import { PROBE } from './shared/probe.ts';

const args = {
  host: { type: 'string', default: '127.0.0.1', doc: 'Where the port is, as the host sees it.' },
  port: { type: 'int', doc: 'The TCP port to wait for.' },
  path: { type: 'path', doc: 'The path to wait for.' },
  state: {
    type: 'enum',
    of: ['absent', 'present', 'started', 'stopped'],
    default: 'started',
    doc: 'What to wait for: that it is there (`started`, `present`) or gone.',
  },
  search_regex: { type: 'string', doc: 'What the file must hold, or the port’s server must say.' },
  timeout: { type: 'int', default: 300, doc: 'Seconds until the wait fails.' },
  delay: { type: 'int', default: 0, doc: 'Seconds before the first look.' },
  sleep: { type: 'int', default: 1, doc: 'Seconds between looks.' },
  connect_timeout: { type: 'int', default: 5, doc: 'Seconds that a connection may take.' },
  msg: { type: 'string', doc: 'What to say when the wait fails.' },
} as const satisfies Args;

type Given = Typed<typeof args>;

/** The exit code of shell functions that have no means to look. */
const NO_MEANS = 9;
const LATE = 1;

export default module({
  doc: 'Wait until a port answers, a path is there, or either is gone.',
  args,
  unsupported: {
    active_connection_states: 'state=drained is not supported',
    exclude_hosts: 'state=drained is not supported',
  },
  examples: `
- wait_for: { port: 8080, timeout: 60 }
- wait_for: { path: /var/run/app.pid, state: absent }
- wait_for: { path: /var/log/app.log, search_regex: "^ready" }
`,
  verify({ port, path, state, search_regex: regex }) {
    if (port !== undefined && path !== undefined) return 'port and path parameter can not both be passed to wait_for';
    if (path !== undefined && state === 'stopped') {
      return 'state=stopped should only be used for checking a port in the wait_for module';
    }
    return regex === undefined ? undefined : wrongRegex(regex);
  },
  unattended,
  async run(given, host): Promise<Result> {
    if (host.check) {
      return {
        skipped: true,
        changed: false,
        msg: 'remote module (ansible.builtin.wait_for) does not support check mode',
      };
    }
    const own = inImage(given, host);
    if (own !== undefined) return { skipped: true, changed: false, msg: own };
    const start = Date.now();
    const found = isSearch(given) ? await search(given, host, start) : await wait(given, host);
    const elapsed = Math.floor((Date.now() - start) / 1000);
    if (found === 'late') return { failed: true, msg: given.msg ?? tooLate(given), elapsed };
    if (found === 'no means') return { failed: true, msg: noMeans(given), elapsed };
    const { state, port = null, path = null, search_regex: regex = null } = given;
    const facts =
      path === null || state === 'absent' ? {} : (await host.apply([pathFacts(sh`${path}`, 'path')])).values;
    return { changed: false, state, port, search_regex: regex, ...found, path, ...facts, elapsed };
  },
});

/** Why there is nothing to wait for: services start when the image boots. */
function inImage({ state, host: address, port, path }: Given, host: Host): string | undefined {
  if (state !== 'started' && state !== 'present') return undefined;
  const isOwn = port !== undefined && host.isImage(address);
  const isRuntime = path !== undefined && host.mode === 'bake' && /^\/(?:var\/)?run\//.test(path);
  return isOwn || isRuntime
    ? `not waited for ${path ?? `${address}:${port}`}: services of an image start when it boots; playbake_now: true waits all the same`
    : undefined;
}

/** The same wait, which says itself how it ended. */
function unattended(given: Given): Steps | undefined {
  if (isSearch(given)) return undefined;
  const told = sh`r=$?; case $r in ${LATE}) echo ${given.msg ?? tooLate(given)};; ${NO_MEANS}) echo ${noMeans(given)};; esac; exit $r`;
  return [
    run(
      sh`( ${waiting(given)}
    ) 2>/dev/null; ${told}`,
      { changed: false },
    ),
  ];
}

type Found =
  | { readonly match_groups: readonly Plain[]; readonly match_groupdict: { readonly [name: string]: Plain } }
  | 'late'
  | 'no means';

const PLAIN: Found = { match_groups: [], match_groupdict: {} };

function isSearch({ search_regex: regex, state, port, path }: Given): boolean {
  const present = state === 'started' || state === 'present';
  return regex !== undefined && present && (port !== undefined || path !== undefined);
}

function wrongRegex(regex: string): string | undefined {
  try {
    pyRegex(regex, { multiline: true });
    return undefined;
  } catch (error) {
    if (error instanceof PythonError) return `Invalid regular expression: ${error.message}`;
    throw error;
  }
}

/** All looks in one program on the host. */
async function wait(given: Given, host: Host): Promise<Found> {
  const { values } = await host.apply([
    run(waiting(given), { ok: [0, LATE, NO_MEANS], changed: false, result: ({ rc }) => ({ rc }) }),
  ]);
  if (values['rc'] === LATE) return 'late';
  return values['rc'] === NO_MEANS ? 'no means' : PLAIN;
}

function waiting(given: Given): Sh {
  const { delay, timeout, sleep, port, path } = given;
  const loop =
    port === undefined && path === undefined
      ? sh`sleep ${timeout}`
      : sh`echo ${`waiting for ${path ?? `${given.host}:${port}`}`} >&2
        while [ "$(date +%s)" -lt "$end" ]; do ${test(given)} && exit 0; [ "$?" != ${NO_MEANS} ] || exit ${NO_MEANS}; sleep ${sleep}; done
        exit ${LATE}`;
  return sh`${PROBE}
    end=$(( $(date +%s) + ${timeout} )); ${delay > 0 ? sh`sleep ${delay};` : sh``} ${loop}`;
}

/** Succeeds when the wait is over. */
function test({ state, host, port, path, connect_timeout: seconds }: Given): Sh {
  const gone = state === 'absent' || state === 'stopped';
  if (path !== undefined) return gone ? sh`{ [ ! -e ${path} ] || false; }` : sh`{ [ -e ${path} ] || false; }`;
  const probe = sh`probe ${host} ${port ?? 0} ${seconds}`;
  return gone
    ? sh`{ ${probe}; case $? in 0) false;; ${NO_MEANS}) (exit ${NO_MEANS});; esac; }`
    : sh`{ ${probe}; case $? in 0) ;; ${NO_MEANS}) (exit ${NO_MEANS});; *) false;; esac; }`;
}

/** Python's regular expressions are judged here, so each look is a trip; a file comes again only when it has changed. */
async function search(given: Given, host: Host, start: number): Promise<Found> {
  const regex = pyRegex(Buffer.from(given.search_regex ?? '').toString('latin1'), { multiline: true });
  const end = start + given.timeout * 1000;
  if (given.delay > 0) await host.sleep(given.delay);
  let seen = '';
  while (Date.now() < end) {
    const { values } = await host.apply([
      read(look(given, seen, Math.ceil((end - Date.now()) / 1000)), ({ rc, stdout }) => ({ rc, stdout })),
    ]);
    if (values['rc'] === NO_MEANS) return 'no means';
    const [stamp = '', ...rest] = String(values['stdout']).split('\n');
    const match = regex.exec(Buffer.from(rest.join('\n')).toString('latin1'));
    if (match) return groups(match);
    seen = stamp;
    await host.sleep(given.sleep);
  }
  return 'late';
}

/** A stamp of the file and, where it is new, the content. */
function look({ path, host, port, connect_timeout: connect }: Given, seen: string, left: number): Sh {
  if (path === undefined)
    return sh`${PROBE}; echo; listen ${host} ${port ?? 0} ${Math.max(1, Math.min(left, connect))}`;
  const stamp = script('stat -L -c \'%i %s %y\' -- "$p" 2>/dev/null');
  return sh`p=${path}; s=$(${stamp}); printf '%s\n' "$s"; [ "$s" = ${seen} ] || cat -- "$p"`;
}

function groups(match: RegExpExecArray): Found {
  const text = (bytes: string | undefined): Plain =>
    bytes === undefined ? null : Buffer.from(bytes, 'latin1').toString('utf8');
  const named = Object.entries(match.groups ?? {}).map(([name, value]) => [name, text(value)] as const);
  return { match_groups: match.slice(1).map(text), match_groupdict: Object.fromEntries(named) };
}

function tooLate({ state, host, port, path, search_regex: regex }: Given): string {
  const what = port === undefined ? path : `${host}:${port}`;
  if (state === 'absent' || state === 'stopped') {
    return port === undefined
      ? `Timeout when waiting for ${path} to be absent.`
      : `Timeout when waiting for ${what} to stop.`;
  }
  if (regex !== undefined) return `Timeout when waiting for search string ${regex} in ${what}`;
  return port === undefined ? `Timeout when waiting for file ${path}` : `Timeout when waiting for ${what}`;
}

function noMeans({ host, port }: Given): string {
  return `the host has nothing to reach ${host}:${port} with: install bash, python3, perl, netcat or curl there`;
}
