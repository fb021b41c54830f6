/** The server's own paths, below /playbake/: for the command line, never for a browser. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cloud } from './cloud.ts';
import type { Injections, Injector } from './injections.ts';

/** Browsers cannot send it to another origin without asking first. */
export const MANAGE_HEADER = 'x-playbake';

export interface ServerStatus {
  readonly pid: number;
  readonly home: string;
  readonly injections: Injections;
}

export interface ManageOptions {
  readonly cloud: Cloud;
  readonly injector: Injector;
  readonly pid: number;
  /** Ends the server when what it is doing is done. */
  readonly stop: () => void;
}

type Manage = (request: IncomingMessage, response: ServerResponse) => Promise<boolean>;

export function manageWith({ cloud, injector, pid, stop }: ManageOptions): Manage {
  return async (request, response) => {
    const answer = (status: number, body: object): true => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(`${JSON.stringify(body)}\n`);
      return true;
    };
    if (request.headers[MANAGE_HEADER] === undefined)
      return answer(403, { message: `send the header ${MANAGE_HEADER}` });
    switch (`${request.method} ${request.url}`) {
      case 'GET /playbake/status': {
        const status: ServerStatus = { pid, home: cloud.home.root, injections: injector.injections };
        return answer(200, status);
      }
      case 'PUT /playbake/injections':
        await injector.set(JSON.parse(await bodyOf(request)));
        return answer(200, injector.injections);
      case 'POST /playbake/stop':
        answer(200, {});
        stop();
        return true;
      default:
        return answer(404, { message: 'there is nothing at this path' });
    }
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const part of request) text += part;
  return text;
}
