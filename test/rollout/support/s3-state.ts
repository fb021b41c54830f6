/** What a state in S3 is to do on any server that speaks its protocol. */

import { spawnSync } from 'node:child_process';
import { S3 } from '@aws-sdk/client-s3';
import { expect } from 'chai';
import { newLockInfo } from '../../../src/rollout/state/lock-info.ts';
import { nextState } from '../../../src/rollout/state/next-state.ts';
import { S3StateStore } from '../../../src/rollout/state/s3-state-store.ts';
import { rejected } from '../../support/rejected.ts';
import { fleetOf, stateOf } from './states.ts';

process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';

/** Of a bucket `states`, which is there. */
export function s3At(endpoint: string): S3 {
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  return new S3({ endpoint, region: 'us-east-1', credentials, forcePathStyle: true, maxAttempts: 3 });
}

export function s3Store(s3: S3, key: string, bucket = 'states'): S3StateStore {
  return new S3StateStore({ s3, bucket, key, kmsKey: undefined });
}

/** The tests. `endpoint` is asked when they run. */
export function itKeepsStates(endpoint: () => string): void {
  let s3: S3;
  let key = '';
  let cases = 0;
  before(() => {
    s3 = s3At(endpoint());
  });
  after(() => s3.destroy());
  beforeEach(() => {
    key = `web app/${cases++}.json`;
  });
  const open = () => s3Store(s3, key);
  const put = (name: string, text: string) => s3.putObject({ Bucket: 'states', Key: name, Body: text });
  const text = async (name: string) =>
    (await s3.getObject({ Bucket: 'states', Key: name })).Body?.transformToString() ?? '';
  const apply = { operation: 'apply' };
  const first = stateOf(['i-1']);
  const second = nextState(first, { web: fleetOf(['i-ü']) });

  it('keeps what was written, with a backup of what was before the operation', async () => {
    const store = open();
    expect(await store.read()).to.equal(undefined);
    const lock = await store.lock(apply);
    await store.write(first);
    await store.write(second);
    await lock.release();
    expect(await open().read()).to.deep.equal(second);
    const again = open();
    const other = await again.lock(apply);
    await again.write(nextState(second, {}));
    await other.release();
    expect(JSON.parse(await text(`${key}.backup`))).to.deep.equal(second);
  });

  it('is not written by who missed what somebody else wrote', async () => {
    const store = open();
    const lock = await store.lock(apply);
    await store.write(first);
    await put(key, JSON.stringify(second));
    const { message } = await rejected(store.write(nextState(first, {})), 'state-conflict');
    expect(message).to.equal(`somebody else has changed s3://states/${key}: it has the serial 2, and was to get 2`);
    await s3.deleteObject({ Bucket: 'states', Key: key });
    const gone = await rejected(store.write(nextState(second, {})), 'state-conflict');
    expect(gone.message).to.include('it is not there any more');
    await lock.release();
  });

  it('is not made by who did not see that it is there by now', async () => {
    const store = open();
    await store.read();
    const lock = await store.lock(apply);
    await put(key, JSON.stringify(second));
    await rejected(store.write(first), 'state-conflict');
    await lock.release();
    expect(await open().read()).to.deep.equal(second);
  });

  it('that is broken is refused, and stays', async () => {
    await put(key, '{"version":1,');
    const { message, hint } = await rejected(open().read(), 'state-invalid');
    expect(message).to.equal(`the state s3://states/${key} is cut off: its end is missing`);
    expect(hint).to.include(`s3://states/${key}.backup`);
    const store = open();
    const lock = await store.lock(apply);
    await rejected(store.write(first), 'state-invalid');
    await lock.release();
    expect(await text(key)).to.equal('{"version":1,');
  });

  it('has a lock that only one has, of many who want it', async () => {
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => open().lock(apply)));
    const locks = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(locks).to.have.length(1);
    const { message } = await rejected(open().lock(apply), 'state-locked');
    expect(message).to.include(`ID:        ${locks[0]?.info.ID}\n  Path:      s3://states/${key}\n`);
    await locks[0]?.release();
    expect(await open().locked()).to.equal(undefined);
  });

  it('has a lock that is taken over where its process has died, and only once', async () => {
    const info = newLockInfo('rollback', key);
    const dead = { ...info, Process: { ...info.Process, Id: spawnSync(process.execPath, ['--version']).pid } };
    await put(`${key}.lock.info`, JSON.stringify(dead));
    const all = await Promise.allSettled(Array.from({ length: 4 }, () => open().lock(apply)));
    const locks = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(locks.map(({ insteadOf }) => insteadOf)).to.deep.equal([dead]);
    expect((await open().locked())?.ID).to.equal(locks[0]?.info.ID);
    await locks[0]?.release();
  });

  it('has a lock that is removed by its id, and by no other', async () => {
    const lock = await open().lock(apply);
    await rejected(open().unlock('7'), 'state-missing');
    expect(await open().unlock(lock.info.ID)).to.deep.equal(lock.info);
    const other = await open().lock(apply);
    await lock.release();
    expect(await open().locked()).to.deep.equal(other.info);
    await other.release();
  });

  it('says that there is no bucket', async () => {
    const store = s3Store(s3, key, 'nobodys');
    const { message, hint } = await rejected(store.lock(apply), 'config-invalid');
    expect(message).to.equal(`the state s3://nobodys/${key} has no place: there is no bucket nobodys`);
    expect(hint).to.include('aws s3 mb s3://nobodys');
    await rejected(store.read(), 'config-invalid');
  });
}
