/** Steps to a host and back: large contents are uploaded first, then one program, then its outcome. */

import { createHash } from 'node:crypto';
import type { Become } from '../connection/connection.ts';
import type { Session } from '../connection/session.ts';
import { type CompileOptions, compile, INLINE_LIMIT, type Program } from '../shell/compile.ts';
import { fold, type Outcome } from '../shell/outcome.ts';
import { Sh, script, sh } from '../shell/sh.ts';
import { compact, type Put, read, type Step, type Steps } from '../shell/steps.ts';

export interface ApplyOptions extends Omit<CompileOptions, 'uploads'> {
  readonly become?: Become | undefined;
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** No file: were it read after all, the step would fail instead of writing nothing. */
const NOT_UPLOADED = '/dev/null/not-uploaded';

/** Throws Faults of the connection (`host-unreachable`, `connection-lost` …); a failed step is in the outcome. */
export async function apply(session: Session, steps: Steps, options: ApplyOptions): Promise<Outcome> {
  const uploads = await uploadLarge(session, steps, options);
  return execute(session, compile(steps, { ...options, uploads }), options);
}

async function execute(session: Session, program: Program, options: ApplyOptions): Promise<Outcome> {
  const channel = await session.channel(options.become);
  const answer = await channel.run(program.text, options.onProgress ? { onProgress: options.onProgress } : {});
  const outcome = fold(program.steps, answer.frames);
  if (answer.rc === 0 || outcome.failed) return outcome;
  return { ...outcome, failed: true, msg: `the program ended early with exit code ${answer.rc}` };
}

/** Uploads the contents that are too large for a program, unless the host has them already or this is check mode. */
async function uploadLarge(session: Session, steps: Steps, options: ApplyOptions): Promise<ReadonlyMap<Put, string>> {
  const uploads = new Map<Put, string>();
  for (const step of largePuts(steps)) {
    const content = Buffer.from(step.content as string | Uint8Array);
    const there = options.check || (await hasContent(session, step, content, options));
    uploads.set(step, there ? NOT_UPLOADED : await session.upload(content, options.become));
  }
  return uploads;
}

/** Also true where the put will refuse or skip the file without looking at its content. */
async function hasContent(session: Session, step: Put, content: Buffer, options: ApplyOptions): Promise<boolean> {
  const want = createHash('sha256').update(content).digest('hex');
  const name = step.into ?? '';
  const look = read(
    sh`p=${step.path}; if [ -n ${name} ] && [ -d "$p" ]; then p=$p/${name}; fi
    if [ -f "$p" ] && { ${script(step.follow ? ':' : '[ ! -L "$p" ]')}; }; then sha256sum <"$p"; fi`,
    ({ stdout }) => ({ sum: stdout.split(' ')[0] ?? '' }),
  );
  const outcome = await execute(session, compile([look], { check: false, diff: false }), options);
  return outcome.values['sum'] === want;
}

function largePuts(steps: Steps): Put[] {
  return compact(steps).flatMap((step: Step): Put[] => {
    if (step.kind === 'when') return [...largePuts(step.then), ...largePuts(step.otherwise)];
    const large = step.kind === 'put' && !(step.content instanceof Sh) && step.content.length > INLINE_LIMIT;
    return large ? [step] : [];
  });
}
