/** The process around a verb: its streams, its signals, its end. */

import { writeSync } from 'node:fs';
import { faultsOf } from '../fault.ts';
import type { Screen } from '../report/screen.ts';
import { ask } from './ask.ts';
import { exitCodeOf } from './exit-code.ts';
import { interruptible } from './interruptible.ts';
import type { Verb } from './session.ts';
import { flush, quietAtClosedPipes, screenOf } from './streams.ts';

export type Program = 'play' | 'bake' | 'rollout' | 'playbake';

const BUG = 250;

/** Runs a verb to its end and ends the process. */
export async function run(program: Program, args: readonly string[]): Promise<never> {
  quietAtClosedPipes();
  const screen = screenOf(process);
  // Past any view that holds back what is written.
  const direct: Screen = { ...screen, err: (text) => void writeSync(process.stderr.fd, text) };
  const fail = (error: unknown) => void explain(error, direct).then(end);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  const { signal, stop } = interruptible();
  try {
    const verb = await verbOf(program);
    const interactive = process.stdin.isTTY === true;
    const live = process.stdout.isTTY === true && process.env['TERM'] !== 'dumb';
    const code = await verb(args, { screen, env: process.env, live, interactive, ask: ask(signal, stop), signal });
    return await end(code);
  } catch (error) {
    return await end(await explain(error, screen));
  }
}

async function verbOf(program: Program): Promise<Verb> {
  switch (program) {
    case 'play':
      return (await import('./play.ts')).play;
    case 'playbake':
      return (await import('./playbake.ts')).playbake;
    case 'bake':
      return (await import('./bake.ts')).bake;
    case 'rollout':
      return (await import('./rollout.ts')).rollout;
  }
}

/** Shows what was thrown; gives the exit code that it asks for. */
async function explain(error: unknown, screen: Screen): Promise<number> {
  const faults = faultsOf(error);
  if (faults) {
    const { faultsText } = await import('../report/fault.ts');
    screen.err(faultsText(faults, screen));
    return exitCodeOf(faults);
  }
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  screen.err(`ERROR! This is a bug in playbake, not in your playbook. Please report it with these lines:\n${trace}\n`);
  return BUG;
}

async function end(code: number): Promise<never> {
  await flush();
  process.exit(code);
}
