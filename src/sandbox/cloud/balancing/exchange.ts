/** One request and its answer, between a client and a target. */

import { Agent, request as ask, type ClientRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { answerHeaders } from './forwarded-headers.ts';
import { answerError } from './own-answers.ts';

export interface ExchangeOptions {
  readonly host: string;
  readonly port: number;
  /** The load balancer's, from which the target is asked. */
  readonly localAddress: string;
  /** In the flat form. */
  readonly headers: readonly string[];
  /** The connections that wait for another request. */
  readonly agent: Agent;
  /** Milliseconds without a byte after which it ends. */
  readonly idle: number;
  /** The cookies to set, by the target's answer. */
  readonly cookies: (answer: IncomingMessage) => readonly string[];
  readonly hideServer: boolean;
}

/** As AWS's; milliseconds. */
const LONGEST_CONNECT = 10_000;

export interface Exchange {
  /** Ends it: with 502 where no answer has begun. */
  readonly cut: () => void;
}

/**
 * A connection that waited may turn out to be closed by the target just when it is used again. A request that may be said
 * twice is then said again on a new connection; one that may not never uses an old connection. What goes wrong on a
 * new connection is the target's failure, and is answered as AWS does.
 */
export function exchange(client: IncomingMessage, response: ServerResponse, options: ExchangeOptions): Exchange {
  const isRepeatable = REPEATABLE.has(client.method ?? '') && !hasBody(client);
  let asked: ClientRequest | undefined;
  let state: 'waits' | 'is answered' | 'has failed' = 'waits';
  const attempt = (isAgain: boolean) => {
    const trial = outgoing(client, options, isRepeatable && !isAgain);
    asked = trial;
    trial.once('response', (answer) => {
      if (state !== 'waits') return void answer.destroy();
      state = 'is answered';
      return pass(answer, response, options);
    });
    watchConnect(trial, () => fail(504));
    trial.setTimeout(options.idle, () => fail(504));
    trial.on('error', () => {
      // An answer that has begun knows itself when it is cut short; it may be whole although the request was not read.
      if (state !== 'waits' || asked !== trial) return;
      if (trial.reusedSocket && !response.destroyed) attempt(true);
      else fail(502);
    });
    if (isRepeatable) trial.end();
    else client.pipe(trial);
  };
  const fail = (status: 502 | 504) => {
    if (state === 'has failed' || response.writableFinished || response.destroyed) return;
    state = 'has failed';
    client.unpipe();
    answerError(response, status);
    asked?.destroy();
  };
  response.once('close', () => {
    // The client went away, or the target did not wait for all that it still says.
    if (response.writableFinished && asked?.writableFinished === true) return;
    client.unpipe();
    client.resume();
    asked?.destroy();
  });
  attempt(false);
  return { cut: () => fail(502) };
}

const REPEATABLE = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'DELETE']);

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/**
 * Each request on a connection of its own, which the target is not told: one that closes it while the request still comes
 * would cut its own answer off.
 */
const FRESH = new Agent({ keepAlive: true });
FRESH.maxFreeSockets = 0;

function outgoing(client: IncomingMessage, options: ExchangeOptions, mayReuse: boolean): ClientRequest {
  const { host, port, localAddress, agent } = options;
  return ask({
    ...{ host, port, localAddress, method: client.method, path: client.url },
    headers: [...options.headers],
    agent: mayReuse ? agent : FRESH,
    setHost: false,
  });
}

function watchConnect(asked: ClientRequest, late: () => void): void {
  asked.once('socket', (socket) => {
    if (!socket.connecting) return;
    const timer = setTimeout(late, LONGEST_CONNECT);
    const clear = () => clearTimeout(timer);
    socket.once('connect', clear);
    socket.once('close', clear);
  });
}

function pass(answer: IncomingMessage, response: ServerResponse, options: ExchangeOptions): void {
  response.sendDate = false;
  const headers = answerHeaders(answer, options.cookies(answer), options.hideServer);
  response.writeHead(answer.statusCode ?? 502, answer.statusMessage ?? '', headers);
  answer.pipe(response);
  // An answer that is cut short must not look whole.
  answer.once('aborted', () => response.destroy());
  answer.once('error', () => response.destroy());
}
