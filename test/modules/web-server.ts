/** A web server for cases about HTTP. */

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const FILE = 'the file\n';

export async function startServer(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, Buffer.concat(chunks).toString('utf8'), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(request: IncomingMessage, body: string, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '/', 'http://here');
  const { method = '', headers } = request;
  const say = (status: number, type: string, text: string | Buffer, more: Record<string, string | string[]> = {}) =>
    response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text), ...more }).end(text);
  const status = /^\/status\/(\d+)$/.exec(pathname)?.[1];
  const user = headers.authorization ? Buffer.from(headers.authorization.slice(6), 'base64').toString() : '';
  if (status) say(Number(status), 'text/plain', `status ${status}`);
  else if (pathname === '/json') say(200, 'application/json; charset=utf-8', '{"a": [1, "é"]}');
  else if (pathname === '/latin') say(200, 'text/plain; charset=iso-8859-1', Buffer.from('caf\xe9', 'latin1'));
  else if (pathname === '/echo') {
    const { 'user-agent': agent, 'content-type': type, 'x-own': own } = headers;
    say(200, 'application/json', JSON.stringify({ method, body, agent, type, own }));
  } else if (pathname === '/to') response.writeHead(302, { Location: '/file' }).end();
  else if (pathname === '/cookies')
    say(200, 'text/plain', 'x', { 'Set-Cookie': ['a=1; Path=/', 'b="2"'], 'X-Two-Words': 'yes' });
  else if (pathname === '/private') {
    if (user === 'me:it\'s "secret" \\') say(200, 'text/plain', 'welcome');
    else say(401, 'text/plain', 'no', { 'WWW-Authenticate': 'Basic realm="x"' });
  } else if (pathname === '/file.sum') say(200, 'text/plain', `${'0'.repeat(64)}  other\n${sum(FILE)}  file\n`);
  else if (pathname === '/only.sum') say(200, 'text/plain', `${sum(FILE)}\n`);
  else if (headers['if-modified-since']) response.writeHead(304).end();
  else say(200, 'text/plain', FILE);
}

function sum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
