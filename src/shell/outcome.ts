/** What came of a program: its frames and its steps folded into one result. */

import type { Plain } from '../value/value.ts';
import { wholeOf } from './bytes.ts';
import type { Frame } from './frames.ts';
import { ranAt } from './ran-at.ts';
import { Sh } from './sh.ts';
import type { Put, Ran, Run, Step } from './steps.ts';

export interface StepDiff {
  /** The property (`mode`, `owner` …), or undefined for the content of a file. */
  readonly name?: string;
  readonly path?: string;
  readonly before: string;
  readonly after: string;
}

export interface Outcome {
  readonly changed: boolean;
  readonly failed: boolean;
  /** All that would have run was left out in check mode. */
  readonly skipped: boolean;
  /** Why it failed; undefined when a failing command gives rc, stdout and stderr instead. */
  readonly msg?: string;
  /** Result values of `run` and `read` steps, and a put's `backup_file`. */
  readonly values: { readonly [key: string]: Plain };
  readonly diff: readonly StepDiff[];
}

/** Folds the frames of one program. Frames after a failure do not exist: the program ends with it. */
export function fold(steps: readonly Step[], frames: readonly Frame[]): Outcome {
  const values: { [key: string]: Plain } = {};
  const diff: StepDiff[] = [];
  const after = new Map<number, string>();
  let changed = false;
  let failed = false;
  let skipped = false;
  let msg: string | undefined;
  for (const frame of frames) {
    const index = Number(frame.index);
    const step = steps[index];
    if (!step) continue;
    if (frame.state === 'after') after.set(index, text(frame.first));
    else if (frame.state === 'skipped') skipped = true;
    else if (frame.state === 'ran' || frame.state === 'read') {
      changed = tell(step, frame, values) || changed;
    } else if (frame.state === 'failed') {
      failed = true;
      if (step.kind === 'run') tell(step, frame, values);
      else msg = text(frame.first).trim() || `a step failed with exit code ${frame.rc}`;
    } else if (frame.state.endsWith('changed')) {
      changed = true;
      Object.assign(values, backupFile(frame));
      const one = stepDiff(step, frame, after.get(index));
      if (one) diff.push(one);
    }
  }
  const outcome = { changed, failed, skipped: skipped && !changed && !failed, values, diff };
  return msg === undefined ? outcome : { ...outcome, msg };
}

function tell(step: Step, frame: Frame, values: { [key: string]: Plain }): boolean {
  const time = ranAt(frame.times);
  const ran: Ran = { rc: frame.rc, stdout: text(frame.first), stderr: text(frame.second), ...(time && { time }) };
  if (step.kind === 'read') Object.assign(values, step.parse(ran));
  if (step.kind !== 'run') return false;
  Object.assign(values, (step.result ?? commandResult)(ran));
  return frame.state === 'ran' && judge(step, ran);
}

function judge(step: Run, ran: Ran): boolean {
  return typeof step.changed === 'function' ? step.changed(ran) : (step.changed ?? true);
}

/** rc, stdout and stderr as Ansible gives them: without the last newline, and taken apart into lines. */
export function commandResult({ rc, stdout, stderr }: Ran): { readonly [key: string]: Plain } {
  const out = stdout.replace(/[\r\n]+$/, '');
  const err = stderr.replace(/[\r\n]+$/, '');
  return { rc, stdout: out, stdout_lines: lines(out), stderr: err, stderr_lines: lines(err) };
}

export function lines(text: string): string[] {
  return text === '' ? [] : text.split(/\r\n|\r|\n/);
}

function backupFile(frame: Frame): { readonly [key: string]: Plain } {
  const found = /^backup_file=(.*)$/s.exec(text(frame.first));
  return found ? { backup_file: found[1] ?? '' } : {};
}

function stepDiff(step: Step, frame: Frame, after: string | undefined): StepDiff | undefined {
  if (step.kind === 'set') return { name: step.name, before: text(frame.second), after: step.want };
  if (step.kind !== 'put' || step.secret) return undefined;
  return { path: step.path, before: text(frame.second), after: after ?? newContent(step) };
}

function newContent({ content }: Put): string {
  if (content instanceof Sh) return '';
  if (content.length > 104448) return '(too large to show)';
  const bytes = wholeOf(content);
  return bytes.includes(0) ? '(binary)' : bytes.toString('utf8');
}

function text(bytes: Buffer): string {
  return bytes.toString('utf8');
}
