import {
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteInternetGatewayCommand,
  DeleteRouteCommand,
  DeleteRouteTableCommand,
  DeleteSubnetCommand,
  DeleteVpcCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcAttributeCommand,
  DescribeVpcsCommand,
  DetachInternetGatewayCommand,
  DisassociateRouteTableCommand,
  type EC2Client,
  ModifySubnetAttributeCommand,
  ModifyVpcAttributeCommand,
  ReplaceRouteTableAssociationCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { type CloudServer, codeOf, startCloudServer } from '../../support/cloud-server.ts';

describe('VPCs, subnets, gateways and routes', () => {
  let server: CloudServer;
  let ec2: EC2Client;
  before(async () => {
    server = await startCloudServer();
    ec2 = server.ec2();
  });
  after(() => server.stop());

  async function newVpc(cidr = '10.77.244.0/23'): Promise<string> {
    const made = await ec2.send(
      new CreateVpcCommand({
        CidrBlock: cidr,
        TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'Name', Value: 'own' }] }],
      }),
    );
    return made.Vpc?.VpcId ?? '';
  }

  async function newSubnet(VpcId: string, CidrBlock: string): Promise<string> {
    const made = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock, AvailabilityZone: 'us-east-1b' }));
    return made.Subnet?.SubnetId ?? '';
  }

  it('are made, seen by filter and changed', async () => {
    const vpc = await newVpc('10.77.244.9/23');
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'tag:Name', Values: ['o*'] }] }));
    expect(Vpcs?.map(({ VpcId, CidrBlock, IsDefault }) => [VpcId, CidrBlock, IsDefault])).to.deep.equal([
      [vpc, '10.77.244.0/23', false],
    ]);
    const hostnames = async () =>
      (await ec2.send(new DescribeVpcAttributeCommand({ VpcId: vpc, Attribute: 'enableDnsHostnames' })))
        .EnableDnsHostnames?.Value;
    expect(await hostnames()).to.equal(false);
    await ec2.send(new ModifyVpcAttributeCommand({ VpcId: vpc, EnableDnsHostnames: { Value: true } }));
    expect(await hostnames()).to.equal(true);

    const subnet = await newSubnet(vpc, '10.77.245.0/24');
    await ec2.send(new ModifySubnetAttributeCommand({ SubnetId: subnet, MapPublicIpOnLaunch: { Value: true } }));
    const { Subnets } = await ec2.send(
      new DescribeSubnetsCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc] }], MaxResults: 5 }),
    );
    expect(Subnets?.[0]).to.include({
      SubnetId: subnet,
      AvailabilityZoneId: 'use1-az2',
      MapPublicIpOnLaunch: true,
      AvailableIpAddressCount: 256 - 5,
    });
    await ec2.send(new DeleteSubnetCommand({ SubnetId: subnet }));
    await ec2.send(new DeleteVpcCommand({ VpcId: vpc }));
    expect(await codeOf(ec2.send(new DescribeVpcsCommand({ VpcIds: [vpc] })))).to.equal('InvalidVpcID.NotFound');
  });

  it('refuse networks that cannot be', async () => {
    const vpc = await newVpc();
    await newSubnet(vpc, '10.77.244.0/25');
    const codes = [
      codeOf(ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/8' }))),
      codeOf(ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0/16' }))),
      codeOf(ec2.send(new CreateVpcCommand({}))),
      codeOf(ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', AmazonProvidedIpv6CidrBlock: true }))),
      codeOf(newSubnet(vpc, '10.77.246.0/24')),
      codeOf(newSubnet(vpc, '10.77.244.0/24')),
      codeOf(
        ec2.send(new CreateSubnetCommand({ VpcId: vpc, CidrBlock: '10.77.245.0/24', AvailabilityZone: 'mars-1a' })),
      ),
      codeOf(ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', DryRun: true }))),
    ];
    expect(await Promise.all(codes)).to.deep.equal([
      'InvalidVpc.Range',
      'InvalidParameterValue',
      'MissingParameter',
      'UnsupportedOperation',
      'InvalidSubnet.Range',
      'InvalidSubnet.Conflict',
      'InvalidParameterValue',
      'DryRunOperation',
    ]);
  });

  it('has no addresses for machines outside of the network of the sandbox', async () => {
    const vpc = await newVpc('10.1.0.0/16');
    const subnet = await newSubnet(vpc, '10.1.1.0/24');
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({ SubnetIds: [subnet] }));
    expect(Subnets?.[0]?.AvailableIpAddressCount).to.equal(0);
  });

  it('cannot be deleted while something depends on them', async () => {
    const VpcId = await newVpc();
    const removeVpc = () => codeOf(ec2.send(new DeleteVpcCommand({ VpcId })));
    const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
    const { InternetGatewayId } = InternetGateway ?? {};
    await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId }));
    expect(await codeOf(ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId })))).to.equal(
      'Resource.AlreadyAssociated',
    );
    expect(await removeVpc()).to.equal('DependencyViolation');
    expect(await codeOf(ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId })))).to.equal(
      'DependencyViolation',
    );
    const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
    const RouteTableId = RouteTable?.RouteTableId ?? '';
    await ec2.send(new DetachInternetGatewayCommand({ VpcId, InternetGatewayId }));
    expect(await codeOf(ec2.send(new DetachInternetGatewayCommand({ VpcId, InternetGatewayId })))).to.equal(
      'Gateway.NotAttached',
    );
    await ec2.send(new DeleteInternetGatewayCommand({ InternetGatewayId }));
    expect(await removeVpc()).to.equal('DependencyViolation');
    await ec2.send(new DeleteRouteTableCommand({ RouteTableId }));
    const SubnetId = await newSubnet(VpcId, '10.77.244.0/24');
    expect(await removeVpc()).to.equal('DependencyViolation');
    await ec2.send(new DeleteSubnetCommand({ SubnetId }));
    expect(await removeVpc()).to.equal('');
  });

  it('route: to a gateway of the same VPC, in a table that subnets are associated with', async () => {
    const VpcId = await newVpc();
    const SubnetId = await newSubnet(VpcId, '10.77.244.0/24');
    const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
    const RouteTableId = RouteTable?.RouteTableId ?? '';
    const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
    const GatewayId = InternetGateway?.InternetGatewayId ?? '';
    const route = { RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId };
    expect(await codeOf(ec2.send(new CreateRouteCommand(route)))).to.equal('InvalidParameterValue');
    await ec2.send(new AttachInternetGatewayCommand({ VpcId, InternetGatewayId: GatewayId }));
    await ec2.send(new CreateRouteCommand(route));
    const { AssociationId } = await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
    expect(await codeOf(ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId })))).to.equal(
      'Resource.AlreadyAssociated',
    );
    const seen = async () =>
      (await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [RouteTableId] }))).RouteTables?.[0];
    expect((await seen())?.Associations?.map((association) => association.SubnetId)).to.deep.equal([SubnetId]);
    expect(await codeOf(ec2.send(new DeleteRouteTableCommand({ RouteTableId })))).to.equal('DependencyViolation');
    await ec2.send(new DetachInternetGatewayCommand({ VpcId, InternetGatewayId: GatewayId }));
    expect((await seen())?.Routes?.map(({ State }) => State)).to.deep.equal(['active', 'blackhole']);
    await ec2.send(new DisassociateRouteTableCommand({ AssociationId }));
    await ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0' }));
    expect(
      await codeOf(ec2.send(new DeleteRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0' }))),
    ).to.equal('InvalidRoute.NotFound');
    expect((await seen())?.Routes).to.have.length(1);
  });

  it('lets another table be the main one', async () => {
    const VpcId = await newVpc();
    const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId }));
    const main = async () => {
      const Filters = [
        { Name: 'vpc-id', Values: [VpcId] },
        { Name: 'association.main', Values: ['true'] },
      ];
      return (await ec2.send(new DescribeRouteTablesCommand({ Filters }))).RouteTables?.[0];
    };
    const association = (await main())?.Associations?.[0]?.RouteTableAssociationId;
    await ec2.send(
      new ReplaceRouteTableAssociationCommand({ AssociationId: association, RouteTableId: RouteTable?.RouteTableId }),
    );
    expect((await main())?.RouteTableId).to.equal(RouteTable?.RouteTableId);
  });
});
