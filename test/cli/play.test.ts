/** `play` as built, on this machine. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { onTerminal, shownLines, type Typing } from '../report/terminal.ts';
import { runBin, startBin } from './run-bin.ts';

const PLAYBOOKS = join(import.meta.dirname, 'playbooks');
const PLAY = join(import.meta.dirname, '../../bin/play.js');
const LOCAL = ['-i', 'web1,', '-c', 'local'];

const play = (args: readonly string[], env = {}) => runBin('play', args, { cwd: PLAYBOOKS, env });
const terminal = (args: readonly string[], typing: readonly Typing[] = []) =>
  onTerminal(['env', '-C', PLAYBOOKS, process.execPath, PLAY, ...args, ...LOCAL], { typing });

const HELLO = `
PLAY [Say hello] ***************************************************************

TASK [greet] *******************************************************************
ok: [web1] => {
    "msg": "Hello, World!"
}

TASK [look] ********************************************************************
changed: [web1]

TASK [not here] ****************************************************************
skipping: [web1]

PLAY RECAP *********************************************************************
web1                       : ok=2    changed=1    unreachable=0    failed=0    skipped=1    rescued=0    ignored=0   

`;

describe('cli: play', () => {
  it("prints Ansible's text and ends with 0", async () => {
    expect(await play(['hello.yml', ...LOCAL])).to.deep.equal({ code: 0, stdout: HELLO, stderr: '' });
  });

  it('takes variables, tags, a limit, the environment', async () => {
    const { stdout } = await play(['hello.yml', '-e', 'who=you', '-t', 'greeting', '-l', 'web2', '-c', 'local'], {
      ANSIBLE_INVENTORY: join(PLAYBOOKS, 'hosts'),
      ANSIBLE_FORCE_COLOR: '1',
    });
    expect(stdout).to.contain('\u001b[0;32mok: [web2] => {\u001b[0m\n\u001b[0;32m    "msg": "Hello, you!"\u001b[0m\n');
    expect(stdout).to.contain('ok=1 ').and.not.to.contain('look');
  });

  it('ends with 2 when a host failed, and shows what it said', async () => {
    const { code, stdout } = await play(['fails.yml', ...LOCAL]);
    expect(code).to.equal(2);
    expect(stdout).to.match(/\nfatal: \[web1\]: FAILED! => \{"changed": true, "cmd": "echo some; /);
    expect(stdout).to.contain('\n  at fails.yml:4:7\n  stdout:\n    some\n  stderr:\n    words\n');
    expect(stdout).not.to.contain('[never]');
  });

  it('ends with 4 when a host is unreachable', async () => {
    const { code, stdout } = await play(['hello.yml', '-i', 'web1,', '-e', 'ansible_host=127.0.0.1 ansible_port=1']);
    expect(code).to.equal(4);
    expect(stdout).to.contain('fatal: [web1]: UNREACHABLE! => {').and.to.contain('unreachable=1 ');
  });

  it('shows faults with their lines, all at once, and ends with 4', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'playbake-'));
    writeFileSync(join(folder, 'tab.yml'), '- hosts: all\n  tasks:\n    - name: x\n\t  debug: {}\n');
    const tab = await runBin('play', ['tab.yml', ...LOCAL], { cwd: folder });
    rmSync(folder, { recursive: true });
    expect([tab.code, tab.stdout]).to.deep.equal([4, '']);
    expect(tab.stderr)
      .to.match(/^ERROR! tab\.yml:4:\d+: .*tab/)
      .and.to.contain('> 4 | →  debug: {}');
    const wrong = await play(['wrong.yml', ...LOCAL]);
    expect([wrong.code, wrong.stdout]).to.deep.equal([4, '']);
    expect(wrong.stderr).to.contain('wrong.yml:2:3: ').and.to.contain('wrong.yml:5:7: ').and.to.contain('errors.\n');
  });

  it('prints an event a line', async () => {
    const { code, stdout } = await play(['hello.yml', ...LOCAL, '--output', 'json']);
    expect(code).to.equal(0);
    const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/events.json'), 'utf8'));
    const validate = new Ajv2020({ discriminator: true }).compile(schema);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    for (const event of events) expect(validate(event), JSON.stringify(event)).to.equal(true);
    expect(events[0].type).to.equal('run-start');
    expect(events.at(-1).stats.web1).to.include({ ok: 2, changed: 1, skipped: 1 });
  });

  it('lists hosts, tasks and tags, and checks the syntax, without running', async () => {
    const { code, stdout } = await play(['hello.yml', ...LOCAL, '--list-hosts', '--list-tasks', '--list-tags']);
    expect(code).to.equal(0);
    expect(stdout).to.equal(`
playbook: hello.yml

  play #1 (all): Say hello\tTAGS: []
    pattern: ['all']
    hosts (1):
      web1
    tasks:
      greet\tTAGS: [greeting]
      look\tTAGS: []
      not here\tTAGS: []
      TASK TAGS: [greeting]
`);
    const checked = await play(['hello.yml', ...LOCAL, '--syntax-check']);
    expect(checked).to.deep.equal({ code: 0, stdout: '\nplaybook: hello.yml\n', stderr: '' });
  });

  it('goes on in silence when nobody reads', async () => {
    const { child, outcome } = startBin('play', ['hello.yml', ...LOCAL], { cwd: PLAYBOOKS });
    child.stdin.end();
    child.stdout.destroy();
    const { code, stderr } = await outcome;
    expect([code, stderr]).to.deep.equal([0, '']);
  });

  it('stops at Ctrl-C: the command ends, the recap comes, the code is 99', async () => {
    const { child, outcome } = startBin('play', ['waits.yml', ...LOCAL], { cwd: PLAYBOOKS });
    child.stdin.end();
    const started = Date.now();
    child.stdout.on('data', (text: string) => {
      if (text.includes('TASK [wait]')) void sleep(300).then(() => child.kill('SIGINT'));
    });
    const { code, stdout } = await outcome;
    expect(code).to.equal(99);
    expect(stdout).to.contain('Interrupted').and.to.contain('PLAY RECAP').and.not.to.contain('[never]');
    expect(Date.now() - started).to.be.below(8000);
  });

  it('refuses to ask where nobody can answer', async () => {
    const { code, stderr } = await play(['hello.yml', ...LOCAL, '--step']);
    expect(code).to.equal(5);
    expect(stderr).to.contain('--step asks before each task, and nobody can answer here');
  });
});

describe('cli: play on a terminal', function () {
  this.timeout(30_000);

  it('shows the live view', async () => {
    const { code, raw } = await terminal(['hello.yml']);
    expect(code).to.equal(0);
    const lines = shownLines(raw);
    expect(lines).to.include('    ok: [web1] => Hello, World!');
    expect(lines.some((line) => /^✔ look {2}1 changed {2}/.test(line))).to.equal(true);
    expect(lines).to.include(HELLO.trimEnd().split('\n').at(-1)!.trimEnd());
  });

  it('Ctrl-C leaves the terminal as it was', async () => {
    const { code, raw } = await terminal(['waits.yml'], [{ after: 'wait  1 running', type: '\u0003' }]);
    expect(code).to.equal(99);
    expect(raw.lastIndexOf('\u001b[?25h')).to.be.above(raw.lastIndexOf('\u001b[?25l'));
    expect(shownLines(raw).some((line) => line.startsWith('PLAY RECAP'))).to.equal(true);
  });

  it('--step asks before each task', async () => {
    const typing = [
      { after: 'Perform task: greet (N)o/(y)es/(c)ontinue: ', type: 'n\r' },
      { after: 'Perform task: look (N)o/(y)es/(c)ontinue: ', type: 'c\r' },
    ];
    const { code, raw } = await terminal(['hello.yml', '--step', '--output', 'text'], typing);
    expect(code).to.equal(0);
    expect(raw).to.contain('changed: [web1]').and.not.to.contain('Hello, World!');
  });

  it('vars_prompt asks, and a private answer is not shown', async () => {
    const { raw } = await terminal(['asks.yml'], [{ after: 'Say it', type: 'hunter2\r' }]);
    expect(raw).to.contain('7 letters').and.not.to.contain('hunter2');
  });

  it('-K asks for the password before anything runs', async () => {
    const { code, raw } = await terminal(['hello.yml', '-K'], [{ after: 'BECOME password: ', type: 'hunter2\r' }]);
    expect(code).to.equal(0);
    expect(raw.indexOf('BECOME password: ')).to.be.below(raw.indexOf('PLAY ['));
    expect(raw).not.to.contain('hunter2');
  });
});
