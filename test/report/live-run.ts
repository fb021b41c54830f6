/** Plays a scripted run on the terminal that it is started on. Arguments: hosts, milliseconds a task, what to do at the end. */

import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../../src/cli/ask.ts';
import { screenOf } from '../../src/cli/streams.ts';
import type { TaskInfo } from '../../src/play/events.ts';
import { LiveReporter } from '../../src/report/live.ts';

const [count, pace, ending] = [Number(process.argv[2]), Number(process.argv[3]), process.argv[4]];
const hosts = Array.from({ length: count }, (_, index) => `web${index + 1}`);
const where = { file: `${process.cwd()}/site.yml`, line: 7, column: 5 };
const screen = screenOf(process);
const reporter = new LiveReporter(screen, { verbosity: 0 });

async function play(id: number, name: string, failing: readonly string[], changing: readonly string[]): Promise<void> {
  const task: TaskInfo = { id, name, action: 'command', where, handler: false, check: false };
  reporter.emit({ type: 'task-start', task, hosts });
  for (const host of hosts) reporter.emit({ type: 'host-start', task, host });
  for (const host of hosts) reporter.emit({ type: 'progress', task, host, line: `Unpacking ${name}\u001b[31m …` });
  await sleep(pace);
  const done = { type: 'result', task, diff: [], ignored: false, loop: false, seconds: pace / 1000 } as const;
  for (const host of hosts) {
    const failed = { msg: 'non-zero return code', rc: 3, stderr: 'no such table\nrun setup first' };
    if (failing.includes(host)) reporter.emit({ ...done, host, status: 'failed', result: failed });
    else reporter.emit({ ...done, host, status: changing.includes(host) ? 'changed' : 'ok', result: {} });
  }
}

reporter.emit({ type: 'play-start', name: 'Update', hosts, where });
await play(1, 'install', [], ['web2']);
reporter.emit({ type: 'warning', message: 'old' });
await play(2, 'migrate', ['web3'], []);
if (ending === 'ask') {
  const secret = await reporter.aside(() =>
    ask(new AbortController().signal, () => process.exit(99))('Password: ', { echo: false }),
  );
  screen.out(`${secret.length} characters\n`);
}
if (ending === 'wait') await sleep(60_000);
const stats = { ok: 2, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 };
reporter.emit({ type: 'run-end', stats: new Map([['web1', stats]]), seconds: 1, interrupted: false });
await reporter.close();
