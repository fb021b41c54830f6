/** Records what ansible-playbook (ansible-core 2.14) prints for the cases named, or for all: `npx tsx record.ts [CASE...]`. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CompareCase, compareCases, HERE } from './compare-case.ts';
import { normalise } from './normalise.ts';
import { words } from './words.ts';

/** Native types are what Ansible has since 2.19, and what playbake has. */
const ENV = {
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  LANG: 'C.UTF-8',
  ANSIBLE_JINJA2_NATIVE: 'true',
  ANSIBLE_DEPRECATION_WARNINGS: 'false',
};

function record({ name, runs, env }: CompareCase): void {
  const text = runs.map((args) => {
    const { stdout, stderr, status } = spawnSync('ansible-playbook', ['-i', 'hosts', `${name}.yml`, ...words(args)], {
      cwd: HERE,
      env: { ...ENV, ...env },
      encoding: 'utf8',
    });
    if (stderr.trim() !== '') console.error(`${name} ${args}\n${stderr}`);
    return `${`$ play ${name}.yml ${args}`.trimEnd()}\n${normalise(stdout)}exit ${status}\n`;
  });
  writeFileSync(join(HERE, 'recorded', `${name}.txt`), text.join('\n'));
}

mkdirSync(join(HERE, 'recorded'), { recursive: true });
const wanted = process.argv.slice(2);
for (const one of compareCases()) if (wanted.length === 0 || wanted.includes(one.name)) record(one);
