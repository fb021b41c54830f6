import { writeSync } from 'node:fs';

const SHOW_CURSOR = '\u001b[?25h';

/**
 * A signal that the first Ctrl-C (or SIGTERM, SIGHUP) aborts; what runs then ends in good order. The second one ends
 * the process at once. `stop` does what a Ctrl-C does, for terminals in raw mode, where it is only a key.
 */
export function interruptible(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) {
      if (process.stdin.isTTY) process.stdin.setRawMode(false);
      if (process.stderr.isTTY) writeSync(process.stderr.fd, SHOW_CURSOR);
      process.exit(99);
    }
    controller.abort();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, stop);
  return { signal: controller.signal, stop };
}
