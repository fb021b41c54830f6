/** `async`: a task's program runs on as a job on the host, and is asked how it fares. */

import { randomInt } from 'node:crypto';
import { Fault } from '../fault.ts';
import { apply } from '../module/apply.ts';
import { expandPaths } from '../module/expand-paths.ts';
import { isSteps, type Module, type Outcome, type Result, read, sh } from '../module/module.ts';
import { sumUp } from '../module/perform.ts';
import { compile } from '../shell/compile.ts';
import { type Frame, FrameReader } from '../shell/frames.ts';
import { fold } from '../shell/outcome.ts';
import type { Step } from '../shell/steps.ts';
import { type Place, resultData } from './action.ts';
import type { ResultData } from './events.ts';
import { environmentOf, ownNumber } from './item.ts';
import { sleep } from './sleep.ts';
import type { TaskHost } from './task-host.ts';
import type { ItemRun, TaskResult } from './task-run.ts';

interface JobInput {
  readonly name: string;
  readonly module: Module;
  readonly args: Parameters<NonNullable<Module['plan']>>[0];
  readonly host: TaskHost;
  readonly place: Place;
  readonly seconds: number;
}

/** What this run knows of the jobs it started; a job of another run is read without. */
interface Job {
  readonly steps: readonly Step[];
  readonly sum: (outcome: Outcome) => Result;
}

const jobs = new Map<string, Job>();

export async function startJob(run: ItemRun, input: JobInput): Promise<TaskResult> {
  const { module, args, host, place, seconds } = input;
  if (!module.plan) {
    throw new Fault('value-invalid', `async is not supported for ${input.name}`, {
      where: run.task.where,
      hint: 'run it without async; it waits by itself',
    });
  }
  const expanded = await expandPaths(module, args, host);
  const planned = await module.plan(expanded, host);
  if (!isSteps(planned)) return { result: resultData(planned, []), diff: [] };
  if (host.check)
    return {
      result: { changed: false, skipped: true, msg: 'check mode and async cannot be used on same task.' },
      diff: [],
    };
  const id = `j${randomInt(1e11, 1e12)}.${process.pid}`;
  const program = compile(planned, { check: false, diff: false, environment: environmentOf(run) });
  const channel = await place.session().channel(place.become);
  const answer = await channel.start(id, seconds, program.text);
  if (answer.rc !== 0)
    throw new Fault('file-unreadable', 'cannot write to ~/.ansible_async on the host', { where: run.task.where });
  jobs.set(id, { steps: program.steps, sum: (outcome) => module.result?.(outcome, expanded, host) ?? sumUp(outcome) });
  const started = { started: 1, finished: 0, ansible_job_id: id, results_file: `~/.ansible_async/${id}` };
  const poll = ownNumber(run, 'poll') ?? 15;
  if (poll <= 0) return { result: { ...started, failed: false, changed: true }, diff: [] };
  return waitFor(run, place, id, poll, Date.now() + (seconds + 5) * 1000);
}

async function waitFor(run: ItemRun, place: Place, id: string, poll: number, deadline: number): Promise<TaskResult> {
  for (;;) {
    await sleep(poll, run.play.world.options.signal);
    const status = await jobStatus(place, id);
    if (status['finished'] === 1) return { result: status, diff: [], delegatedTo: place.delegatedTo };
    if (Date.now() > deadline) {
      return {
        result: { ...status, failed: true, msg: `async task did not complete within the requested time` },
        diff: [],
      };
    }
  }
}

/** How a job fares, as `async_status` answers. */
export async function jobStatus(place: Place, id: string): Promise<ResultData> {
  const bytes = await jobFile(place, id);
  const base = { ansible_job_id: id, started: 1, finished: 0, results_file: `~/.ansible_async/${id}` };
  if (bytes === undefined) {
    const said = { stdout: '', stdout_lines: [], stderr: '', stderr_lines: [] };
    return { ...base, ...said, finished: 1, failed: true, changed: false, msg: 'could not find job' };
  }
  const frames = jobFrames(bytes);
  const end = frames.find((frame) => frame.index === 'end');
  if (!end) return { ...base, changed: false, failed: false };
  if (end.state === 'late') {
    return { ...base, finished: 1, failed: true, changed: false, msg: 'Job reached maximum time limit and was ended' };
  }
  const job = jobs.get(id);
  const outcome = fold(job?.steps ?? genericSteps(frames), frames);
  const sum = job ? job.sum(outcome) : { ...outcome.values, changed: outcome.changed, failed: outcome.failed };
  const early =
    end.rc !== 0 && !outcome.failed ? { failed: true, msg: `the job ended early with exit code ${end.rc}` } : {};
  return { ...resultData({ ...sum, ...early }, []), ...base, finished: 1 };
}

export async function removeJob(place: Place, id: string): Promise<void> {
  const session = place.session();
  const remove = read(sh`rm -rf -- ~/.ansible_async/${id} ~/.ansible_async/${`${id}.d`}`, () => ({}));
  await apply(session, [remove], { check: false, diff: false, become: place.become });
}

async function jobFile(place: Place, id: string): Promise<Buffer | undefined> {
  const look = read(sh`cat ~/.ansible_async/${id}`, ({ rc, stdout }) => (rc === 0 ? { content: stdout } : {}));
  const outcome = await apply(place.session(), [look], { check: false, diff: false, become: place.become });
  const { content } = outcome.values;
  return typeof content === 'string' ? Buffer.from(content) : undefined;
}

function jobFrames(bytes: Buffer): readonly Frame[] {
  const nonce = /^@(\S+) job started /.exec(bytes.toString('latin1', 0, 200))?.[1];
  const frames: Frame[] = [];
  if (nonce) new FrameReader(nonce, (frame) => frames.push(frame)).push(bytes);
  return frames;
}

/** Enough of the steps of a job that another run started: its commands' outputs. */
function genericSteps(frames: readonly Frame[]): readonly Step[] {
  const count = Math.max(0, ...frames.map((frame) => Number(frame.index) + 1).filter(Number.isFinite));
  return Array.from({ length: count }, () => ({ kind: 'run', command: sh`:` }));
}
