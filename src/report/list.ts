/** `--list-hosts`, `--list-tasks`, `--list-tags` and `--syntax-check`, as Ansible prints them. */

import type { ListedPlay, PreparedRun } from '../play/options.ts';

export interface Listing {
  readonly hosts: boolean;
  readonly tasks: boolean;
  readonly tags: boolean;
}

export function listText(playbooks: PreparedRun['plays'], listing: Listing): string {
  const lines: string[] = [];
  for (const { playbook, plays } of playbooks) {
    lines.push('', `playbook: ${playbook}`);
    const shown = listing.hosts || listing.tasks || listing.tags ? plays : [];
    shown.forEach((play, index) => {
      lines.push('', ...playLines(play, index + 1, listing));
    });
  }
  return `${lines.join('\n')}\n`;
}

function playLines({ name, pattern, hosts, tags, tasks }: ListedPlay, number: number, listing: Listing): string[] {
  const lines = [`  play #${number} (${pattern}): ${name}\tTAGS: [${[...tags].sort().join(',')}]`];
  if (listing.hosts) {
    const patterns = pattern.split(',').map((part) => `'${part}'`);
    lines.push(`    pattern: [${patterns.join(', ')}]`, `    hosts (${hosts.length}):`);
    lines.push(...hosts.map((host) => `      ${host}`));
  }
  if (listing.tasks) {
    lines.push('    tasks:');
    for (const task of tasks) lines.push(`      ${task.name}\tTAGS: [${union([...tags, ...task.tags])}]`);
  }
  if (listing.tags) lines.push(`      TASK TAGS: [${union([...tags, ...tasks.flatMap((task) => task.tags)])}]`);
  return lines;
}

function union(tags: readonly string[]): string {
  return [...new Set(tags)].sort().join(', ');
}
