import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { FileStateStore } from '../../../src/rollout/state/file-state-store.ts';
import { type LockInfo, newLockInfo } from '../../../src/rollout/state/lock-info.ts';
import { nextState } from '../../../src/rollout/state/next-state.ts';
import { rejected } from '../../support/rejected.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { fleetOf, stateOf } from '../support/states.ts';

describe('the state in a file', () => {
  const root = temporaryDirectory();
  let directory = '';
  let file = '';
  let lockFile = '';
  let cases = 0;
  beforeEach(async () => {
    directory = join(root(), String(cases++));
    await mkdir(directory);
    file = join(directory, 'playbake.state.json');
    lockFile = join(directory, '.playbake.state.json.lock.info');
  });
  const apply = { operation: 'apply' };
  const first = stateOf(['i-1']);
  const second = nextState(first, { web: fleetOf(['i-2']) });
  const text = () => readFileSync(file, 'utf8');

  /** Writes these, as one operation. */
  async function write(...states: readonly (typeof first)[]): Promise<void> {
    const store = new FileStateStore(file);
    const lock = await store.lock(apply);
    try {
      for (const state of states) await store.write(state);
    } finally {
      await lock.release();
    }
  }

  it('is what was written, and only its owner reads it', async () => {
    expect(await new FileStateStore(file).read()).to.equal(undefined);
    await write(first);
    expect(await new FileStateStore(file).read()).to.deep.equal(first);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(readdirSync(directory)).to.deep.equal(['playbake.state.json']);
  });

  it('has a backup of what was there before the operation', async () => {
    await write(first);
    const before = text();
    const third = nextState(second, {});
    await write(second, third);
    expect(await new FileStateStore(file).read()).to.deep.equal(third);
    expect(readFileSync(`${file}.backup`, 'utf8')).to.equal(before);
    await write(nextState(third, {}));
    expect(await new FileStateStore(`${file}.backup`).read()).to.deep.equal(third);
  });

  it('stays a link where it is one', async () => {
    const link = join(directory, 'link.json');
    await write(first);
    symlinkSync('playbake.state.json', link);
    const store = new FileStateStore(link);
    const lock = await store.lock(apply);
    await store.write(second);
    await lock.release();
    expect(await new FileStateStore(file).read()).to.deep.equal(second);
    expect(await new FileStateStore(link).read()).to.deep.equal(second);
  });

  it('is not written by who missed what somebody else wrote', async () => {
    await write(first);
    const store = new FileStateStore(file);
    await store.read();
    const lock = await store.lock(apply);
    writeFileSync(file, JSON.stringify(second));
    const other = nextState(first, { web: fleetOf(['i-3']) });
    const { message } = await rejected(store.write(other), 'state-conflict');
    expect(message).to.equal(`somebody else has changed ${file}: it has the serial 2, and was to get 2`);
    rmSync(file);
    const gone = await rejected(store.write(nextState(second, {})), 'state-conflict');
    expect(gone.message).to.equal(`somebody else has changed ${file}: it is not there any more, and was to get 3`);
    await lock.release();
    expect(existsSync(file)).to.equal(false);
  });

  it('is not written over by one of another lineage', async () => {
    await write(first);
    const other = nextState(stateOf(['i-9']), {});
    const { message } = await rejected(write(other), 'state-conflict');
    expect(message).to.include(`is another state by now: its lineage is ${first.lineage}`);
    expect(await new FileStateStore(file).read()).to.deep.equal(first);
  });

  const whole = JSON.stringify(first);
  const broken = {
    'is cut off: its end is missing': whole.slice(0, -20),
    'is empty': '\n',
    'is not JSON': `${whole}}`,
    'is no state of rollouts: all of it must be object': '[]',
    "is no state of rollouts: all of it must have required property 'lineage'": '{"version":1}',
    'is no state of rollouts: fleets.web.slots.0.current.token must be string': whole.replace('"r-i-1"', '7'),
    'is of version 2, written by playbake 7.1; this playbake reads up to version 1':
      '{"version":2,"playbake":"7.1","lineage":"a","serial":1}',
  };
  for (const [reason, content] of Object.entries(broken)) {
    it(`that ${reason} is refused, and stays`, async () => {
      writeFileSync(file, content);
      const fault = await rejected(new FileStateStore(file).read(), 'state-invalid');
      expect(fault.message).to.include(`the state ${file} ${reason}`);
      expect(fault.where).to.deep.equal({ file });
      if (!reason.includes('version')) expect(fault.hint).to.include('`rollout import --all` brings fleets back');
      expect(fault.hint).not.to.include('backup');
      writeFileSync(`${file}.backup`, whole);
      const other = await rejected(new FileStateStore(file).read(), 'state-invalid');
      if (!reason.includes('version')) expect(other.hint).to.include(`put ${file}.backup in its place`);
      rmSync(`${file}.backup`);
      await rejected(write(first), 'state-invalid');
      expect(text()).to.equal(content);
      expect(readdirSync(directory)).to.deep.equal(['playbake.state.json']);
    });
  }

  it('that cannot be written is told, and is as it was', async () => {
    await write(first);
    const store = new FileStateStore(file);
    const lock = await store.lock(apply);
    // A folder where the draft of the new text is to be.
    await mkdir(join(directory, `.playbake.state.json.${process.pid}`));
    const { message } = await rejected(store.write(second), 'state-failed');
    expect(message).to.include(`the state ${file} cannot be written`);
    await lock.release();
    expect(await new FileStateStore(file).read()).to.deep.equal(first);
  });

  it('that cannot be locked is told', async () => {
    writeFileSync(file, '');
    const { message } = await rejected(new FileStateStore(join(file, 'below.json')).lock(apply), 'state-failed');
    expect(message).to.match(/below\.json cannot be locked: (EEXIST|ENOTDIR)/);
  });

  it('is not written without the lock', async () => {
    const error = await new FileStateStore(file).write(first).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('message', 'the state is written without its lock');
  });

  describe('has a lock that', () => {
    const ended = () => spawnSync(process.execPath, ['--version']).pid;
    const lockOf = (changes: Partial<LockInfo['Process']>): LockInfo => {
      const info = newLockInfo('rollback', file);
      return { ...info, Process: { ...info.Process, ...changes } };
    };
    const leave = (info: LockInfo) => writeFileSync(lockFile, JSON.stringify(info));

    it('only one has, and says who', async () => {
      const lock = await new FileStateStore(file).lock(apply);
      const { message, hint } = await rejected(new FileStateStore(file).lock(apply), 'state-locked');
      const { ID, Created } = lock.info;
      expect(message.split('\n').slice(1)).to.deep.equal([
        'Lock Info:',
        `  ID:        ${ID}`,
        `  Path:      ${file}`,
        '  Operation: apply',
        `  Who:       ${lock.info.Who}`,
        '  Version:   0.1.0',
        `  Created:   ${Created}`,
        `  Info:      process ${process.pid}`,
      ]);
      expect(lock.info.Who).to.match(new RegExp(`@${hostname()}$`));
      expect(hint).to.include(`rollout unlock ${ID}`);
      expect(await new FileStateStore(file).locked()).to.deep.equal(lock.info);
      await lock.release();
      expect(await new FileStateStore(file).locked()).to.equal(undefined);
      await (await new FileStateStore(file).lock(apply)).release();
    });

    it('is taken over where its process has died, and says from whom', async () => {
      const info = lockOf({ Id: ended() });
      leave(info);
      const lock = await new FileStateStore(file).lock(apply);
      expect(lock.insteadOf).to.deep.equal(info);
      expect(await new FileStateStore(file).locked()).to.deep.equal(lock.info);
      await lock.release();
      expect(readdirSync(directory)).to.deep.equal([]);
    });

    it('is taken over where another process has the number by now', async () => {
      leave(lockOf({ Start: '1' }));
      const lock = await new FileStateStore(file).lock(apply);
      expect(lock.insteadOf?.Operation).to.equal('rollback');
      await lock.release();
    });

    it('only one takes over, when many find it abandoned', async () => {
      for (let round = 0; round < 20; round++) {
        leave(lockOf({ Start: '1' }));
        const all = await Promise.allSettled(Array.from({ length: 8 }, () => new FileStateStore(file).lock(apply)));
        const locks = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
        expect(locks).to.have.length(1);
        expect((await new FileStateStore(file).locked())?.ID).to.equal(locks[0]?.info.ID);
        await locks[0]?.release();
      }
      expect(readdirSync(directory)).to.deep.equal([]);
    });

    it('is not taken over of another machine, or of one that was started anew since', async () => {
      leave(lockOf({ Machine: 'elsewhere 1 pid:[1]', Id: ended() }));
      await rejected(new FileStateStore(file).lock(apply), 'state-locked');
    });

    it('is refused where it says nothing', async () => {
      writeFileSync(lockFile, '{"ID":');
      const { message } = await rejected(new FileStateStore(file).lock(apply), 'state-locked');
      expect(message).to.include('it does not say who has it');
    });

    it('is removed by its id, and by no other', async () => {
      const store = new FileStateStore(file);
      const lock = await store.lock(apply);
      const { message, hint } = await rejected(store.unlock('7'), 'state-missing');
      expect(message).to.equal('the state has no lock 7');
      expect(hint).to.include(lock.info.ID);
      expect(await store.unlock(lock.info.ID)).to.deep.equal(lock.info);
      const none = await rejected(store.unlock(lock.info.ID), 'state-missing');
      expect(none.message).to.include('it is not locked');
      const other = await new FileStateStore(file).lock(apply);
      // Ours no longer.
      await lock.release();
      expect(await store.locked()).to.deep.equal(other.info);
      await other.release();
    });
  });
});
