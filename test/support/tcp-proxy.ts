/** A wire that can be slow, be cut, or go silent. */

import { connect, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

export interface TcpProxy {
  readonly port: number;
  /** Connections so far. */
  readonly accepted: number;
  /** Bytes that have gone to the server. */
  readonly passed: number;
  /** Ends every connection at once. */
  cut(): void;
  /** From now on nothing passes any more, and nobody is told. */
  silence(): void;
  stop(): Promise<void>;
}

/** @param rate bytes that go to the server in a millisecond, on each connection. */
export async function startTcpProxy(to: number, rate = Number.POSITIVE_INFINITY): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  let [accepted, passed] = [0, 0];
  const slowly = () =>
    new Transform({
      transform: (chunk: Buffer, _, done) => {
        passed += chunk.length;
        if (rate === Number.POSITIVE_INFINITY) done(null, chunk);
        else setTimeout(() => done(null, chunk), chunk.length / rate);
      },
    });
  const server = createServer((near) => {
    accepted++;
    const far = connect(to, '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('error', () => undefined);
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    near.pipe(slowly()).pipe(far);
    far.pipe(near);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve());
  });
  const address = server.address();
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    get accepted() {
      return accepted;
    },
    get passed() {
      return passed;
    },
    cut,
    silence: () => {
      for (const socket of sockets) {
        socket.unpipe();
        socket.pause();
      }
    },
    stop: () => {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
