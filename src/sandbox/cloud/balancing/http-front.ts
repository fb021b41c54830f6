/** A listener of an application load balancer: a reverse proxy for HTTP/1.1. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIPv4, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { attributeOf } from './attribute-table.ts';
import { BALANCER_ATTRIBUTES } from './balancer-attributes.ts';
import type {
  ForwardAction,
  LoadBalancerRecord,
  RuleAction,
  TargetGroupRecord,
  TargetRecord,
} from './balancing-records.ts';
import { exchange } from './exchange.ts';
import { type Forwarding, requestHeaders } from './forwarded-headers.ts';
import { type Front, type FrontOptions, listening, type Now, now, placeOf } from './front.ts';
import { LISTENER_ATTRIBUTES } from './listener-attributes.ts';
import { answerError, answerFixed, answerRedirect } from './own-answers.ts';
import { type AskedFor, matches } from './rule-match.ts';
import { stickyCookies, stickyGroup, stickyTarget } from './stickiness.ts';
import { chooseTarget, sameTarget } from './target-choice.ts';
import { passUpgrade } from './upgrade.ts';

/** Bytes; as AWS's, for all headers together. */
const LONGEST_HEAD = 65_536;

export async function openHttpFront(options: FrontOptions): Promise<Front> {
  const at = now(options);
  if (at === undefined) throw new Error(`the listener ${options.listener} is gone`);
  const server = createServer({ maxHeaderSize: LONGEST_HEAD, noDelay: true });
  // What a client sends may take as long as it likes, if it sends something.
  server.requestTimeout = 0;
  server.on('request', (request, response) => serve(request, response, server, options));
  server.on('upgrade', (request, socket, head) => serveUpgrade(request, socket, head, options));
  // The times must be those of the first connection too.
  keepTimes(server, at.balancer);
  await listening(server, options.addresses.reach(at.balancer.address), at.listener.port);
  return { close: (patience) => closed(server, patience) };
}

function keepTimes(server: Server, balancer: LoadBalancerRecord): void {
  const idle = idleOf(balancer);
  server.keepAliveTimeout = idle;
  server.headersTimeout = idle + 1000;
  // Who waits for an answer gets 504 first.
  server.setTimeout(idle + 1000);
}

/** Milliseconds. */
function idleOf(balancer: LoadBalancerRecord): number {
  return Number(settingOf(balancer, 'idle_timeout.timeout_seconds')) * 1000;
}

function settingOf({ attributes }: LoadBalancerRecord, key: string): string {
  return attributeOf(attributes, BALANCER_ATTRIBUTES.application, key);
}

const BORN = new WeakMap<object, number>();

function serve(request: IncomingMessage, response: ServerResponse, server: Server, options: FrontOptions): void {
  const at = now(options);
  if (at === undefined) {
    response.destroy();
    return;
  }
  keepTimes(server, at.balancer);
  // A connection that is old ends with this answer, as `client_keep_alive.seconds` says.
  const born = BORN.get(request.socket) ?? Date.now();
  BORN.set(request.socket, born);
  const isOld = Date.now() - born > Number(settingOf(at.balancer, 'client_keep_alive.seconds')) * 1000;
  if (isOld) response.shouldKeepAlive = false;
  const action = actionFor(at, askedFor(request));
  if (action?.type === 'fixed-response') answerFixed(response, action);
  else if (action?.type === 'redirect') answerRedirect(request, response, { port: at.listener.port, action });
  else {
    const chosen = action === undefined ? undefined : choose(at, action, request, options);
    if (action === undefined || chosen === undefined) answerError(response, 503);
    else forward(request, response, { at, action, ...chosen, options });
  }
}

interface Forward extends Chosen {
  readonly at: Now;
  readonly action: ForwardAction;
  readonly options: FrontOptions;
}

