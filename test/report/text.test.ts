/** What Ansible 2.14 printed for the playbooks in cases/ (record.sh), and what we print for the same events. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { TextReporter } from '../../src/report/text.ts';
import { memoryScreen } from './memory-screen.ts';
import { readEvents } from './read-events.ts';

const CASES = join(import.meta.dirname, 'cases');

describe("report: text is Ansible's", () => {
  for (const file of readdirSync(CASES).filter((name) => name.endsWith('.yml'))) {
    const name = file.replace('.yml', '');
    const read = (extension: string) => readFileSync(join(CASES, name + extension), 'utf8');

    it(name, () => {
      const playbook = read('.yml');
      const verbosity = /^# args:.* -(v+)/m.exec(playbook)?.[1]?.length ?? 0;
      const screen = memoryScreen({ color: /^# color: yes/m.test(playbook) });
      const reporter = new TextReporter(screen, { verbosity, explain: false, customStats: false });
      for (const event of readEvents(read('.events.jsonl'))) reporter.emit(event);
      expect(screen.stdout).to.equal(read('.out'));
    });
  }
});

describe('report: text beyond callbacks', () => {
  it('wraps warnings as Ansible does and says each once', () => {
    const expected = readFileSync(join(CASES, 'warnings.err'), 'utf8');
    const screen = memoryScreen();
    const reporter = new TextReporter(screen, { verbosity: 0, explain: true, customStats: false });
    const condition = 'conditional statements should not include jinja2 templating delimiters such as {{ }} or {% %}.';
    for (const message of [
      'While constructing a mapping from /tmp/cases/warnings.yml, line 5, column 17, found a duplicate dict key (a).' +
        ' Using last defined value only.',
      `${condition} Found: {{ true }}`,
      `${condition} Found: '{{ inventory_hostname }}' == 'web1' and ` +
        "'a-rather-long-hyphenated-word' != 'another-rather-long-hyphenated-word'",
      `${condition} Found: {{ true }}`,
      'Could not match supplied host pattern, ignoring: nowhere',
    ]) {
      reporter.emit({ type: 'warning', message });
    }
    expect(screen.stderr).to.equal(expected);
  });

  it('adds the place and the output of a failure below its line, the place once a task', () => {
    const task = {
      id: 1,
      name: 'migrate',
      action: 'command',
      where: { file: '/play/site.yml', line: 12, column: 7 },
      handler: false,
      check: false,
    };
    const screen = memoryScreen();
    const reporter = new TextReporter(screen, { verbosity: 0, explain: true, customStats: false });
    reporter.emit({ type: 'task-start', task, hosts: ['a', 'b', 'c'] });
    const failed = {
      type: 'result',
      task,
      status: 'failed',
      diff: [],
      ignored: false,
      loop: false,
      seconds: 1,
    } as const;
    reporter.emit({ ...failed, host: 'a', result: { msg: 'non-zero return code', rc: 1, stderr: 'no such\ntable' } });
    reporter.emit({ ...failed, host: 'b', result: { msg: 'one\ntwo' } });
    reporter.emit({ ...failed, host: 'c', result: { stderr: 'hidden' }, ignored: true });
    expect(screen.stdout).to.equal(`
TASK [migrate] *****************************************************************
fatal: [a]: FAILED! => {"msg": "non-zero return code", "rc": 1, "stderr": "no such\\ntable"}
  at site.yml:12:7
  stderr:
    no such
    table
fatal: [b]: FAILED! => {"msg": "one\\ntwo"}
  msg:
    one
    two
fatal: [c]: FAILED! => {"stderr": "hidden"}
...ignoring
`);
  });
});
