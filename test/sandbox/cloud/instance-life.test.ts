import { expect } from 'chai';
import { settle } from '../../../src/sandbox/cloud/instance-life.ts';
import type { InstanceRecord } from '../../../src/sandbox/cloud/instance-record.ts';
import { recoverInstances } from '../../../src/sandbox/cloud/recover-instances.ts';
import { watchInstances } from '../../../src/sandbox/cloud/watch-instances.ts';
import { type CloudServer, startCloudServer } from '../../support/cloud-server.ts';
import { instanceRecord } from '../../support/instance-record.ts';

describe('the life of an instance', () => {
  const { id } = instanceRecord();
  let server: CloudServer;

  beforeEach(async () => {
    server = await startCloudServer();
  });
  afterEach(() => server.stop());

  const region = () => server.cloud.region('us-east-1');
  const record = (): InstanceRecord | undefined => region().state.instances[id];
  const put = (given: Partial<InstanceRecord>) => region().put('instances', instanceRecord(given));
  const moved = async () => {
    settle(server.cloud, 'us-east-1', id);
    await server.cloud.idle();
    return record()?.state;
  };
  /** Looks once as the watch does. */
  const look = async (memory = 1000) => {
    const watch = watchInstances(server.cloud, { interval: 1_000_000, memory, retry: 0 });
    await watch.look();
    watch.stop();
    await server.cloud.idle();
  };

  it('goes from pending to running, stopped, running and terminated', async () => {
    put({});
    expect(await moved()).to.equal('running');
    put({ state: 'stopping' });
    expect(await moved()).to.equal('stopped');
    put({ state: 'pending' });
    expect(await moved()).to.equal('running');
    put({ state: 'shutting-down', force: true });
    expect(await moved()).to.equal('terminated');
    const asked = ['start', 'stop', 'start', 'cut', 'remove'].map((what) => `${what} ${id}`);
    expect(server.machines.asked).to.deep.equal(asked);
  });

  it('follows what is told while the machine is at work', async () => {
    let open = () => {};
    server.machines.gate = new Promise((resolve) => {
      open = resolve;
    });
    put({});
    settle(server.cloud, 'us-east-1', id);
    region().change('instances', id, (now) => ({ ...now, state: 'shutting-down' }));
    settle(server.cloud, 'us-east-1', id);
    open();
    await server.cloud.idle();
    expect(record()?.state).to.equal('terminated');
    expect(server.machines.disks.size).to.equal(0);
  });

  it('ends when its first start fails, and is stopped when a later one does', async () => {
    server.machines.broken.add(id);
    put({});
    expect(await moved()).to.equal('terminated');
    expect(record()?.reason?.message).to.match(/^Server.InternalError: Internal error on launch: no machine today$/);
    server.machines.broken.add(id);
    put({ launchedAt: 2000 });
    expect(await moved()).to.equal('stopped');
  });

  it('takes its volumes with it, or leaves them', async () => {
    const volume = {
      tags: {},
      createdAt: 1,
      state: 'in-use',
      zone: 'us-east-1a',
      size: 8,
      type: 'gp3',
      encrypted: false,
    } as const;
    const attachment = {
      instanceId: id,
      device: '/dev/xvda',
      state: 'attached',
      attachedAt: 1,
      deleteOnTermination: true,
    } as const;
    for (const name of ['vol-1', 'vol-2']) region().put('volumes', { ...volume, id: name, attachment });
    const device = { name: '/dev/xvda', volumeId: 'vol-1', deleteOnTermination: true, attachedAt: 1 };
    put({ state: 'shutting-down', devices: [device, { ...device, volumeId: 'vol-2', deleteOnTermination: false }] });
    await moved();
    expect(Object.values(region().state.volumes)).to.deep.equal([{ ...volume, id: 'vol-2', state: 'available' }]);
  });

  it('is seen when it powers itself off, or is cut short', async () => {
    put({ state: 'running' });
    await look();
    expect(record()).to.include({ state: 'stopped' });
    expect(record()?.reason?.code).to.equal('Client.InstanceInitiatedShutdown');
    put({ state: 'running', onShutdown: 'terminate' });
    await look();
    expect(record()?.state).to.equal('terminated');
    server.machines.cut.add(id);
    put({ state: 'running', onShutdown: 'terminate' });
    await look();
    expect(record()).to.include({ state: 'stopped' });
    expect(record()?.reason?.code).to.equal('Server.InternalError');
  });

  it('is stopped in the end, though its machine could not be at first', async () => {
    server.machines.running.add(id);
    put({ state: 'stopping' });
    server.machines.gate = Promise.reject(new Error('it hangs'));
    expect(await moved()).to.equal('stopping');
    expect(server.errors.splice(0)).to.have.length(1);
    server.machines.gate = undefined;
    await look();
    expect(record()?.state).to.equal('stopped');
  });

  it('is left alone while its disks are captured', async () => {
    put({ state: 'running', imaging: true });
    await look();
    expect(record()?.state).to.equal('running');
  });

  it('is seen when it answers', async () => {
    server.machines.running.add(id);
    server.machines.answering = false;
    put({ state: 'running' });
    await look();
    expect(record()?.answeredAt).to.equal(undefined);
    server.machines.answering = true;
    await look();
    expect(record()?.answeredAt).to.be.a('number');
  });

  it('is forgotten some time after its end', async () => {
    put({ state: 'terminated', endedAt: Date.now() - 500 });
    await look();
    expect(record()?.state).to.equal('terminated');
    await look(100);
    expect(record()).to.equal(undefined);
  });

  it('goes on after the server was killed', async () => {
    const states = ['pending', 'running', 'stopping', 'stopped', 'shutting-down', 'terminated'] as const;
    const ids = states.map((state) => {
      const instance = instanceRecord({ id: `i-${state}`, state });
      region().put('instances', instance);
      return instance.id;
    });
    region().put('instances', instanceRecord({ id: 'i-imaging', state: 'running', imaging: true }));
    for (const there of ['i-running', 'i-stopping', 'i-shutting-down']) server.machines.running.add(there);
    for (const there of [...ids, 'i-unknown']) server.machines.disks.add(there);
    await recoverInstances(server.cloud);
    await server.cloud.idle();
    const after = ids.map((one) => region().state.instances[one]?.state);
    expect(after).to.deep.equal(['running', 'running', 'stopped', 'stopped', 'terminated', 'terminated']);
    expect(region().state.instances['i-imaging']).to.include({ state: 'running' }).and.not.have.property('imaging');
    expect([...server.machines.running].sort()).to.deep.equal(['i-imaging', 'i-pending', 'i-running']);
    expect([...server.machines.disks]).not.to.include.members(['i-unknown']);
    expect(server.machines.disks.has('i-terminated')).to.equal(false);
  });
});