function forward(request: IncomingMessage, response: ServerResponse, by: Forward): void {
  const { at, action, group, target, options } = by;
  const { addresses, traffic } = options;
  const { cut } = exchange(request, response, {
    ...placeOf(options, at.region, group, target),
    localAddress: addresses.reach(at.balancer.address),
    headers: requestHeaders(request, forwardingOf(at)),
    agent: traffic.agentFor(group.id, target),
    idle: idleOf(at.balancer),
    cookies: (answer) => {
      const sets = (answer.headers['set-cookie'] ?? []).map((cookie) => cookie.split('=', 1)[0] ?? '');
      return stickyCookies({ action, group, target, sets });
    },
    hideServer:
      attributeOf(at.listener.attributes, LISTENER_ATTRIBUTES.HTTP, 'routing.http.response.server.enabled') === 'false',
  });
  response.once('close', traffic.begin(group.id, target, cut));
}

function serveUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, options: FrontOptions): void {
  const at = now(options);
  const action = at && actionFor(at, askedFor(request));
  const chosen = at && action?.type === 'forward' ? choose(at, action, request, options) : undefined;
  if (at === undefined || chosen === undefined) {
    socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    return;
  }
  const { group, target } = chosen;
  const { addresses, traffic } = options;
  if (socket instanceof Socket) socket.setTimeout(0);
  const end = traffic.begin(group.id, target, () => passed.destroy());
  const passed = passUpgrade(
    request,
    socket,
    head,
    {
      ...placeOf(options, at.region, group, target),
      localAddress: addresses.reach(at.balancer.address),
      headers: requestHeaders(request, { ...forwardingOf(at), upgrade: true }),
      idle: idleOf(at.balancer),
    },
    () => {
      end();
      socket.destroy();
    },
  );
}

function forwardingOf({ balancer, listener }: Now): Forwarding {
  const mode = settingOf(balancer, 'routing.http.xff_header_processing.mode');
  return {
    port: listener.port,
    xff: mode === 'preserve' || mode === 'remove' ? mode : 'append',
    withPort: settingOf(balancer, 'routing.http.xff_client_port.enabled') === 'true',
    dropInvalid: settingOf(balancer, 'routing.http.drop_invalid_header_fields.enabled') === 'true',
  };
}

function askedFor({ method = 'GET', url = '/', headers, socket }: IncomingMessage): AskedFor {
  const address = socket.remoteAddress ?? '';
  const client = isIPv4(address) ? address : address.replace(/^::ffff:/, '');
  return { method, target: url, headers, client };
}

function actionFor({ region, listener }: Now, asked: AskedFor): RuleAction | undefined {
  const rules = Object.values(region.listenerRules)
    .filter((rule) => rule.listener === listener.id)
    .sort((a, b) => a.priority - b.priority);
  return (rules.find((rule) => matches(rule.conditions, asked)) ?? listener).actions[0];
}

interface Chosen {
  readonly group: TargetGroupRecord;
  readonly target: TargetRecord;
}

function choose(
  { region }: Now,
  action: ForwardAction,
  { headers }: IncomingMessage,
  { traffic }: FrontOptions,
): Chosen | undefined {
  const group = region.targetGroups[stickyGroup(action, headers.cookie) ?? weighted(action) ?? ''];
  if (group === undefined) return undefined;
  const target =
    sameTarget(region, group, stickyTarget(group, headers.cookie)) ??
    chooseTarget(region, group, { underway: (candidate) => traffic.underway(group.id, candidate) });
  return target === undefined ? undefined : { group, target };
}

function weighted({ groups }: ForwardAction): string | undefined {
  let left = Math.random() * groups.reduce((sum, { weight }) => sum + weight, 0);
  return groups.find(({ weight }) => {
    left -= weight;
    return left < 0;
  })?.group;
}

async function closed(server: Server, patience: number): Promise<void> {
  const timer = setTimeout(() => server.closeAllConnections(), patience);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
    if (patience === 0) server.closeAllConnections();
  });
  clearTimeout(timer);
}
