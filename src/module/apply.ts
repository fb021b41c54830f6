/** Steps to a host and back: large contents are uploaded first, then one program, then its outcome. */

import { createHash } from 'node:crypto';
import type { Answer, Channel, TrainPlace } from '../connection/channel.ts';
import type { Become } from '../connection/connection.ts';
import type { Session } from '../connection/session.ts';
import { type CompileOptions, compile, INLINE_LIMIT, type Program } from '../shell/compile.ts';
import { fold, type Outcome } from '../shell/outcome.ts';
import { Sh, script, sh } from '../shell/sh.ts';
import { compact, type Put, read, type Step, type Steps } from '../shell/steps.ts';

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

export interface ApplyOptions extends Omit<CompileOptions, 'uploads'> {
  readonly become?: Become | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
  /** Told when the program is on its way: what is sent after that comes after it. */
  readonly onSent?: (() => void) | undefined;
  readonly seat?: Seat | undefined;
}

/** No file: were it read after all, the step would fail instead of writing nothing. */
const NOT_UPLOADED = '/dev/null/not-uploaded';

/** Throws Faults of the connection (`host-unreachable`, `connection-lost` …) and Refused; a failed step is in the outcome. */
export async function apply(session: Session, steps: Steps, options: ApplyOptions): Promise<Outcome> {
  const uploads = await uploadLarge(session, steps, options);
  return execute(session, compile(steps, { ...options, uploads }), options);
}

async function execute(session: Session, program: Program, options: ApplyOptions): Promise<Outcome> {
  const channel = await session.greeted(options.become);
  const { onProgress, seat } = options;
  await seat?.board(channel);
  const answering = channel.run(program.text, { place: seat?.place, ...(onProgress && { onProgress }) });
  seat?.sent(answering);
  options.onSent?.();
  const answer = await answering;
  if (answer.refused) throw new Refused('a task before this one failed');
  const outcome = fold(program.steps, answer.frames);
  if (answer.rc === 0 || outcome.failed) return outcome;
  return { ...outcome, failed: true, msg: `the program ended early with exit code ${answer.rc}` };
}

/** Uploads the contents that are too large for a program, unless the host has them already or this is check mode. */
async function uploadLarge(session: Session, steps: Steps, options: ApplyOptions): Promise<ReadonlyMap<Put, string>> {
  const uploads = new Map<Put, string>();
  const puts = largePuts(steps);
  if (puts.length === 0) return uploads;
  const contents = puts.map((step) => Buffer.from(step.content as string | Uint8Array));
  const sums = options.check ? [] : await sumsOf(session, puts, options);
  for (const [index, step] of puts.entries()) {
    const content = contents[index]!;
    const there = options.check || sums[index] === createHash('sha256').update(content).digest('hex');
    uploads.set(step, there ? NOT_UPLOADED : await session.upload(content, options.become));
  }
  return uploads;
}

/** SHA-256 of what stands where each put will write, empty for nothing. One trip. */
async function sumsOf(session: Session, puts: readonly Put[], options: ApplyOptions): Promise<readonly string[]> {
  const looks = puts.map((step) => look(step).text).join('\n');
  const sums = read(new Sh(looks), ({ stdout }) => ({ sums: stdout.split('\n') }));
  const asking = compile([sums], { check: false, diff: false });
  const outcome = await execute(session, asking, { ...options, onSent: undefined });
  const found = outcome.values['sums'];
  return Array.isArray(found) ? found.map((line) => String(line).split(' ')[0] ?? '') : [];
}

/** A link that will be replaced does not count. */
function look({ path, into = '', follow }: Put): Sh {
  return sh`p=${path}; if [ -n ${into} ] && [ -d "$p" ]; then p=$p/${into}; fi
    if [ -f "$p" ] && { ${script(follow ? ':' : '[ ! -L "$p" ]')}; }; then sha256sum <"$p"; else echo; fi`;
}

/** Those whose content is too large for a program. */
export function largePuts(steps: Steps): Put[] {
  return compact(steps).flatMap((step: Step): Put[] => {
    if (step.kind === 'when') return [...largePuts(step.then), ...largePuts(step.otherwise)];
    const large = step.kind === 'put' && !(step.content instanceof Sh) && step.content.length > INLINE_LIMIT;
    return large ? [step] : [];
  });
}
