/** How plays end that do not go well: interrupted, faulty at run time, with very many hosts. */

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { runBin, startBin } from '../cli/run-bin.ts';

const exec = promisify(execFile);

describe('play: endings', function () {
  this.timeout(60_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'playbake-endings-'));
  });

  after(() => rmSync(folder, { recursive: true }));

  /** Arguments of a play of these tasks on local hosts. */
  function args(tasks: string, hosts = 'h1,h2,'): string[] {
    const file = join(folder, 'play.yml');
    writeFileSync(file, `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.trim().replaceAll(/^/gm, '    ')}\n`);
    return ['-i', hosts, '-c', 'local', file];
  }

  const play = (tasks: string, hosts?: string) => runBin('play', args(tasks, hosts), { cwd: folder });

  it('ends what runs when it is interrupted, shows the recap, and exits with 99', async () => {
    const mark = `61.${process.pid}`;
    const { child, outcome } = startBin(
      'play',
      args(`- command: echo first\n- command: sleep ${mark}\n- command: echo`),
    );
    const runs = () =>
      exec('pgrep', ['-f', `^sleep ${mark}`]).then(
        () => true,
        () => false,
      );
    while (!(await runs())) await sleep(20);
    const started = performance.now();
    child.kill('SIGINT');
    const { code, stdout } = await outcome;
    expect(code).to.equal(99);
    expect(performance.now() - started).to.be.below(1500);
    expect(await runs()).to.equal(false);
    expect(stdout).to.match(/^PLAY RECAP \*+\nh1 +: ok=1 +changed=1 +unreachable=0 +failed=0 .*\nh2 +: ok=1 /m);
  });

  it('shows the recap before a fault that ends the run', async () => {
    const { code, stdout, stderr } = await play(`
- command: echo
- command: echo
  notify: "{{ 'no such handler' }}"
- command: echo never
`);
    expect(code).to.equal(4);
    expect(stdout)
      .to.match(/^PLAY RECAP \*+\nh1 +: ok=2 +changed=2 /m)
      .and.not.to.contain('never');
    expect(stderr).to.contain("play.yml:6:15: The requested handler 'no such handler' was not found");
  });

  for (const [keyword, message] of [
    [
      `become: "{{ 'perhaps' }}"`,
      `the field 'become' has an invalid value (\\"perhaps\\"), and could not be converted to a bool`,
    ],
    ['ignore_errors: "{{ nowhere }}"', "'nowhere' is undefined"],
    ['retries: "{{ [] }}"', `the field 'retries' has an invalid value ([]), and could not be converted to a number`],
    [
      'loop: [1]\n  loop_control: { label: "{{ nowhere }}" }',
      "Failed to template loop_control.label: 'nowhere' is undefined",
    ],
  ] as const) {
    it(`fails a task whose keyword makes no sense: ${keyword.split(':')[0]}`, async () => {
      const { code, stdout } = await play(`- command: "true"\n  ${keyword}`, 'h1,');
      expect(code).to.equal(2);
      expect(stdout)
        .to.contain(message)
        .and.to.match(/^h1 +: ok=0 +changed=0 +unreachable=0 +failed=1 /m);
    });
  }

  it('plays on two hundred hosts', async () => {
    const hosts = Array.from({ length: 200 }, (_, index) => `n${index},`).join('');
    const { code, stdout, stderr } = await play(
      '- debug: msg={{ inventory_hostname }}\n- command: "true"\n- ping:',
      hosts,
    );
    expect(code, stderr).to.equal(0);
    expect(stdout.match(/: ok=3 {4}changed=1 /g)).to.have.length(200);
  });
});
