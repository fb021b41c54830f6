import {
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DeleteSecurityGroupCommand,
  DeleteSubnetCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { newId } from '../../../src/sandbox/cloud/resource-ids.ts';
import { type CloudServer, codeOf, startCloudServer } from '../../support/cloud-server.ts';
import { instanceRecord } from '../../support/instance-record.ts';

describe('network interfaces', () => {
  let server: CloudServer;
  let ec2: EC2Client;
  let SubnetId: string;
  let GroupId: string;
  const id = newId('instances');
  const interfaceId = 'eni-0123456789abcdef0';

  before(async () => {
    server = await startCloudServer();
    ec2 = server.ec2();
    const [subnet] = (await ec2.send(new DescribeSubnetsCommand({}))).Subnets ?? [];
    SubnetId = subnet?.SubnetId ?? '';
    const group = new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web' });
    GroupId = (await ec2.send(group)).GroupId ?? '';
    const placed = { subnetId: SubnetId, vpcId: subnet?.VpcId ?? '', address: '10.77.241.0', number: 246 };
    const instance = instanceRecord({ id, interfaceId, ...placed, groupIds: [GroupId] });
    server.cloud.region('us-east-1').put('instances', instance);
  });
  after(() => server.stop());

  const described = async (Name: string, value: string) =>
    (await ec2.send(new DescribeNetworkInterfacesCommand({ Filters: [{ Name, Values: [value] }] }))).NetworkInterfaces;

  it('are those of instances', async () => {
    for (const [name, value] of [
      ['subnet-id', SubnetId],
      ['group-id', GroupId],
      ['attachment.instance-id', id],
      ['mac-address', '02:70:62:0f:00:f6'],
    ] as const) {
      const [found] = (await described(name, value)) ?? [];
      expect(found, name).to.include({
        NetworkInterfaceId: interfaceId,
        Status: 'in-use',
        MacAddress: '02:70:62:0f:00:f6',
      });
      expect(found?.Groups).to.deep.equal([{ GroupId, GroupName: 'web' }]);
    }
    expect(await described('group-name', 'default')).to.deep.equal([]);
    const unknown = new DescribeNetworkInterfacesCommand({ NetworkInterfaceIds: ['eni-00000000'] });
    expect(await codeOf(ec2.send(unknown))).to.equal('InvalidNetworkInterfaceID.NotFound');
  });

  it('have tags of their own', async () => {
    await ec2.send(new CreateTagsCommand({ Resources: [interfaceId], Tags: [{ Key: 'role', Value: 'web' }] }));
    expect(await described('tag:role', 'web')).to.have.length(1);
    expect(server.cloud.region('us-east-1').find('instances', id).tags).to.deep.equal({});
  });

  it('keep their subnet and their groups from being deleted, until the instance is terminated', async () => {
    const deletions = () => [
      codeOf(ec2.send(new DeleteSubnetCommand({ SubnetId }))),
      codeOf(ec2.send(new DeleteSecurityGroupCommand({ GroupId }))),
    ];
    expect(await Promise.all(deletions())).to.deep.equal(['DependencyViolation', 'DependencyViolation']);
    server.cloud.region('us-east-1').change('instances', id, (record) => ({ ...record, state: 'terminated' }));
    expect(await described('subnet-id', SubnetId)).to.deep.equal([]);
    expect(await Promise.all(deletions())).to.deep.equal(['', '']);
  });
});
