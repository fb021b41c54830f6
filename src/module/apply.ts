/** Steps to a host and back: large contents are uploaded first, then one program, then its outcome. */

import type { Answer, Channel, TrainPlace } from '../connection/channel.ts';
import type { Become } from '../connection/connection.ts';
import type { Session } from '../connection/session.ts';
import { type CompileOptions, compile, type Program } from '../shell/compile.ts';
import { fold, type Outcome } from '../shell/outcome.ts';
import type { Steps } from '../shell/steps.ts';
import { largePuts } from './large-puts.ts';
import { Uploads } from './uploads.ts';

/** The train that programs join: those behind one that fails are not run. */
export interface Seat {
  readonly place: TrainPlace;
  /** Asked before a program is sent, when its channel is there; throws where it may not go this way now. */
  board(channel: Channel): Promise<void> | undefined;
  /** Told of a program that is sent. */
  sent(answer: Promise<Answer>): void;
}

/** The host ran nothing of a program, because an earlier task of its train failed. */
export class Refused extends Error {}

export interface ApplyOptions extends Omit<CompileOptions, 'uploads' | 'seen'> {
  readonly become?: Become | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
  /** Told when the program is on its way: what is sent after that comes after it. */
  readonly onSent?: (() => void) | undefined;
  readonly seat?: Seat | undefined;
}

/** Throws Faults of the connection (`host-unreachable`, `connection-lost` …) and Refused; a failed step is in the outcome. */
export async function apply(session: Session, steps: Steps, options: ApplyOptions): Promise<Outcome> {
  const puts = largePuts(steps);
  if (puts.length === 0) return execute(session, compile(steps, options), options);
  if (options.check) return execute(session, compile(steps, { ...options, ...Uploads.none(puts) }), options);
  const uploads = new Uploads(session, options.become);
  try {
    const told = await uploads.send(puts);
    return await execute(session, compile(steps, { ...options, ...told }), options, uploads);
  } finally {
    await uploads.dropped();
  }
}

async function execute(session: Session, program: Program, options: ApplyOptions, uploads?: Uploads): Promise<Outcome> {
  const channel = await session.greeted(options.become);
  const { onProgress, seat } = options;
  await seat?.board(channel);
  const answering = channel.run(program.text, { place: seat?.place, ...(onProgress && { onProgress }) });
  uploads?.drop();
  seat?.sent(answering);
  options.onSent?.();
  const answer = await answering;
  if (answer.refused) throw new Refused('a task before this one failed');
  const outcome = fold(program.steps, answer.frames);
  if (answer.rc === 0 || outcome.failed) return outcome;
  return { ...outcome, failed: true, msg: `the program ended early with exit code ${answer.rc}` };
}
