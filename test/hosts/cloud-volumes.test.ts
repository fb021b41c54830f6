import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { homeAt } from '../../src/sandbox/home.ts';
import { createKey } from '../../src/sandbox/machine.ts';
import { codeOf } from '../support/cloud-server.ts';
import { onInstance } from '../support/on-instance.ts';
import { type OwnCloud, ownCloud } from '../support/own-cloud.ts';
import { until } from '../support/until.ts';

describe('data volumes of real instances', function () {
  this.timeout(300_000);
  let cloud: OwnCloud;
  let key: string;
  let group: string;
  before(async () => {
    cloud = await ownCloud();
    key = join(cloud.home, 'me');
    await createKey(key, 'me');
    await cloud.ec2.importKeyPair({ KeyName: 'me', PublicKeyMaterial: await readFile(`${key}.pub`) });
    const { GroupId = '' } = await cloud.ec2.createSecurityGroup({ GroupName: 'ssh', Description: 'ssh' });
    group = GroupId;
    const port = { FromPort: 22, ToPort: 22, IpProtocol: 'tcp', CidrIp: '0.0.0.0/0' };
    await cloud.ec2.authorizeSecurityGroupIngress({ GroupId, ...port });
  });
  after(() => cloud?.stop());

  async function launch(): Promise<{ readonly id: string; readonly address: string }> {
    const { Images: [image] = [] } = await cloud.ec2.describeImages({ Owners: ['sandbox'] });
    const { Instances: [instance] = [] } = await cloud.ec2.runInstances({
      ImageId: image?.ImageId,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      KeyName: 'me',
      SecurityGroupIds: [group],
      Placement: { AvailabilityZone: 'us-east-1a' },
    });
    await answers(instance?.InstanceId ?? '');
    return { id: instance?.InstanceId ?? '', address: instance?.PrivateIpAddress ?? '' };
  }

  const answers = (id: string) =>
    until(async () => {
      const { InstanceStatuses: [status] = [] } = await cloud.ec2.describeInstanceStatus({ InstanceIds: [id] });
      return status?.InstanceStatus?.Status === 'ok';
    });

  const volumeIs = (id: string, wanted: string) =>
    until(async () => {
      const { Volumes: [volume] = [] } = await cloud.ec2.describeVolumes({ VolumeIds: [id] });
      return `${volume?.State} ${volume?.Attachments?.[0]?.State ?? ''}`.trim() === wanted;
    });

  const on = (address: string, command: string) => onInstance(address, key, command);

  it('come and go while the machine runs, and keep what was written', async () => {
    const { ec2 } = cloud;
    const [one, other] = [await launch(), await launch()];
    const zone = { AvailabilityZone: 'us-east-1a', VolumeType: 'gp3' } as const;
    const { VolumeId = '' } = await ec2.createVolume({ ...zone, Size: 1 });
    await volumeIs(VolumeId, 'available');
    await ec2.attachVolume({ VolumeId, InstanceId: one.id, Device: '/dev/xvdf' });
    await volumeIs(VolumeId, 'in-use attached');
    await on(one.address, 'echo kept | sudo tee /volumes/xvdf/file');
    expect(await codeOf(ec2.attachVolume({ VolumeId, InstanceId: other.id, Device: '/dev/xvdf' }))).to.equal(
      'VolumeInUse',
    );
    expect(await codeOf(ec2.deleteVolume({ VolumeId }))).to.equal('VolumeInUse');

    await ec2.rebootInstances({ InstanceIds: [one.id] });
    await sleep(3000);
    await answers(one.id);
    await until(() =>
      on(one.address, 'cat /volumes/xvdf/file').then(
        (text) => text === 'kept',
        () => false,
      ),
    );

    const { SnapshotId = '' } = await ec2.createSnapshot({ VolumeId });
    await until(async () => {
      const { Snapshots: [snapshot] = [] } = await ec2.describeSnapshots({ SnapshotIds: [SnapshotId] });
      return snapshot?.State === 'completed';
    });
    await ec2.detachVolume({ VolumeId });
    await volumeIs(VolumeId, 'available');
    expect(await on(one.address, 'ls /volumes')).to.equal('');
    await ec2.attachVolume({ VolumeId, InstanceId: other.id, Device: '/dev/sdg' });
    await volumeIs(VolumeId, 'in-use attached');
    expect(await on(other.address, 'cat /volumes/sdg/file')).to.equal('kept');

    const { VolumeId: copy = '' } = await ec2.createVolume({ ...zone, SnapshotId });
    await volumeIs(copy, 'available');
    await ec2.stopInstances({ InstanceIds: [one.id] });
    await until(async () => {
      const { Reservations: [found] = [] } = await ec2.describeInstances({ InstanceIds: [one.id] });
      return found?.Instances?.[0]?.State?.Name === 'stopped';
    });
    await ec2.attachVolume({ VolumeId: copy, InstanceId: one.id, Device: '/dev/xvdh' });
    await volumeIs(copy, 'in-use attached');
    await ec2.startInstances({ InstanceIds: [one.id] });
    await answers(one.id);
    expect(await on(one.address, 'cat /volumes/xvdh/file')).to.equal('kept');

    await ec2.terminateInstances({ InstanceIds: [one.id, other.id] });
    await volumeIs(VolumeId, 'available');
    await volumeIs(copy, 'available');
    await ec2.deleteVolume({ VolumeId });
    await until(async () => !existsSync(join(homeAt(cloud.home).volumes, VolumeId)));
    expect(existsSync(join(homeAt(cloud.home).volumes, copy, 'file'))).to.equal(true);
  });
});
