import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runBin } from '../cli/run-bin.ts';

interface List {
  readonly options: string;
  readonly code: number;
  readonly stdout: string;
}
/** What ansible-playbook prints, made by record.py. */
const recorded: readonly List[] = JSON.parse(readFileSync(join(import.meta.dirname, 'lists.json'), 'utf8'));

/** Ansible writes the hosts and the tags of a play, which are sets there, in any order. */
function sorted(text: string): string {
  return text
    .replace(/^( {2}play .*TAGS: \[)(.*)(\])$/gm, (_, before, tags: string, after) => {
      return before + tags.split(',').sort().join(',') + after;
    })
    .replace(/(?<=^ {4}hosts \(\d+\):\n)(?: {6}.*\n)+/gm, (hosts) => hosts.split('\n').sort().join('\n'));
}

describe('a tree of playbooks is listed as by ansible-playbook', () => {
  for (const { options, code, stdout } of recorded) {
    it(options, async () => {
      const args = ['-i', 'web1,web2,db1', ...options.split(' '), 'site.yml'];
      const listed = await runBin('play', args, { cwd: join(import.meta.dirname, 'tree') });
      expect(sorted(listed.stdout)).to.equal(sorted(stdout));
      expect([listed.code, listed.stderr]).to.deep.equal([code, '']);
    });
  }
});
