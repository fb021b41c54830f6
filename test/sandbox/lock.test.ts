import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Fault } from '../../src/fault.ts';
import { withLock } from '../../src/sandbox/lock.ts';

describe('sandbox lock', () => {
  let folder: string;
  let file: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'playbake-lock-'));
    file = join(folder, 'deep/lock');
  });
  after(() => rm(folder, { recursive: true }));

  it('lets one work at a time, and says who is waited for', async () => {
    const told: string[] = [];
    let inside = 0;
    const work = async () => {
      inside += 1;
      expect(inside).to.equal(1);
      await sleep(20);
      inside -= 1;
    };
    await Promise.all([1, 2, 3, 4].map(() => withLock(file, work, { onWait: (holder) => told.push(holder) })));
    expect(told).to.have.length(3);
    expect(await readFile(file, 'utf8')).to.equal(`${process.pid}\n`);
  });

  it('is given back when the work fails', async () => {
    const failure = await withLock(file, () => Promise.reject(new Error('work'))).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error).with.property('message', 'work');
    expect(await withLock(file, async () => 'done')).to.equal('done');
  });

  it('is free when its holder is killed', async () => {
    const script = `import { withLock } from '${join(import.meta.dirname, '../../src/sandbox/lock.ts')}';
      await withLock('${file}', () => new Promise((resolve) => { process.stdout.write('held'); setTimeout(resolve, 60000); }));`;
    const holder = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script]);
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    let waited = '';
    const next = withLock(file, async () => 'done', { onWait: (pid) => (waited = pid) });
    while (waited === '') await sleep(5);
    expect(waited).to.equal(String(holder.pid));
    holder.kill('SIGKILL');
    expect(await next).to.equal('done');
  });

  it('holds though its file is removed meanwhile', async () => {
    const order: string[] = [];
    const first = withLock(file, async () => {
      await sleep(100);
      await rm(file);
      order.push('first');
    });
    await sleep(30);
    await Promise.all([first, withLock(file, async () => void order.push('second'))]);
    expect(order).to.deep.equal(['first', 'second']);
    expect(await readFile(file, 'utf8')).to.equal(`${process.pid}\n`);
  });

  it('stops waiting when asked to', async () => {
    const controller = new AbortController();
    await withLock(file, async () => {
      const waiting = withLock(file, async () => {}, { signal: controller.signal, onWait: () => controller.abort() });
      const failure = await waiting.catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(Fault).with.property('code', 'interrupted');
    });
  });
});
