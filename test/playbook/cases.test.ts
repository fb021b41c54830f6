import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { type Fault, Findings } from '../../src/fault.ts';
import { ModuleCatalog } from '../../src/module/catalog.ts';
import { checkPlaybook } from '../../src/playbook/check.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { Templar } from '../../src/template/templar.ts';

/** Playbooks that are wrong, each with all its faults and warnings beside it. UPDATE=1 writes them anew, to be read. */
const CASES = join(import.meta.dirname, 'cases');

async function findingsOf(file: string): Promise<string> {
  const findings = new Findings();
  const playbook = loadPlaybook(file, { findings, extraVars: new Map() });
  await checkPlaybook(playbook, new ModuleCatalog(), new Templar(), findings);
  return [
    ...findings.faults.map((fault) => shown('fault', fault)),
    ...findings.warnings.map((fault) => shown('warning', fault)),
  ].join('');
}

function shown(kind: string, { code, message, where, hint }: Fault): string {
  const place = where ? `${relative(CASES, where.file)}:${where.line}:${where.column}` : 'nowhere';
  const lines = [`${place} ${kind} ${code}`, ...message.split('\n'), ...(hint === undefined ? [] : [`> ${hint}`])];
  const text = lines.join('\n    ').replaceAll(CASES, '.').replaceAll(process.cwd(), '$PWD');
  return `${text.replaceAll(homedir(), '~')}\n`;
}

describe('playbooks that are wrong', () => {
  for (const name of readdirSync(CASES).filter((file) => file.endsWith('.yml'))) {
    it(name, async () => {
      const found = await findingsOf(join(CASES, name));
      const expected = join(CASES, name.replace(/yml$/, 'txt'));
      if (process.env['UPDATE']) writeFileSync(expected, found);
      expect(found).to.equal(readFileSync(expected, 'utf8'));
    });
  }
});
