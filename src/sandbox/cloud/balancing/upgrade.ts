/** A connection that stops to speak HTTP, for WebSocket and the like: bytes pass both ways until one side ends. */

import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { joined } from './joined.ts';

export interface UpgradeOptions {
  readonly host: string;
  readonly port: number;
  readonly localAddress: string;
  readonly headers: readonly string[];
  /** Milliseconds without a byte after which it ends. */
  readonly idle: number;
}

/** Says the request to the target, whose answer the client gets as it is. `ended` is called once. */
export function passUpgrade(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  { headers, idle, ...to }: UpgradeOptions,
  ended: () => void,
): Socket {
  const target = connect(to);
  target.setTimeout(idle, () => target.destroy());
  target.once('connect', () => {
    const lines = [`${request.method} ${request.url} HTTP/1.1`];
    for (let index = 0; index + 1 < headers.length; index += 2) lines.push(`${headers[index]}: ${headers[index + 1]}`);
    target.write(`${lines.join('\r\n')}\r\n\r\n`);
    target.write(head);
    joined(client, target);
  });
  let isConnected = false;
  target.once('connect', () => {
    isConnected = true;
  });
  target.once('error', () => {
    if (!isConnected) client.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  });
  target.once('close', ended);
  client.once('close', () => target.destroy());
  client.on('error', () => target.destroy());
  return target;
}
