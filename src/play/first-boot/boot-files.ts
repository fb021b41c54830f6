/** A boot plan as files of an image. Pure. */

import { createHash } from 'node:crypto';
import { quote } from '../../shell/sh.ts';
import type { BootFile, BootItem, BootPlan, BootTask } from './boot-plan.ts';
import { BOOT_FUNCTIONS, BOOT_PRELUDE } from './boot-script.ts';
import { BOOT_DIRECTORY, BOOT_STATE } from './paths.ts';

export const BOOT_UNIT = 'playbake-first-boot.service';

/** The unit (to be enabled by `systemctl enable playbake-first-boot.service`), its script, and contents; none without tasks. */
export function bootFiles(plan: BootPlan): readonly BootFile[] {
  if (plan.entries.length === 0) return [];
  return [
    { path: `/etc/systemd/system/${BOOT_UNIT}`, mode: '0644', content: UNIT },
    // Others read it: tasks with become_user begin with it.
    { path: `${BOOT_DIRECTORY}/prelude.sh`, mode: '0644', content: BOOT_PRELUDE },
    { path: `${BOOT_DIRECTORY}/run.sh`, mode: '0700', content: scriptOf(plan) },
    ...[...plan.contents].map(([path, content]) => ({ path, mode: '0600', content })),
  ];
}

/**
 * Type=oneshot takes no Restart on older systemds, and a task that failed needs eyes: the unit stays failed, and the next
 * boot, or `systemctl restart`, goes on where it stopped. Networks and cloud-init's users and files are there by then.
 */
const UNIT = `[Unit]
Description=Tasks of the first boot, by playbake
ConditionPathExists=!${BOOT_STATE}/done
Wants=network-online.target
After=network-online.target cloud-init.service

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/sh ${BOOT_DIRECTORY}/run.sh
SyslogIdentifier=playbake-first-boot
StandardOutput=journal
StandardError=journal

[Install]
WantedBy=multi-user.target
`;

function scriptOf({ entries, handlers }: BootPlan): string {
  const names = handlers.map((_, index) => `boot_handler_${index}`);
  const flush = `boot_flush${names.map((_, index) => ` ${index}`).join('')}`;
  const functions = handlers.map((handler, index) => `${names[index]}() {\n${taskText(handler, '-')}}\n`);
  const tasks = entries.map((entry, index) => (entry === 'flush' ? `${flush}\n` : taskText(entry, idOf(entry, index))));
  return [
    '#!/bin/sh\n# The tasks of the first boot. What is done is noted, so that a second run goes on where the first stopped.\n',
    `. ${BOOT_DIRECTORY}/prelude.sh\n${BOOT_FUNCTIONS}`,
    ...functions,
    'boot_start\n',
    ...tasks,
    'boot_end\n',
  ].join('');
}

function idOf(task: BootTask, index: number): string {
  const { name, items } = task;
  return createHash('sha256')
    .update(JSON.stringify([index, name, items]))
    .digest('hex')
    .slice(0, 16);
}

function taskText(task: BootTask, id: string): string {
  const { name, where, user, retries, delay, items, notifies } = task;
  const words = [id, name, user, flagsOf(task), String(retries), String(delay)].map(quote).join(' ');
  const place = `# ${where.file.replace(/^.*\//, '')}:${where.line ?? ''}`;
  return `${place}\nif boot_task ${words}; then\n${items.map(itemText).join('')}boot_done ${notifies.join(' ')}\nfi\n`;
}

function itemText({ label, program, quiet, says }: BootItem): string {
  return `boot_item ${[label ?? '', ` ${quiet.join(' ')} `, says ?? '', program].map(quote).join(' ')}\n`;
}

/** i: a failure is let pass, c: always changed, n: never, s: its output is shown nowhere. */
function flagsOf({ ignoreErrors, changed, hidden }: BootTask): string {
  return [ignoreErrors && 'i', changed === true && 'c', changed === false && 'n', hidden && 's']
    .filter(Boolean)
    .join('');
}
