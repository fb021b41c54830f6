import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CopyImageCommand,
  CreateImageCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  DescribeImageAttributeCommand,
  DescribeImagesCommand,
  type DescribeImagesCommandInput,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  DisableImageDeregistrationProtectionCommand,
  EnableImageDeprecationCommand,
  EnableImageDeregistrationProtectionCommand,
  ModifyImageAttributeCommand,
  RegisterImageCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { DISTRIBUTOR, seedBaseImages } from '../../../src/sandbox/cloud/base-images.ts';
import type { InstanceRecord } from '../../../src/sandbox/cloud/instance-record.ts';
import { settleImages } from '../../../src/sandbox/cloud/settle-images.ts';
import { type CloudServer, codeOf, startCloudServer } from '../../support/cloud-server.ts';

describe('images, snapshots and volumes', () => {
  let server: CloudServer;
  let base = '';
  before(async () => {
    server = await startCloudServer();
    seed();
    const { Images } = await server.ec2().send(new DescribeImagesCommand({ Owners: ['sandbox'] }));
    base = Images?.[0]?.ImageId ?? '';
  });
  after(() => server.stop());

  function seed() {
    const { root, settings, bases } = server.home;
    expect(root).not.to.equal('');
    seedBaseImages(server.cloud, {
      base: join(bases, 'abc'),
      settings: join(settings, 'abc-def-2026-01-02'),
      hosts: [],
    });
  }

  /** An instance that is off, with a file on its disk. */
  async function stoppedInstance(digits: string): Promise<string> {
    const id = `i-${digits.padStart(17, '0')}`;
    const disk = join(server.home.instances, id, 'disk');
    await mkdir(join(disk, 'upper/etc'), { recursive: true });
    await writeFile(join(disk, 'upper/etc/motd'), `I am ${id}\n`);
    await writeFile(join(disk, 'layers'), 'settings/abc-def-2026-01-02\nbase/abc\n');
    await writeFile(join(server.home.instances, id, 'number'), '12\n');
    const region = server.cloud.region('us-east-1');
    const common = { tags: {}, createdAt: Date.now() };
    const volume = `vol-${digits.padStart(17, '0')}`;
    region.put('volumes', {
      ...common,
      id: volume,
      state: 'in-use',
      zone: 'us-east-1a',
      size: 8,
      type: 'gp3',
      encrypted: false,
      attachment: {
        instanceId: id,
        device: '/dev/xvda',
        state: 'attached',
        attachedAt: Date.now(),
        deleteOnTermination: true,
      },
    });
    const instance: InstanceRecord = {
      ...common,
      id,
      state: 'stopped',
      transition: '',
      launchedAt: Date.now(),
      imageId: base,
      layers: [],
      rootDevice: '/dev/xvda',
      devices: [{ name: '/dev/xvda', volumeId: volume, deleteOnTermination: true, attachedAt: Date.now() }],
      type: 't3.micro',
      number: 12,
      address: '10.77.240.22',
      subnetId: '',
      vpcId: '',
      zone: 'us-east-1a',
      groupIds: [],
      interfaceId: '',
      interfaceTags: {},
      sourceDestCheck: true,
      reservationId: '',
      launchIndex: 0,
      metadata: { endpoint: 'enabled', tokens: 'required', hopLimit: 1, tags: 'disabled' },
      onShutdown: 'stop',
      keepFromTermination: false,
      keepFromStop: false,
      monitored: false,
      ebsOptimized: false,
    };
    region.put('instances', instance);
    return id;
  }

  const image = async (id: string, region = 'us-east-1') => {
    const { Images } = await server.ec2(region).send(new DescribeImagesCommand({ ImageIds: [id] }));
    return Images?.[0];
  };

  async function available(id: string, region = 'us-east-1') {
    for (let round = 0; round < 200; round += 1) {
      const found = await image(id, region);
      if (found?.State !== 'pending') return found;
      await sleep(20);
    }
    throw new Error(`${id} stays pending`);
  }

  it('brings a Debian in every region, by the same id for the same content', async () => {
    const found = await image(base);
    expect(found).to.deep.include({ OwnerId: DISTRIBUTOR.account, ImageOwnerAlias: 'sandbox', Public: true });
    const there = await server.ec2('eu-west-1').send(new DescribeImagesCommand({ Owners: ['sandbox'] }));
    expect(there.Images?.[0]?.ImageId).not.to.equal(base);
    const { bases, settings } = server.home;
    seedBaseImages(server.cloud, {
      base: join(bases, 'abc'),
      settings: join(settings, 'abc-def-2026-01-03'),
      hosts: [],
    });
    expect((await image(base))?.ImageId).to.equal(base);
    seed();
  });

  it('captures the disk of an instance, and forgets it with the image', async () => {
    const ec2 = server.ec2();
    const id = await stoppedInstance('1');
    const tags = (type: 'image' | 'snapshot') => ({ ResourceType: type, Tags: [{ Key: 'run', Value: type }] });
    const made = await ec2.send(
      new CreateImageCommand({
        InstanceId: id,
        Name: 'app-1',
        Description: 'the app',
        TagSpecifications: [tags('image'), tags('snapshot')],
      }),
    );
    const found = await available(made.ImageId ?? '');
    expect(found).to.deep.include({ State: 'available', Name: 'app-1', SourceInstanceId: id, SourceImageId: base });
    expect(found?.Tags).to.deep.equal([{ Key: 'run', Value: 'image' }]);
    const snapshotId = found?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
    const { Snapshots } = await ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [snapshotId] }));
    expect(Snapshots?.[0]).to.deep.include({ State: 'completed', Progress: '100%', VolumeSize: 8 });
    expect(Snapshots?.[0]?.Tags).to.deep.equal([{ Key: 'run', Value: 'snapshot' }]);
    const layer = join(server.home.layers, snapshotId);
    expect(await readFile(join(layer, 'etc/motd'), 'utf8')).to.equal(`I am ${id}\n`);
    expect(server.cloud.region('us-east-1').state.snapshots[snapshotId]?.layers).to.deep.equal([
      `layers/${snapshotId}`,
      'settings/abc-def-2026-01-02',
      'base/abc',
    ]);

    expect(await codeOf(ec2.send(new CreateImageCommand({ InstanceId: id, Name: 'app-1' })))).to.equal(
      'InvalidAMIName.Duplicate',
    );
    expect(await codeOf(ec2.send(new DeleteSnapshotCommand({ SnapshotId: snapshotId })))).to.equal(
      'InvalidSnapshot.InUse',
    );
    await ec2.send(new DeregisterImageCommand({ ImageId: made.ImageId, DeleteAssociatedSnapshots: true }));
    await server.cloud.idle();
    expect(existsSync(layer)).to.equal(false);
    expect(await codeOf(image(made.ImageId ?? ''))).to.equal('InvalidAMIID.NotFound');
    expect(await codeOf(ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [snapshotId] })))).to.equal(
      'InvalidSnapshot.NotFound',
    );
  });

  it('finds images by owner, id, name, tag and other filters, in pages', async () => {
    const ec2 = server.ec2();
    const id = await stoppedInstance('2');
    const names = ['found-a', 'found-b', 'found-c'];
    for (const Name of names) {
      const { ImageId = '' } = await ec2.send(new CreateImageCommand({ InstanceId: id, Name }));
      await available(ImageId);
    }
    const named = async (input: DescribeImagesCommandInput) => {
      const { Images, NextToken } = await ec2.send(new DescribeImagesCommand(input));
      return [Images?.map(({ Name }) => Name), NextToken] as const;
    };
    expect((await named({ Owners: ['self'], Filters: [{ Name: 'name', Values: ['found-*'] }] }))[0]).to.deep.equal(
      names,
    );
    expect((await named({ Owners: ['sandbox'], Filters: [{ Name: 'name', Values: ['found-*'] }] }))[0]).to.deep.equal(
      [],
    );
    const filters = [{ Name: 'name', Values: ['found-?'] }];
    const [first, token] = await named({ Filters: filters, MaxResults: 2 });
    const [second, end] = await named({ Filters: filters, MaxResults: 2, NextToken: token });
    expect([first, second, end]).to.deep.equal([['found-a', 'found-b'], ['found-c'], undefined]);
    const codes = [
      named({ ImageIds: ['ami-12345678'] }),
      named({ ImageIds: ['image-1'] }),
      named({ Filters: [{ Name: 'nome', Values: ['x'] }] }),
    ].map(codeOf);
    expect(await Promise.all(codes)).to.deep.equal([
      'InvalidAMIID.NotFound',
      'InvalidAMIID.Malformed',
      'InvalidParameterValue',
    ]);
  });

  it('copies to another region, once for a token, and registers from a snapshot', async () => {
    const ec2 = server.ec2();
    const { ImageId: source = '' } = await ec2.send(
      new CreateImageCommand({ InstanceId: await stoppedInstance('3'), Name: 'copied' }),
    );
    await available(source);
    const copy = () =>
      server.ec2('eu-west-1').send(
        new CopyImageCommand({
          Name: 'copied',
          SourceRegion: 'us-east-1',
          SourceImageId: source,
          Encrypted: true,
          ClientToken: 'once',
        }),
      );
    const { ImageId: copied = '' } = await copy();
    expect((await copy()).ImageId).to.equal(copied);
    const there = await available(copied, 'eu-west-1');
    expect(there?.BlockDeviceMappings?.[0]?.Ebs?.Encrypted).to.equal(true);
    await ec2.send(new DeregisterImageCommand({ ImageId: source, DeleteAssociatedSnapshots: true }));
    await server.cloud.idle();
    const snapshot = there?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
    const { layers } = server.cloud.region('eu-west-1').state.snapshots[snapshot]!;
    // The copy still stands on what the original captured.
    expect(existsSync(join(server.home.root, layers[0]!))).to.equal(true);
    const registered = await server.ec2('eu-west-1').send(
      new RegisterImageCommand({
        Name: 'registered',
        RootDeviceName: '/dev/xvda',
        BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { SnapshotId: snapshot } }],
      }),
    );
    expect((await image(registered.ImageId ?? '', 'eu-west-1'))?.State).to.equal('available');
  });

  it('leaves nothing of an image that is deregistered while it is made', async () => {
    const ec2 = server.ec2();
    const { disks } = server.cloud;
    const capture = disks.captureRoot.bind(disks);
    let begin = () => {};
    const gate = new Promise<void>((resolve) => {
      begin = resolve;
    });
    disks.captureRoot = async (...args) => {
      await gate;
      return capture(...args);
    };
    const { ImageId = '' } = await ec2.send(
      new CreateImageCommand({ InstanceId: await stoppedInstance('5'), Name: 'too soon' }),
    );
    const snapshotId = (await image(ImageId))?.BlockDeviceMappings?.[0]?.Ebs?.SnapshotId ?? '';
    await ec2.send(new DeregisterImageCommand({ ImageId, DeleteAssociatedSnapshots: true }));
    await sleep(50);
    begin();
    await server.cloud.idle();
    disks.captureRoot = capture;
    expect((await readdir(server.home.layers)).filter((name) => name.startsWith(snapshotId))).to.deep.equal([]);
    expect(server.cloud.region('us-east-1').state.snapshots[snapshotId]).to.equal(undefined);
  });

  it('changes who may launch, protects, deprecates', async () => {
    const ec2 = server.ec2();
    const { ImageId = '' } = await ec2.send(
      new CreateImageCommand({ InstanceId: await stoppedInstance('4'), Name: 'shared' }),
    );
    await available(ImageId);
    const share = (UserId: string) =>
      ec2.send(new ModifyImageAttributeCommand({ ImageId, LaunchPermission: { Add: [{ UserId }] } }));
    await share('123456789012');
    expect(await codeOf(share('nobody'))).to.equal('InvalidAMIAttributeItemValue');
    const { LaunchPermissions } = await ec2.send(
      new DescribeImageAttributeCommand({ ImageId, Attribute: 'launchPermission' }),
    );
    expect(LaunchPermissions).to.deep.equal([{ UserId: '123456789012' }]);
    await ec2.send(new EnableImageDeregistrationProtectionCommand({ ImageId }));
    expect(await codeOf(ec2.send(new DeregisterImageCommand({ ImageId })))).to.equal('OperationNotPermitted');
    await ec2.send(new DisableImageDeregistrationProtectionCommand({ ImageId }));
    const DeprecateAt = new Date(Date.now() + 86_400_000);
    await ec2.send(new EnableImageDeprecationCommand({ ImageId, DeprecateAt }));
    const time = new Date((await image(ImageId))?.DeprecationTime ?? 0);
    expect(Math.abs(time.getTime() - DeprecateAt.getTime())).to.be.at.most(60_000);
    expect(await codeOf(ec2.send(new DeregisterImageCommand({ ImageId: base })))).to.equal('AuthFailure');
    expect(await codeOf(ec2.send(new DeregisterImageCommand({ ImageId, DryRun: true })))).to.equal('DryRunOperation');
    expect((await image(ImageId))?.ImageId).to.equal(ImageId);
  });

  it('makes volumes, snapshots of them, and volumes of these', async () => {
    const ec2 = server.ec2();
    const create = (input: object) =>
      ec2.send(new CreateVolumeCommand({ AvailabilityZone: 'us-east-1a', VolumeType: 'gp3', ...input }));
    const { VolumeId = '' } = await create({ Size: 2, ClientToken: 'v' });
    expect((await create({ Size: 2, ClientToken: 'v' })).VolumeId).to.equal(VolumeId);
    await server.cloud.idle();
    await writeFile(join(server.home.volumes, VolumeId, 'data'), 'kept');
    const { SnapshotId = '' } = await ec2.send(new CreateSnapshotCommand({ VolumeId }));
    await server.cloud.idle();
    const { VolumeId: second = '' } = await create({ SnapshotId });
    await server.cloud.idle();
    expect(await readFile(join(server.home.volumes, second, 'data'), 'utf8')).to.equal('kept');
    const { Volumes } = await ec2.send(new DescribeVolumesCommand({ VolumeIds: [second] }));
    expect(Volumes?.[0]).to.deep.include({ State: 'available', Size: 2, VolumeType: 'gp3', SnapshotId, Iops: 3000 });
    await ec2.send(new DeleteVolumeCommand({ VolumeId }));
    await server.cloud.idle();
    expect(existsSync(join(server.home.volumes, VolumeId))).to.equal(false);
    const refusals = [
      create({ Size: 0 }),
      create({ Size: 4, VolumeType: 'gp9' }),
      create({ SnapshotId, Size: 1 }),
      create({ Size: 1, AvailabilityZone: 'us-east-1z' }),
      create({}),
    ].map(codeOf);
    expect(await Promise.all(refusals)).to.deep.equal([
      'InvalidParameterValue',
      'UnknownVolumeType',
      'InvalidParameterValue',
      'InvalidZone.NotFound',
      'MissingParameter',
    ]);
  });

  it('settles what a crash left pending', async () => {
    const region = server.cloud.region('us-east-1');
    const found = Object.values(region.state.images).find(({ name }) => name === 'shared')!;
    const snapshotId = found.devices[0]?.snapshotId ?? '';
    region.change('images', found.id, (old) => ({ ...old, state: 'pending' }));
    region.change('snapshots', snapshotId, (old) => ({ ...old, state: 'pending', layers: [] }));
    await mkdir(join(server.home.layers, `${snapshotId}.new`), { recursive: true });
    await settleImages(server.cloud);
    expect((await image(found.id))?.State).to.equal('failed');
    expect(region.state.snapshots[snapshotId]?.state).to.equal('error');
    expect(existsSync(join(server.home.layers, `${snapshotId}.new`))).to.equal(false);
    expect(server.errors).to.deep.equal([]);
  });
});
