import { expect } from 'chai';
import { loadConfig } from '../../../src/config/load-config.ts';
import { nextState } from '../../../src/rollout/state/next-state.ts';
import { openStateStore } from '../../../src/rollout/state/open-state-store.ts';
import { rejected } from '../../support/rejected.ts';
import { type S3Server, startS3Server } from '../../support/s3-server.ts';
import { itKeepsStates, s3At, s3Store } from '../support/s3-state.ts';
import { stateOf } from '../support/states.ts';

describe('the state in S3', () => {
  let server: S3Server;
  before(async () => {
    server = await startS3Server(['states']);
  });
  after(() => server.stop());
  const apply = { operation: 'apply' };
  const first = stateOf(['i-1']);
  const denied = { status: 403, code: 'AccessDenied' };

  describe('of a server that honours conditions', () => itKeepsStates(() => server.endpoint));

  it('is ours where the answer of a write was lost', async () => {
    const s3 = s3At(server.endpoint);
    const store = s3Store(s3, 'lost.json');
    server.mishaps.push({ method: 'PUT', does: 'lost' });
    const lock = await store.lock(apply);
    expect((await store.locked())?.ID).to.equal(lock.info.ID);
    server.mishaps.push({ method: 'PUT', does: 'lost' });
    await store.write(first);
    const second = nextState(first, {});
    await store.write(second);
    expect(await s3Store(s3, 'lost.json').read()).to.deep.equal(second);
    await lock.release();
    s3.destroy();
  });

  it('is written once more where two writes met', async () => {
    const s3 = s3At(server.endpoint);
    const store = s3Store(s3, 'met.json');
    const lock = await store.lock(apply);
    server.mishaps.push({ method: 'PUT', does: { status: 409, code: 'ConditionalRequestConflict' } });
    await store.write(first);
    expect(await store.read()).to.deep.equal(first);
    await lock.release();
    s3.destroy();
  });

  it('costs one call a write', async () => {
    const s3 = s3At(server.endpoint);
    const store = s3Store(s3, 'calls.json');
    const lock = await store.lock(apply);
    await store.read();
    await store.write(first);
    server.calls.length = 0;
    let state = first;
    for (let count = 0; count < 3; count++) {
      state = nextState(state, {});
      await store.write(state);
    }
    await lock.release();
    const writes = server.calls.filter((call) => call === 'PUT states/calls.json');
    expect(writes).to.have.length(3);
    expect(server.calls.slice(0, 3)).to.deep.equal(writes);
    s3.destroy();
  });

  it('says what may not be done', async () => {
    const s3 = s3At(server.endpoint);
    server.mishaps.push({ method: 'GET', does: denied });
    const { message, hint } = await rejected(s3Store(s3, 'denied.json').read(), 'cloud-denied');
    expect(message).to.include('is not allowed: said so');
    expect(hint).to.include('s3:GetObject, s3:PutObject and s3:DeleteObject').and.include('s3:ListBucket');
    server.mishaps.push({ method: 'GET', does: { status: 301, code: 'PermanentRedirect' } });
    const moved = await rejected(s3Store(s3, 'denied.json').read(), 'config-invalid');
    expect(moved.message).to.equal('the bucket states of the state is in another region');
    s3.destroy();
  });

  it('is not kept by a server that does not honour conditions', async () => {
    const s3 = s3At(server.endpoint);
    server.conditions = false;
    const { message } = await rejected(s3Store(s3, 'any.json').lock(apply), 'state-failed');
    expect(message).to.include('does not honour conditional writes');
    expect(server.objects.has('states/any.json.lock.info')).to.equal(false);
    server.conditions = true;
    s3.destroy();
  });

  it('is where playbake.yml says', async () => {
    const config = loadConfig({ directory: '/nowhere' });
    const file = await openStateStore(config);
    expect(file.where).to.equal('/nowhere/playbake.state.json');
    const { endpoint } = server;
    const s3 = {
      kind: 's3',
      bucket: 'states',
      key: 'a.json',
      region: 'eu-west-1',
      endpoint,
      kmsKey: undefined,
    } as const;
    const store = await openStateStore({ ...config, state: s3 });
    expect(store.where).to.equal('s3://states/a.json');
    store.close();
  });
});
