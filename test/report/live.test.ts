import { join } from 'node:path';
import { expect } from 'chai';
import { frameOf } from '../../src/report/frame.ts';
import { Tally } from '../../src/report/tally.ts';
import { onTerminal, shownLines } from './terminal.ts';

const RUN = join(import.meta.dirname, 'live-run.ts');
const run = (...args: string[]) => [process.execPath, '--import', 'tsx', RUN, ...args];
const task = {
  id: 1,
  name: 'install',
  action: 'package',
  where: { file: 'a.yml', line: 1, column: 1 },
  handler: false,
  check: false,
};

/** A task under way on many hosts: every tenth failed, every fifth changed, the rest split between ok and running. */
function manyHosts(count: number): Tally {
  const tally = new Tally(
    task,
    Array.from({ length: count }, (_, index) => `web${index + 1}`),
    0,
  );
  [...tally.hosts.keys()].forEach((host, index) => {
    const kind = index % 10;
    tally.update(host, { since: index, line: 'Unpacking …' });
    if (kind === 0) tally.update(host, { status: 'failed', result: { msg: 'no\nway' }, finished: index });
    else if (kind === 5) tally.update(host, { status: 'changed', finished: index });
    else if (kind < 5) tally.update(host, { status: 'ok', finished: index });
  });
  return tally;
}

describe('report: the moving part', () => {
  it('shows all hosts where there is room', () => {
    const [frame] = frameOf([manyHosts(7)], 12_500, { columns: 80, rows: 24 });
    expect(frame!.title).to.equal('install  4 ok, 1 changed, 1 failed, 1 running  12s');
    expect(frame!.rows.map((row) => `${row.state} ${row.title}`)).to.deep.equal([
      'failed web1  failed: no',
      'done web2  ok',
      'done web3  ok',
      'done web4  ok',
      'done web5  ok',
      'done web6  changed',
      'running web7  12s  Unpacking …',
    ]);
  });

  it('counts 200 hosts and shows those that failed, changed or run, as many as there is room for', () => {
    for (const rows of [10, 24, 60]) {
      const [frame] = frameOf([manyHosts(200)], 1000, { columns: 80, rows });
      expect(frame!.title).to.equal('install  80 ok, 20 changed, 20 failed, 80 running  1.0s');
      const shown = frame!.rows.filter((row) => row.title !== '');
      expect(shown.length).to.equal(Math.min(20, rows - 4));
      expect(shown.some((row) => row.state === 'failed')).to.equal(true);
      expect(shown.some((row) => row.state === 'running')).to.equal(true);
      expect(shown.every((row) => !/ ok/.test(row.title))).to.equal(true);
    }
  });

  it('keeps on showing who failed when more do', () => {
    const size = { columns: 80, rows: 14 };
    const tally = manyHosts(100);
    const failed = () =>
      frameOf([tally], 1000, size)[0]!.rows.filter((row) => row.title !== '' && row.state === 'failed');
    const before = failed().map((row) => row.key);
    for (const host of ['web2', 'web3', 'web4']) tally.update(host, { status: 'failed', finished: 2000 });
    expect(failed().map((row) => row.key)).to.deep.equal(before);
  });

  it('fits narrow terminals, and drops what a command wrote to steer the terminal', () => {
    const tally = new Tally(task, ['web1'], 0);
    tally.update('web1', { since: 0, line: `\u001b[2K\u001b[31m${'x'.repeat(300)}\u0007` });
    const [frame] = frameOf([tally], 0, { columns: 30, rows: 24 });
    expect(frame!.rows[0]!.title).to.match(/^web1 {2}0\.0s {2}x+…$/);
    expect(frame!.rows[0]!.title.length).to.be.at.most(26);
    const [none] = frameOf([tally], 0, { columns: 1, rows: 1 });
    expect(none!.rows[0]!.title).to.equal('');
  });
});

describe('report: live on a terminal', function () {
  this.timeout(20_000);

  it('moves while it runs; leaves tasks, failures in full, and the recap', async () => {
    const { code, raw } = await onTerminal(run('3', '2500'));
    expect(code).to.equal(0);
    expect(raw).to.contain('Unpacking install …');
    expect(shownLines(raw).map((line) => line.replace(/ {2}\d+\.\ds$/, ''))).to.deep.equal([
      '',
      `PLAY [Update] ${'*'.repeat(66)}`,
      '✔ install  2 ok, 1 changed',
      '    changed: web2',
      '[WARNING]: old',
      '✖ migrate  2 ok, 1 failed',
      '    failed: [web3]: non-zero return code (rc 3)',
      '      at site.yml:7:5',
      '      stderr:',
      '        no such table',
      '        run setup first',
      '',
      `PLAY RECAP ${'*'.repeat(69)}`,
      'web1                       : ok=2    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0',
      '',
      '',
    ]);
    expect(raw.lastIndexOf('\u001b[?25h')).to.be.above(raw.lastIndexOf('\u001b[?25l'));
  });

  it('holds 200 hosts on a small terminal', async () => {
    const { raw } = await onTerminal(run('200', '2500'), { columns: 40, rows: 10 });
    expect(shownLines(raw)).to.include('    failed: [web3]: non-zero return code (rc 3)');
    const shown = shownLines(raw.slice(0, raw.lastIndexOf('Unpacking install')));
    // What stays, such as a failure in full, may be longer than the terminal is wide.
    const moving = shown.filter((line) => line.includes('web') && !line.includes('failed'));
    expect(moving.length).to.be.within(1, 6);
    expect(moving.filter((line) => [...line].length > 40)).to.deep.equal([]);
  });

  it('steps aside for a question, and what is typed is not shown', async () => {
    const typing = [{ after: 'Password: ', type: 'hunter2\r' }];
    const { raw } = await onTerminal(run('2', '300', 'ask'), { typing });
    expect(raw).to.contain('7 characters').and.not.to.contain('hunter2');
    expect(shownLines(raw)).to.include('Password:');
  });
});
