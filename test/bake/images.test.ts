import { EC2 } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { promote } from '../../src/bake/images/promote.ts';
import { revoke } from '../../src/bake/images/revoke.ts';
import { Images, inChannel } from '../../src/bake/images.ts';
import { ACCOUNT } from '../../src/sandbox/cloud/state.ts';
import { bakedImage } from '../support/baked-image.ts';
import { type CloudServer, CREDENTIALS, startCloudServer } from '../support/cloud-server.ts';
import { rejected } from '../support/rejected.ts';

const NOW = new Date('2026-11-26T02:15:00Z');

describe('images that bakes have made', () => {
  let server: CloudServer;
  let images: Images;
  beforeEach(async () => {
    server = await startCloudServer();
    const ec2 = new EC2({ region: 'us-east-1', endpoint: server.endpoint, credentials: CREDENTIALS, maxAttempts: 1 });
    images = new Images(ec2, 'us-east-1');
  });
  afterEach(() => {
    images.ec2.destroy();
    return server.stop();
  });

  const make = (digit: string, day: number, tags: Readonly<Record<string, string>> = {}, owner = ACCOUNT) =>
    bakedImage(server, { digit, day, tags, owner });

  const stateOf = async (id: string) => (await images.list()).find((one) => one.id === id);
  const channelsOf = async (id: string) => [...((await stateOf(id))?.channels.keys() ?? [])];

  it('are listed, the newest first, without images of others and those that are no bakes', async () => {
    const [old, young, building, other] = [
      make('1', 1),
      make('2', 3),
      make('3', 2, { 'playbake:state': 'building' }),
      make('4', 1, { 'playbake:image': 'db' }),
    ];
    make('5', 9, {}, '999999999999');
    server.cloud
      .region('us-east-1')
      .change('images', make('6', 8), (image) => ({ ...image, tags: { Name: 'by hand' } }));
    expect((await images.list()).map(({ id }) => id)).to.deep.equal([young, building, other, old]);
    expect((await images.list('db')).map(({ id }) => id)).to.deep.equal([other]);
    expect(await stateOf(young)).to.deep.include({
      ...{ name: 'app-2', image: 'app', run: 'run-2', state: 'good', base: undefined, revoked: undefined },
      ...{ architecture: 'x86_64', snapshots: [`snap-${'2'.repeat(17)}`] },
    });
    expect((await stateOf(building))?.state).to.equal('building');
  });

  it('are listed past the first page', async () => {
    for (const digit of '0123456789abcdef') make(digit, 1);
    const { ec2 } = images;
    const pages: unknown[] = [];
    ec2.middlewareStack.add(
      (next) => (args) => {
        pages.push(args.input);
        return next({ ...args, input: { ...args.input, MaxResults: 5 } });
      },
      { step: 'initialize', name: 'smallPages' },
    );
    expect(await images.list()).to.have.length(16);
    expect(pages).to.have.length(4);
  });

  it('are found by id, name, channel and name in playbake.yml', async () => {
    const [old, young] = [make('1', 1, { 'playbake:channel/stable': '2026-11-02T00:00:00.000Z' }), make('2', 3)];
    make('3', 4, { 'playbake:state': 'building' });
    for (const [word, id] of [
      [old, old],
      ['app-1', old],
      ['app:stable', old],
      ['app', young],
    ] as const) {
      expect((await images.find(word)).id, word).to.equal(id);
    }
    const { hint } = await rejected(images.find('app:stabel'), 'image-missing');
    expect(hint).to.equal('did you mean app:stable?');
  });

  it('move into a channel: the new one has it before the old one loses it', async () => {
    const [old, young] = [make('1', 1), make('2', 2)];
    await promote(images, await images.find(old), 'stable', NOW);
    expect(await channelsOf(old)).to.deep.equal(['stable']);
    const done = await promote(images, await images.find(young), 'stable', NOW);
    expect(done.before.map(({ id }) => id)).to.deep.equal([old]);
    expect([await channelsOf(old), await channelsOf(young)]).to.deep.equal([[], ['stable']]);
    const calls = (await server.calls()).map(({ action }) => action).filter((action) => action.endsWith('Tags'));
    expect(calls).to.deep.equal(['CreateTags', 'CreateTags', 'DeleteTags']);
    expect((await promote(images, await images.find(young), 'stable', NOW)).isSame).to.equal(true);
    await promote(images, await images.find(young), 'beta', NOW);
    expect((await channelsOf(young)).sort()).to.deep.equal(['beta', 'stable']);
  });

  it('leave the channels of other images alone', async () => {
    const [app, db] = [
      make('1', 1),
      make('2', 2, { 'playbake:image': 'db', 'playbake:channel/stable': NOW.toISOString() }),
    ];
    await promote(images, await images.find(app), 'stable', NOW);
    expect([await channelsOf(app), await channelsOf(db)]).to.deep.equal([['stable'], ['stable']]);
  });

  it('are the later one of a channel that a killed promotion has left in two', async () => {
    make('1', 1, { 'playbake:channel/stable': '2026-11-03T00:00:00.000Z' });
    const later = make('2', 0, { 'playbake:channel/stable': '2026-11-04T00:00:00.000Z' });
    expect(inChannel(await images.list(), 'app', 'stable')?.id).to.equal(later);
  });

  it('are not promoted when they are not good, or to what is no channel', async () => {
    const building = await images.find(make('1', 1, { 'playbake:state': 'building' }));
    const { message } = await rejected(promote(images, building, 'stable', NOW), 'image-unusable');
    expect(message).to.include('app-1').and.include('is building');
    const good = await images.find(make('2', 1));
    for (const channel of ['', 'a b', '../x', '-x'])
      await rejected(promote(images, good, channel, NOW), 'option-invalid');
  });

  it('are revoked: marked, deprecated, out of use', async () => {
    const [old, young] = [make('1', 1), make('2', 2)];
    await promote(images, await images.find(old), 'stable', NOW);
    const now = new Date();
    await revoke(images, await images.find(young), { because: 'CVE-2026-1', force: false, deregister: false, now });
    const revoked = await stateOf(young);
    expect(revoked).to.deep.include({ state: 'revoked', revoked: { at: now.toISOString(), because: 'CVE-2026-1' } });
    expect(Date.parse(revoked?.deprecated ?? '')).to.be.within(now.getTime(), now.getTime() + 180_000);
    expect((await images.find('app')).id).to.equal(old);
    await rejected(promote(images, await images.find(young), 'stable', NOW), 'image-unusable');
  });

  it('are not revoked while a channel has no other, unless that is forced', async () => {
    const [old, young] = [make('1', 1), make('2', 2)];
    await promote(images, await images.find(young), 'stable', NOW);
    const options = { deregister: false, now: new Date() };
    const { message, hint } = await rejected(
      revoke(images, await images.find(young), { ...options, force: false }),
      'image-in-use',
    );
    expect(message).to.equal(`app-2 (${young}) is the image of the channel stable`);
    expect(hint).to.equal(`promote another first: playbake image promote ${old} stable; or --force`);
    expect((await stateOf(young))?.state).to.equal('good');
    const done = await revoke(images, await images.find(young), { ...options, force: true });
    expect(done.channels).to.deep.equal(['stable']);
    expect(await stateOf(young)).to.deep.include({ state: 'revoked', channels: new Map() });
  });

  it('are removed with their snapshots when that is wanted', async () => {
    const id = make('1', 1);
    await revoke(images, await images.find(id), { force: false, deregister: true, now: new Date() });
    expect(await images.list()).to.deep.equal([]);
    const { Snapshots } = await images.ec2.describeSnapshots({ OwnerIds: ['self'] });
    expect(Snapshots).to.deep.equal([]);
  });
});
