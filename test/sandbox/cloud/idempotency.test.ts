import {
  CreateRouteTableCommand,
  DeleteRouteTableCommand,
  DescribeRouteTablesCommand,
  DescribeVpcsCommand,
  type EC2Client,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { NONE } from '../../../src/sandbox/cloud/injections.ts';
import { type CloudServer, codeOf, startCloudServer } from '../../support/cloud-server.ts';

describe('a call with a ClientToken', () => {
  let server: CloudServer;
  let VpcId: string | undefined;
  before(async () => {
    server = await startCloudServer();
    VpcId = (await server.ec2().send(new DescribeVpcsCommand({}))).Vpcs?.[0]?.VpcId;
  });
  after(() => server.stop());
  afterEach(() => server.injector.set(NONE));

  async function make(ec2: EC2Client, ClientToken: string, Name = 'x'): Promise<string | undefined> {
    const TagSpecifications = [{ ResourceType: 'route-table' as const, Tags: [{ Key: 'Name', Value: Name }] }];
    const made = await ec2.send(new CreateRouteTableCommand({ VpcId, ClientToken, TagSpecifications }));
    return made.RouteTable?.RouteTableId;
  }

  it('makes one thing, however often and however close together it is made', async () => {
    const ec2 = server.ec2();
    const ids = await Promise.all([make(ec2, 'a'), make(ec2, 'a'), make(ec2, 'a')]);
    expect(new Set([...ids, await make(ec2, 'a')]).size).to.equal(1);
    expect(await make(ec2, 'b')).not.to.equal(ids[0]);
  });

  it('is refused with another input', async () => {
    const ec2 = server.ec2();
    await make(ec2, 'c', 'x');
    expect(await codeOf(make(ec2, 'c', 'y'))).to.equal('IdempotentParameterMismatch');
  });

  it('is remembered after the server ended, with the thing that it made', async () => {
    const id = await make(server.ec2(), 'd');
    await server.restart();
    expect(await make(server.ec2(), 'd')).to.equal(id);
  });

  it('may be sent again when its answer was lost: there is one thing in the end', async () => {
    const failure = { code: '', message: '', status: 500, action: 'CreateRouteTable', call: 1, how: 'lost' as const };
    await server.injector.set({ ...NONE, failures: [failure] });
    const patient = server.ec2('us-east-1', 3);
    const id = await make(patient, 'e', 'lost');
    const Filters = [{ Name: 'tag:Name', Values: ['lost'] }];
    const { RouteTables } = await patient.send(new DescribeRouteTablesCommand({ Filters }));
    expect(RouteTables?.map(({ RouteTableId }) => RouteTableId)).to.deep.equal([id]);
  });

  it('makes the thing anew when it is gone', async () => {
    const ec2 = server.ec2();
    const id = await make(ec2, 'f');
    await ec2.send(new DeleteRouteTableCommand({ RouteTableId: id }));
    expect(await make(ec2, 'f')).not.to.equal(id);
  });
});
