import { CreateSubnetCommand, CreateVpcCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import type { Context } from '../../../src/sandbox/cloud/action.ts';
import { type PlacementWish, placeInstance } from '../../../src/sandbox/cloud/place-instance.ts';
import { ApiError } from '../../../src/sandbox/cloud/protocol/api-error.ts';
import { type GroupWish, resolveGroups } from '../../../src/sandbox/cloud/resolve-groups.ts';
import { type CloudServer, startCloudServer } from '../../support/cloud-server.ts';

describe('where a new instance will be', () => {
  let server: CloudServer;
  before(async () => {
    server = await startCloudServer();
  });
  after(() => server.stop());

  function context(): Context {
    const { cloud } = server;
    const regionNamed = (name: string) => cloud.region(name);
    return { cloud, region: regionNamed('us-east-1'), regionNamed, seen: cloud.store.state, now: 1 };
  }

  const place = (wish: PlacementWish, besides: readonly number[] = []) =>
    placeInstance(context(), wish, new Set(besides));

  function refusal(work: () => unknown): string {
    try {
      work();
    } catch (error) {
      if (error instanceof ApiError) return error.code;
      throw error;
    }
    return '';
  }

  it('is the default subnet of the zone, at the first address that nobody has', () => {
    const first = place({});
    expect([first.subnet.zone, first.address, first.number]).to.deep.equal(['us-east-1a', '10.77.241.0', 246]);
    expect(place({}, [246, 247]).address).to.equal('10.77.241.2');
    expect(place({ zone: 'us-east-1b' }).address).to.equal('10.77.244.4');
    expect(place({ zone: 'us-east-1c', privateIp: '10.77.249.7' }).address).to.equal('10.77.249.7');
  });

  it('is refused where nothing can be', async () => {
    const ec2 = server.ec2();
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.1.0.0/16' }));
    const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.1.0.0/24' }));
    const wishes: readonly (readonly [PlacementWish, (readonly number[])?])[] = [
      [{ zone: 'us-west-1a' }],
      [{ subnetId: 'subnet-00000000' }],
      [{ subnetId: Subnet?.SubnetId }],
      [{ subnetId: place({}).subnet.id, zone: 'us-east-1b' }],
      [{ privateIp: '10.77.244.9' }],
      [{ privateIp: '10.77.240.20' }],
      [{ privateIp: '10.77.241.5' }, [place({ privateIp: '10.77.241.5' }).number]],
    ];
    expect(wishes.map(([wish, besides]) => refusal(() => place(wish, besides)))).to.deep.equal([
      'InvalidParameterValue',
      'InvalidSubnetID.NotFound',
      'UnsupportedOperation',
      'InvalidParameterValue',
      'InvalidParameterValue',
      'InvalidParameterValue',
      'InvalidIPAddress.InUse',
    ]);
  });

  it('has the groups that were named, else the default one of its VPC', () => {
    const vpcId = place({}).subnet.vpcId;
    const groups = (wish: Omit<GroupWish, 'vpcId'>, vpc = vpcId) =>
      resolveGroups(context(), { ...wish, vpcId: vpc }).map(({ name }) => name);
    expect(groups({})).to.deep.equal(['default']);
    const [group] = resolveGroups(context(), { vpcId });
    expect(groups({ ids: [group?.id ?? ''], names: ['default'] })).to.deep.equal(['default']);
    expect(refusal(() => groups({ names: ['web'] }))).to.equal('InvalidGroup.NotFound');
    expect(refusal(() => groups({ ids: ['web'] }))).to.equal('InvalidGroupId.Malformed');
    expect(refusal(() => groups({ ids: [group?.id ?? ''] }, 'vpc-00000000'))).to.equal('InvalidParameter');
  });
});
