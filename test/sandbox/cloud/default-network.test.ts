import {
  CreateDefaultSubnetCommand,
  CreateDefaultVpcCommand,
  DeleteInternetGatewayCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeAccountAttributesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { NONE } from '../../../src/sandbox/cloud/injections.ts';
import { codeOf, startCloudServer } from '../../support/cloud-server.ts';

type Server = Awaited<ReturnType<typeof startCloudServer>>;

describe('the network that every region has from the start', () => {
  let server: Server;
  before(async () => {
    server = await startCloudServer();
  });
  after(() => server.stop());

  it('is a default VPC that is the network of the sandbox', async () => {
    const { Vpcs } = await server.ec2().send(new DescribeVpcsCommand({}));
    expect(Vpcs).to.have.length(1);
    expect(Vpcs?.[0]).to.include({ IsDefault: true, CidrBlock: '10.77.240.0/20', OwnerId: '000000000000' });
  });

  it('is what the account says that its default VPC is', async () => {
    const ec2 = server.ec2();
    const [vpc] = (await ec2.send(new DescribeVpcsCommand({}))).Vpcs ?? [];
    const asked = new DescribeAccountAttributesCommand({ AttributeNames: ['default-vpc'] });
    const [attribute] = (await ec2.send(asked)).AccountAttributes ?? [];
    expect(attribute?.AttributeValues).to.deep.equal([{ AttributeValue: vpc?.VpcId }]);
  });

  it('has a subnet in each zone; the first addresses are those of hosts', async () => {
    const { Subnets } = await server.ec2('eu-west-1').send(new DescribeSubnetsCommand({}));
    const seen = Subnets?.map((subnet) => [
      subnet.AvailabilityZone,
      subnet.CidrBlock,
      subnet.AvailableIpAddressCount,
      subnet.DefaultForAz,
    ]);
    expect(seen).to.deep.equal([
      ['eu-west-1a', '10.77.240.0/22', 1024 - 256 - 1, true],
      ['eu-west-1b', '10.77.244.0/22', 1024 - 5, true],
      ['eu-west-1c', '10.77.248.0/22', 1024 - 5, true],
    ]);
  });

  it('has a main route table with a way out, an attached gateway, and an ACL that lets all pass', async () => {
    const ec2 = server.ec2();
    const [vpc] = (await ec2.send(new DescribeVpcsCommand({}))).Vpcs ?? [];
    const ofVpc = [{ Name: 'vpc-id', Values: [vpc?.VpcId ?? ''] }];
    const [table] = (await ec2.send(new DescribeRouteTablesCommand({ Filters: ofVpc }))).RouteTables ?? [];
    const [gateway] = (await ec2.send(new DescribeInternetGatewaysCommand({}))).InternetGateways ?? [];
    const [acl] = (await ec2.send(new DescribeNetworkAclsCommand({ Filters: ofVpc }))).NetworkAcls ?? [];
    expect(table?.Associations?.map(({ Main }) => Main)).to.deep.equal([true]);
    expect(table?.Routes?.map(({ DestinationCidrBlock, GatewayId, State }) => [DestinationCidrBlock, GatewayId, State]))
      // biome-ignore format: a table
      .to.deep.equal([
      ['10.77.240.0/20', 'local', 'active'],
      ['0.0.0.0/0', gateway?.InternetGatewayId, 'active'],
    ]);
    expect(gateway?.Attachments).to.deep.equal([{ VpcId: vpc?.VpcId, State: 'available' }]);
    expect(acl?.Associations).to.have.length(3);
  });

  it('has ids of its own in each region, and the same ones in every sandbox', async () => {
    const idIn = async (owner: Server, region: string) =>
      (await owner.ec2(region).send(new DescribeVpcsCommand({}))).Vpcs?.[0]?.VpcId;
    const other = await startCloudServer();
    try {
      expect(await idIn(server, 'us-east-1')).to.equal(await idIn(other, 'us-east-1'));
      expect(await idIn(server, 'us-east-1')).not.to.equal(await idIn(server, 'us-east-2'));
    } finally {
      await other.stop();
    }
  });

  it('is there at once, however late changes are seen', async () => {
    await server.injector.set({ ...NONE, consistencyDelay: 60_000 });
    try {
      expect((await server.ec2().send(new DescribeVpcsCommand({}))).Vpcs).to.have.length(1);
    } finally {
      await server.injector.set(NONE);
    }
  });

  it('can be deleted, and made anew', async () => {
    const ec2 = server.ec2('sa-east-1');
    const seen = async () => {
      const [vpc] = (await ec2.send(new DescribeVpcsCommand({}))).Vpcs ?? [];
      const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
      const { InternetGateways: [gateway] = [] } = await ec2.send(new DescribeInternetGatewaysCommand({}));
      return { vpc, Subnets, gateway };
    };
    const before = await seen();
    expect(await codeOf(ec2.send(new CreateDefaultVpcCommand({})))).to.equal('DefaultVpcAlreadyExists');
    const [VpcId, InternetGatewayId] = [before.vpc?.VpcId, before.gateway?.InternetGatewayId];
    await ec2.send(new DetachInternetGatewayCommand({ VpcId, InternetGatewayId }));
    await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
    for (const { SubnetId } of before.Subnets) await ec2.send(new DeleteSubnetCommand({ SubnetId }));
    await ec2.send(new DeleteVpcCommand({ VpcId }));
    expect(await seen()).to.deep.equal({ vpc: undefined, Subnets: [], gateway: undefined });
    await server.restart();
    await server.ec2('sa-east-1').send(new CreateDefaultVpcCommand({}));
    const again = server.ec2('sa-east-1');
    const { Subnets = [] } = await again.send(new DescribeSubnetsCommand({}));
    expect(Subnets.map(({ CidrBlock }) => CidrBlock)).to.deep.equal(before.Subnets.map(({ CidrBlock }) => CidrBlock));
    const zone = { AvailabilityZone: 'sa-east-1b' };
    expect(await codeOf(again.send(new CreateDefaultSubnetCommand(zone)))).to.equal(
      'DefaultSubnetAlreadyExistsInAvailabilityZone',
    );
    await again.send(new DeleteSubnetCommand({ SubnetId: Subnets[1]?.SubnetId }));
    const { Subnet } = await again.send(new CreateDefaultSubnetCommand(zone));
    expect(Subnet).to.include({ CidrBlock: Subnets[1]?.CidrBlock, DefaultForAz: true, MapPublicIpOnLaunch: true });
  });

  it('says what is wrong with an id', async () => {
    const ask = (id: string) => codeOf(server.ec2().send(new DescribeVpcsCommand({ VpcIds: [id] })));
    expect(await ask('vpc-0123456789abcdef0')).to.equal('InvalidVpcID.NotFound');
    expect(await ask('network-1')).to.equal('InvalidVpcID.Malformed');
  });
});
