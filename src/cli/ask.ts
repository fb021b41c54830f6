import { Writable } from 'node:stream';
import { Fault } from '../fault.ts';
import type { Ask } from './session.ts';

/**
 * Asks on the terminal, or reads a line of standard input where that is no terminal. The prompt goes to standard error
 * when standard output is not a terminal, so that it cannot end up in a file.
 */
export function ask(signal: AbortSignal, interrupt: () => void): Ask {
  const shown = process.stdout.isTTY ? process.stdout : process.stderr;
  let piped: AsyncIterator<string> | undefined;

  const typed = (prompt: string, echo: boolean) =>
    until(signal, (resolve) => {
      const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
      const lines = readline().createInterface({ input: process.stdin, output: echo ? shown : silent, terminal: true });
      if (!echo) shown.write(prompt);
      lines.on('SIGINT', interrupt);
      lines.once('close', () => resolve('')); // Ctrl-D
      lines.question(echo ? prompt : '', resolve);
      return () => {
        lines.close();
        if (!echo) shown.write('\n');
      };
    });

  const read = (prompt: string) =>
    until(signal, (resolve, reject) => {
      shown.write(`${prompt}\n`);
      piped ??= readline().createInterface({ input: process.stdin })[Symbol.asyncIterator]();
      piped.next().then(({ done, value }) => resolve(done ? '' : value), reject);
      return () => {};
    });

  return (prompt, { echo }) => (process.stdin.isTTY ? typed(prompt, echo) : read(prompt));
}

/** Most runs ask nothing, and need not load it. */
const readline = () => process.getBuiltinModule('node:readline');

/** What `start` settles, or a rejection when the run is interrupted; the clean-up that it returns runs in any case. */
function until(
  signal: AbortSignal,
  start: (resolve: (answer: string) => void, reject: (error: unknown) => void) => () => void,
): Promise<string> {
  let cleanUp = () => {};
  let abort = () => {};
  const answer = new Promise<string>((resolve, reject) => {
    abort = () => reject(new Fault('interrupted', 'User interrupted execution'));
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    else cleanUp = start(resolve, reject);
  });
  return answer.finally(() => {
    signal.removeEventListener('abort', abort);
    cleanUp();
  });
}
