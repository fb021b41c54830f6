/** What an application load balancer answers by itself. */

import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { FixedResponseAction, RedirectAction } from './balancing-records.ts';
import { hostOf, pathOf, queryOf } from './rule-match.ts';

const SERVER = 'awselb/2.0';

/** 502: the target's answer is none; 503: there is no target; 504: it takes too long. */
export function answerError(response: ServerResponse, status: 502 | 503 | 504): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const title = `${status} ${STATUS_CODES[status]}`;
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
  answer(response, { status, contentType: 'text/html', body });
}

export function answerFixed(response: ServerResponse, { status, contentType, body = '' }: FixedResponseAction): void {
  answer(response, { status, contentType: contentType ?? 'text/plain', body });
}

export function answerRedirect(
  request: IncomingMessage,
  response: ServerResponse,
  { port, action }: { readonly port: number; readonly action: RedirectAction },
): void {
  const Location = locationOf(request, port, action);
  response.writeHead(action.status, { Server: SERVER, 'Content-Type': 'text/html', 'Content-Length': 0, Location });
  response.end();
}

function locationOf({ headers, url = '/' }: IncomingMessage, port: number, action: RedirectAction): string {
  const parts: Readonly<Record<string, string>> = {
    protocol: 'http',
    host: hostOf({ headers }),
    port: String(port),
    path: pathOf(url).slice(1),
    query: queryOf(url),
  };
  const filled = (text: string) => text.replace(/#\{(\w+)\}/g, (whole, name) => parts[name] ?? whole);
  const protocol = filled(action.protocol).toLowerCase();
  const query = filled(action.query);
  return `${protocol}://${filled(action.host)}:${filled(action.port)}${filled(action.path)}${query === '' ? '' : `?${query}`}`;
}

interface OwnAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

function answer(response: ServerResponse, { status, contentType, body }: OwnAnswer): void {
  const length = Buffer.byteLength(body);
  response.writeHead(status, { Server: SERVER, 'Content-Type': contentType, 'Content-Length': length });
  response.end(body);
}
