/** Saved plans. They hold user-data, which may hold secrets: only their owner reads them. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Fault } from '../../fault.ts';
import { writeFileWhole } from '../state/write-file.ts';
import { PLAN_VERSION, type Plan } from './plan.ts';

/** The digest is of the plan's text: one that was cut off, or changed by hand, is not applied. */
interface PlanFile {
  readonly format: 'playbake plan';
  readonly version: number;
  readonly sha256: string;
  readonly plan: Plan;
}

/** Throws `plan-invalid` where it cannot be written. */
export async function writePlanFile(file: string, plan: Plan): Promise<void> {
  const kept: PlanFile = { format: 'playbake plan', version: PLAN_VERSION, sha256: digestOf(plan), plan };
  await writeFileWhole(file, `${JSON.stringify(kept)}\n`).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('plan-invalid', `the plan cannot be written to ${file}: ${reason}`, { cause });
  });
}

/** Throws `file-missing`, `file-unreadable`, and `plan-invalid` for what is no plan, is not whole, or is of another version. */
export async function readPlanFile(file: string): Promise<Plan> {
  const where = { file };
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') {
      const hint = `\`rollout plan -out ${basename(file)}\` makes one`;
      throw new Fault('file-missing', 'this plan could not be found', { where, hint });
    }
    throw new Fault('file-unreadable', `this plan cannot be read: ${String(cause)}`, { where, cause });
  });
  const wrong = (message: string) =>
    new Fault('plan-invalid', message, { where, hint: 'make a new one: `rollout plan -out FILE`' });
  const kept = parsed(text);
  if (kept === undefined) throw wrong('this is no plan of playbake');
  if (kept.version !== PLAN_VERSION) {
    throw wrong(`this plan is of version ${kept.version}, and this playbake knows ${PLAN_VERSION}`);
  }
  if (kept.sha256 !== digestOf(kept.plan)) throw wrong('this plan is damaged, or was changed');
  return kept.plan;
}

function parsed(text: string): PlanFile | undefined {
  try {
    const value: PlanFile | null = JSON.parse(text);
    return value?.format === 'playbake plan' && typeof value.plan === 'object' ? value : undefined;
  } catch {
    return undefined;
  }
}

function digestOf(plan: Plan): string {
  return createHash('sha256').update(JSON.stringify(plan)).digest('hex');
}
