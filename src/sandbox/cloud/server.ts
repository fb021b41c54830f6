/** The HTTP server: finds the action for a request, does it, and answers; or does wrong what it was told to. */

import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from './action.ts';
import { ACTIONS } from './actions.ts';
import { type CallLog, shownParameters } from './call-log.ts';
import type { Cloud } from './cloud.ts';
import { errorOf, type Failure, type Injector } from './injections.ts';
import { ApiError } from './protocol/api-error.ts';
import { decodeQuery } from './protocol/decode-query.ts';
import { encodeAnswer, encodeError } from './protocol/encode-xml.ts';
import { type Service, serviceNamed, shapesOf } from './protocol/services.ts';
import { Region } from './region.ts';
import { isRegion } from './regions.ts';
import { type ApiRequest, readRequest } from './request.ts';

export interface ServerOptions {
  readonly cloud: Cloud;
  readonly injector: Injector;
  readonly log: CallLog;
  /** Ends the process as a crash would. */
  readonly crash: () => void;
  /** What time it is for actions, in milliseconds since 1970; by default what it is. */
  readonly clock?: () => number;
  /** Requests whose path begins with /playbake/ are for this; answers whether it knew the path. */
  readonly manage: (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;
}

/** A server that does not listen yet. */
export function createApiServer(options: ServerOptions): Server {
  const server = createServer((request, response) => {
    serve(request, response, options).catch((error: unknown) => {
      // Only what cannot be answered comes here: the client went away.
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  // Clients reuse connections; a short idle time would cut them off in mid-request.
  server.keepAliveTimeout = 60_000;
  return server;
}

async function serve(message: IncomingMessage, response: ServerResponse, options: ServerOptions): Promise<void> {
  if (message.url?.startsWith('/playbake/') && (await options.manage(message, response))) return;
  const id = randomUUID();
  const started = Date.now();
  let service = serviceNamed('ec2');
  let answer: { readonly status: number; readonly body: string; readonly failure?: Failure | undefined };
  let call = { service: '', region: '', action: '', parameters: new URLSearchParams() };
  let said = 'ok';
  try {
    const request = await readRequest(message);
    service = request.service;
    call = { ...request, service: request.service.name };
    const failure = options.injector.strike(request.action);
    if (failure?.how === 'crash') return options.crash();
    if (failure?.how === 'error') throw errorOf(failure);
    await sleep(options.injector.injections.latency);
    answer = { status: 200, body: await perform(request, options, id), failure };
  } catch (error) {
    const refusal = error instanceof ApiError ? error : unexpected(error);
    said = refusal.code;
    answer = { status: refusal.status, body: encodeError(service ?? FALLBACK, refusal, id) };
  }
  await options.log.add({
    time: new Date(started).toISOString(),
    ...call,
    parameters: shownParameters(call.parameters),
    answer: said,
    milliseconds: Date.now() - started,
  });
  if (answer.failure?.how === 'crash-after') return options.crash();
  if (answer.failure?.how === 'lost') return void response.destroy();
  response.writeHead(answer.status, { 'Content-Type': 'text/xml;charset=UTF-8', 'x-amzn-RequestId': id });
  response.end(answer.body);
}

const FALLBACK: Service = { name: 'ec2', protocol: 'ec2', namespace: '', package: '' };

async function perform(
  request: ApiRequest,
  { cloud, injector, clock = Date.now }: ServerOptions,
  id: string,
): Promise<string> {
  const { service, action, parameters } = request;
  const shapes = shapesOf(service, action);
  const perform = ACTIONS[service.name]?.[action];
  if (shapes === undefined)
    throw new ApiError('InvalidAction', `The action ${action} is not valid for this web service.`);
  if (perform === undefined) {
    throw new ApiError('UnsupportedOperation', `The sandbox has no action ${action} of ${service.name} yet.`);
  }
  const input = decodeQuery(service.protocol, shapes.input, parameters);
  const dryRun = typeof input === 'object' && 'DryRun' in input && input.DryRun === true;
  const regionNamed = (name: string): Region => {
    if (!isRegion(name)) throw new ApiError('InvalidParameterValue', `There is no region ${JSON.stringify(name)}.`);
    return new Region({ store: cloud.store, name, delay: injector.injections.consistencyDelay, dryRun });
  };
  const seen = cloud.store.seen(injector.injections.consistencyDelay);
  const context: Context = { cloud, region: regionNamed(request.region), regionNamed, seen, now: clock() };
  // The codec made the input by the shape that has the action's name: this is the one place where that must be trusted.
  const output = await perform(input as never, context);
  if (dryRun) throw new ApiError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
  await cloud.store.flush();
  return encodeAnswer(service, action, shapes.output, output, id);
}

function unexpected(error: unknown): ApiError {
  const said = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new ApiError('InternalError', `The sandbox failed: ${said}`, 500);
}
