/** Saved plans. They hold user-data, which may hold secrets: only their owner reads them. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
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
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (isMissing) {
      throw new Fault('file-missing', `the plan ${file} could not be found`, {
        hint: `\`rollout plan -out ${file}\` makes one`,
      });
    }
    throw new Fault('file-unreadable', `the plan ${file} cannot be read: ${String(cause)}`, { cause });
  });
  const wrong = (message: string) =>
    new Fault('plan-invalid', `${file} ${message}`, { hint: 'make a new one: rollout plan -out FILE' });
  const kept = parsed(text);
  if (kept === undefined) throw wrong('is no plan of playbake');
  if (kept.version !== PLAN_VERSION)
    throw wrong(`is a plan of version ${kept.version}; this playbake knows ${PLAN_VERSION}`);
  if (kept.sha256 !== digestOf(kept.plan)) throw wrong('is damaged, or was changed');
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
