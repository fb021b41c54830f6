/** What a task of the first boot cannot have, because nobody is there to judge, wait or fetch for it. */

import { Fault, type Where } from '../../fault.ts';
import type { Module } from '../../module/module.ts';
import type { Task } from '../../playbook/types.ts';
import { type Lineage, nearest } from '../lineage.ts';

const KEYWORDS: ReadonlyMap<string, string> = new Map([
  ['async', 'it can wait for nothing that runs on'],
  ['delegate_to', 'only the host itself is there'],
  ['timeout', 'nobody watches the clock; write  command: timeout 60 …'],
  ['until', 'its result cannot be judged; write the loop into a command, or use retries alone'],
]);

/** Throws `first-boot-unsupported` for the first of them. */
export function refuseKeywords(task: Task, lineage: Lineage): void {
  for (const [name, why] of KEYWORDS) {
    const keyword = nearest(lineage, name);
    if (keyword) throw unsupported(`${name} at the first boot: ${why}`, keyword.where ?? task.where);
  }
}

/** Modules that look at the host while they decide, and answer with no program. */
export function refuseModule(name: string, module: Module, task: Task): void {
  if (!module.run || module.local || module.unattended) return;
  throw looks(name, task);
}

export function looks(name: string, task: Task): Fault {
  return unsupported(
    `${name} cannot be compiled for the first boot: it decides while it looks at the host`,
    task.where,
    {
      hint: HINTS.get(name) ?? 'use command, shell or script; or do it while the image is made',
    },
  );
}

const HINTS: ReadonlyMap<string, string> = new Map([
  ['wait_for', 'without search_regex it can be'],
  ['lineinfile', 'use template or copy for the whole file, or command: sed -i …'],
  ['blockinfile', 'use template or copy for the whole file'],
  ['replace', 'use template or copy for the whole file, or command: sed -i …'],
  ['reboot', 'use  command: systemctl reboot  as the last task'],
]);

/** A block with a rescue or an always decides by what failed. */
export function refuseRescue(task: Task, { rescued }: Lineage): void {
  if (rescued) throw unsupported('a task of the first boot cannot stand in a block with rescue', task.where);
}

export function unsupported(message: string, where: Where | undefined, { hint }: { hint?: string } = {}): Fault {
  return new Fault('first-boot-unsupported', message, {
    where,
    hint: hint ?? 'change the task, or take the tag first_boot off it',
  });
}
