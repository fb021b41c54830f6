/** One look at whether a port or a page of an instance answers. */

import { request } from 'node:http';
import { connect } from 'node:net';

/** Why not; undefined: it does. A question that is not answered in this time (milliseconds) is answered with no. */
export type Probe = (address: string, timeout: number, signal: AbortSignal) => Promise<string | undefined>;

export interface HttpProbe {
  readonly port: number;
  readonly path: string;
  /** Statuses that are right; none: all from 200 to 399. Redirects are not followed. */
  readonly status: readonly number[];
}

export function httpProbe({ port, path, status }: HttpProbe): Probe {
  const isRight = (code: number) => (status.length === 0 ? code >= 200 && code < 400 : status.includes(code));
  return (address, timeout, signal) =>
    new Promise((resolve) => {
      const url = `http://${address}:${port}${path}`;
      // A connection of its own for each: a kept one says nothing of the next.
      const asked = request(url, { agent: false, headers: { 'User-Agent': 'playbake' }, signal });
      const stop = setTimeout(() => asked.destroy(new Error(`no answer in ${timeout / 1000} s`)), timeout);
      const end = (why: string | undefined) => {
        clearTimeout(stop);
        asked.destroy();
        resolve(why);
      };
      asked.on('response', ({ statusCode = 0 }) =>
        end(isRight(statusCode) ? undefined : `${url} answers ${statusCode}`),
      );
      asked.on('error', (error) => end(`${url}: ${error.message}`));
      asked.end();
    });
}

export function tcpProbe({ port }: { readonly port: number }): Probe {
  return (address, timeout, signal) =>
    new Promise((resolve) => {
      const socket = connect({ host: address, port, signal });
      const end = (why: string | undefined) => {
        socket.destroy();
        resolve(why);
      };
      socket.setTimeout(timeout, () => end(`port ${port} of ${address}: no answer in ${timeout / 1000} s`));
      socket.on('connect', () => end(undefined));
      socket.on('error', (error) => end(`port ${port} of ${address}: ${error.message}`));
    });
}
