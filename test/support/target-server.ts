/** A real HTTP server where an instance of a cloud in this process would be: its address of loopback. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { BalancedCloud } from './balanced-cloud.ts';

export interface TargetServer {
  readonly address: string;
  /** What was asked, but for health checks, such as `GET /x`. */
  readonly asked: string[];
  readonly checks: IncomingMessage[];
  /** What health checks are answered with. */
  health: number;
  /** Closes connections that wait for another request. */
  readonly closeIdle: () => void;
  readonly stop: () => void;
}

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers with the instance's id unless told otherwise. */
export async function serveTarget(
  cloud: BalancedCloud,
  id: string,
  answer?: Answer,
  port = 8081,
): Promise<TargetServer> {
  const address = cloud.server.addresses.reach(cloud.state().instances[id]?.address ?? '');
  const server = createServer((request, response) => {
    if (request.headers['user-agent'] === 'ELB-HealthChecker/2.0') {
      target.checks.push(request);
      response.writeHead(target.health).end();
      return;
    }
    target.asked.push(`${request.method} ${request.url}`);
    if (answer === undefined) response.end(id);
    else answer(request, response);
  });
  server.on('upgrade', (request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
    socket.write(`hello ${request.headers['x-forwarded-proto']} `);
    socket.pipe(socket);
  });
  const target: TargetServer = {
    address,
    asked: [],
    checks: [],
    health: 200,
    closeIdle: () => server.closeIdleConnections(),
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
  server.listen(port, address);
  await once(server, 'listening');
  return target;
}
