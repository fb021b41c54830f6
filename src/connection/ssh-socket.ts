/** The byte stream to a host's SSH port: TCP, or what a ProxyCommand gives. */

import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { startProcess } from './local.ts';
import { socketFault, timeoutFault } from './ssh-faults.ts';
import type { SshSettings } from './ssh-settings.ts';
import { Tail } from './tail.ts';

/** Throws `host-unresolved`, `host-unreachable`, `connection-timeout`. */
export function connectSocket(settings: SshSettings): Promise<Socket> {
  const { family, host, port, timeout } = settings;
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, family, noDelay: true });
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(socketFault(settings, firstError(error)));
    };
    const timer = setTimeout(() => {
      socket.destroy();
      reject(timeoutFault(settings, 'does not answer'));
    }, timeout * 1000);
    socket.once('connect', () => {
      clearTimeout(timer);
      socket.off('error', fail);
      // What happens before the login listens is found in `errored`.
      socket.on('error', () => undefined);
      resolve(socket);
    });
    socket.once('error', fail);
  });
}

/** With several addresses Node gives one error for all; the first tells as much as any. */
function firstError(error: Error): Error {
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : undefined;
  return inner instanceof Error ? inner : error;
}

/** A command whose stdin and stdout are the stream. What it says on stderr is the error when it ends. */
export function proxySocket(command: string): Duplex {
  const pipe = startProcess(['/bin/sh', '-c', `exec ${command}`]);
  const said = new Tail(pipe.stderr);
  const duplex = new Duplex({
    read: () => pipe.stdout.resume(),
    write: (chunk, _encoding, done) => {
      pipe.stdin.write(chunk, () => done());
    },
    final: (done) => {
      pipe.stdin.end(() => done());
    },
    destroy: (error, done) => {
      pipe.destroy();
      done(error);
    },
  });
  pipe.stdin.on('error', () => undefined);
  duplex.on('error', () => undefined);
  pipe.stdout.on('data', (chunk: Buffer) => {
    if (!duplex.push(chunk)) pipe.stdout.pause();
  });
  void pipe.closed.then((why) => {
    const reason = said.text.trim() || why;
    if (reason === 'exit 0') duplex.push(null);
    else duplex.destroy(new Error(`the ProxyCommand ended: ${reason}`));
  });
  return duplex;
}
