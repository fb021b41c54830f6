import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { Findings } from '../../src/fault.ts';
import { ModuleCatalog } from '../../src/module/catalog.ts';
import { checkPlaybook } from '../../src/playbook/check.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import { Templar } from '../../src/template/templar.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

/**
 * Small playbooks, and whether `ansible-playbook --syntax-check` refuses them, made by record_accepted.py. `differs`:
 * what fails there only when it runs is found `earlier` here, what only the variables of hosts can tell `later`.
 */
interface Text {
  readonly text: string;
  readonly refused: boolean;
  readonly differs?: 'earlier' | 'later';
}
const texts: readonly Text[] = JSON.parse(readFileSync(join(import.meta.dirname, 'accepted.json'), 'utf8'));

/** As record_accepted.py has them. */
const FILES = {
  'roles/r/tasks/main.yml': '- ping:\n',
  'x.yml': '- ping:\n',
  'v.yml': 'a: 1\n',
  's.sh': 'echo\n',
  'pb.yml': '- hosts: all\n',
};

describe('a playbook is taken or refused as by Ansible', () => {
  const root = temporaryDirectory();
  const modules = new ModuleCatalog();

  for (const { text, refused, differs } of texts) {
    it(JSON.stringify(text.replace(/^- hosts: all\n {2}gather_facts: false\n {2}tasks:\n/, '')), async () => {
      for (const [name, content] of Object.entries({ ...FILES, 'site.yml': text })) {
        mkdirSync(dirname(join(root(), name)), { recursive: true });
        writeFileSync(join(root(), name), content);
      }
      const findings = new Findings();
      const playbook = loadPlaybook(join(root(), 'site.yml'), { findings, extraVars: new Map() });
      await checkPlaybook(playbook, modules, new Templar(), findings);
      const messages = findings.faults.map(({ message }) => message);
      expect(messages.length > 0, messages.join()).to.equal(differs ? !refused : refused);
    });
  }
});
