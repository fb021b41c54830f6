/** Playbooks under the built `play`, held to what Ansible printed for them (`compare/record.ts`). */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { runBin } from '../cli/run-bin.ts';
import { compareCases, expected, HERE } from './compare/compare-case.ts';
import { normalise, withoutExplanations } from './compare/normalise.ts';
import { words } from './compare/words.ts';

describe('play: as Ansible plays', function () {
  this.timeout(60_000);
  for (const one of compareCases()) {
    it(one.name, async () => {
      const run = async (args: string) => {
        const { code, stdout } = await runBin('play', ['-i', 'hosts', `${one.name}.yml`, ...words(args)], {
          cwd: HERE,
          env: one.env,
        });
        const shown = normalise(withoutExplanations(stdout));
        return `${`$ play ${one.name}.yml ${args}`.trimEnd()}\n${shown}exit ${code}\n`;
      };
      const texts = await Promise.all(one.runs.map(run));
      const recorded = readFileSync(join(HERE, 'recorded', `${one.name}.txt`), 'utf8');
      expect(texts.join('\n')).to.equal(expected(one, recorded));
    });
  }
});
