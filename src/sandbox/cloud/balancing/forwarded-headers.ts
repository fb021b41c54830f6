/** The headers that a request or an answer has on the other side of the proxy; names keep their case, and their order. */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** For one hop only; RFC 9110, section 7.6.1. */
const HOP = new Set([
  ...['connection', 'keep-alive', 'proxy-connection', 'proxy-authenticate', 'proxy-authorization'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
]);

export interface Forwarding {
  /** Of the listener. */
  readonly port: number;
  readonly xff: 'append' | 'preserve' | 'remove';
  /** Whether X-Forwarded-For tells the client's port too. */
  readonly withPort: boolean;
  /** Headers with other names than letters, digits and hyphens are left out. */
  readonly dropInvalid: boolean;
  /** An upgrade of the connection is passed on. */
  readonly upgrade?: boolean;
}

/** In the flat form that Node takes: name, value, name, value. */
export function requestHeaders(
  request: IncomingMessage,
  { port, xff, withPort, dropInvalid, upgrade }: Forwarding,
): string[] {
  const { remoteAddress = '', remotePort = 0 } = request.socket;
  const dropped = new Set([...HOP, 'expect', 'x-forwarded-proto', 'x-forwarded-port', 'x-amzn-trace-id']);
  if (upgrade === true) for (const name of ['connection', 'upgrade']) dropped.delete(name);
  if (xff !== 'preserve') dropped.add('x-forwarded-for');
  const headers = passed(request, dropped, dropInvalid ? /^[a-z0-9-]+$/ : /^/);
  if (request.headers.host === undefined) headers.push('Host', `${request.socket.localAddress}:${port}`);
  if (xff === 'append') {
    const client = withPort ? `${remoteAddress}:${remotePort}` : remoteAddress;
    const before = request.headers['x-forwarded-for'];
    headers.push('X-Forwarded-For', before === undefined ? client : `${[before].flat().join(', ')}, ${client}`);
  }
  headers.push('X-Forwarded-Proto', 'http', 'X-Forwarded-Port', String(port));
  headers.push('X-Amzn-Trace-Id', traceOf(request.headers['x-amzn-trace-id']));
  if (request.headers['transfer-encoding'] !== undefined) headers.push('Transfer-Encoding', 'chunked');
  else if (request.headers['content-length'] === undefined && !hasNoBody(request.method))
    headers.push('Content-Length', '0');
  return headers;
}

/** `sets` are the cookies that the load balancer adds. */
export function answerHeaders(answer: IncomingMessage, sets: readonly string[], hideServer: boolean): string[] {
  const headers = passed(answer, hideServer ? new Set([...HOP, 'server']) : HOP);
  for (const cookie of sets) headers.push('Set-Cookie', cookie);
  return headers;
}

function passed({ rawHeaders, headers }: IncomingMessage, dropped: ReadonlySet<string>, valid = /^/): string[] {
  const named = (headers.connection ?? '').toLowerCase().split(/\s*,\s*/);
  const kept: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    const lower = name.toLowerCase();
    if (
      dropped.has(lower) ||
      !valid.test(lower) ||
      (named.includes(lower) && lower !== 'upgrade' && lower !== 'connection')
    )
      continue;
    kept.push(name, value);
  }
  return kept;
}

/** As a load balancer of AWS does: what came is kept beside an id of its own. */
function traceOf(before: string | readonly string[] | undefined): string {
  const id = `1-${Math.floor(Date.now() / 1000).toString(16)}-${randomUUID().replaceAll('-', '').slice(0, 24)}`;
  const said = [before ?? []].flat().join(';');
  return said === '' ? `Root=${id}` : /\bRoot=/.test(said) ? `Self=${id};${said}` : `Root=${id};${said}`;
}

/** Methods whose requests need not say that they have no content. */
export function hasNoBody(method = 'GET'): boolean {
  return ['GET', 'HEAD', 'OPTIONS', 'DELETE', 'TRACE', 'CONNECT'].includes(method);
}
