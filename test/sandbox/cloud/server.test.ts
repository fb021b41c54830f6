import { request } from 'node:http';
import {
  DescribeAccountAttributesCommand,
  DescribeAvailabilityZonesCommand,
  DescribeRegionsCommand,
  DescribeVpcPeeringConnectionsCommand,
} from '@aws-sdk/client-ec2';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { expect } from 'chai';
import { NONE } from '../../../src/sandbox/cloud/injections.ts';
import { type CloudServer, CREDENTIALS, codeOf, startCloudServer } from '../../support/cloud-server.ts';

describe('the API server', () => {
  let server: CloudServer;
  before(async () => {
    server = await startCloudServer();
  });
  after(() => server.stop());
  afterEach(() => server.injector.set(NONE));

  it('answers the SDK: regions by name and filter', async () => {
    const ec2 = server.ec2();
    const all = await ec2.send(new DescribeRegionsCommand({}));
    expect(all.Regions).to.have.length.above(10);
    const some = await ec2.send(
      new DescribeRegionsCommand({ Filters: [{ Name: 'region-name', Values: ['eu-*', 'us-west-?'] }] }),
    );
    expect(some.Regions?.map(({ RegionName }) => RegionName)).to.deep.equal([
      'eu-central-1',
      'eu-north-1',
      'eu-west-1',
      'eu-west-2',
      'eu-west-3',
      'us-west-1',
      'us-west-2',
    ]);
  });

  it('knows the region by the signature', async () => {
    const { AvailabilityZones } = await server.ec2('eu-west-1').send(new DescribeAvailabilityZonesCommand({}));
    expect(AvailabilityZones?.map(({ ZoneName, ZoneId }) => [ZoneName, ZoneId])).to.deep.equal([
      ['eu-west-1a', 'euw1-az1'],
      ['eu-west-1b', 'euw1-az2'],
      ['eu-west-1c', 'euw1-az3'],
    ]);
  });

  it('speaks the other query protocol too: STS', async () => {
    const sts = new STSClient({ region: 'us-east-1', endpoint: server.endpoint, credentials: CREDENTIALS });
    const identity = await sts.send(new GetCallerIdentityCommand({}));
    expect(identity.Account).to.equal('000000000000');
    expect(identity.Arn).to.equal('arn:aws:iam::000000000000:user/sandbox');
  });

  it('refuses in the words of AWS', async () => {
    const ec2 = server.ec2();
    const refusals = [
      ec2.send(new DescribeVpcPeeringConnectionsCommand({})),
      ec2.send(new DescribeRegionsCommand({ RegionNames: ['mars-1'] })),
      ec2.send(new DescribeRegionsCommand({ Filters: [{ Name: 'color', Values: ['red'] }] })),
      ec2.send(new DescribeRegionsCommand({ DryRun: true })),
      ec2.send(new DescribeAccountAttributesCommand({ AttributeNames: ['no-such' as 'default-vpc'] })),
      server.ec2('mars-1').send(new DescribeRegionsCommand({})),
    ];
    expect(await Promise.all(refusals.map(codeOf))).to.deep.equal([
      'UnsupportedOperation',
      'InvalidParameterValue',
      'InvalidParameterValue',
      'DryRunOperation',
      'InvalidParameterValue',
      'AuthFailure',
    ]);
  });

  it('answers who does not sign, or asks nonsense, with 4xx', async () => {
    expect(await post('Action=DescribeRegions')).to.match(/^403 .*MissingAuthenticationToken/);
    const signed = { Authorization: 'AWS4-HMAC-SHA256 Credential=A/20260101/us-east-1/ec2/aws4_request, Signature=x' };
    expect(await post('', signed)).to.match(/^400 .*MissingAction/);
    expect(await post('Action=Dance', signed)).to.match(/^400 .*InvalidAction/);
    expect(await post('Action=DescribeRegions&Colour=red', signed)).to.match(/^400 .*UnknownParameter.*Colour/);
    expect(await post('Action=DescribeRegions&DryRun=maybe', signed)).to.match(/^400 .*InvalidParameterValue/);
  });

  function post(body: string, headers: Record<string, string> = {}): Promise<string> {
    return new Promise((resolve, reject) => {
      const sent = request(server.endpoint, { method: 'POST', headers }, (response) => {
        let text = '';
        response.on('data', (data) => {
          text += data;
        });
        response.on('end', () => resolve(`${response.statusCode} ${text.replaceAll('\n', '')}`));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  }

  it('logs each call, with what it answered', async () => {
    const before = (await server.calls()).length;
    await server.ec2('eu-west-1').send(new DescribeRegionsCommand({ RegionNames: ['us-east-1'] }));
    await codeOf(server.ec2().send(new DescribeRegionsCommand({ RegionNames: ['mars-1'] })));
    const calls = (await server.calls()).slice(before);
    expect(calls.map(({ action, region, answer, parameters }) => [action, region, answer, parameters])).to.deep.equal([
      ['DescribeRegions', 'eu-west-1', 'ok', { 'RegionName.1': 'us-east-1' }],
      ['DescribeRegions', 'us-east-1', 'InvalidParameterValue', { 'RegionName.1': 'mars-1' }],
    ]);
  });

  it('does wrong what it is told to: the n-th call, every n-th call, an answer that is lost, a crash', async () => {
    const ec2 = server.ec2();
    const failure = { code: 'RequestLimitExceeded', message: 'Request limit exceeded.', status: 503 };
    const ask = () => codeOf(ec2.send(new DescribeRegionsCommand({})));
    await server.injector.set({
      ...NONE,
      failures: [{ ...failure, action: 'DescribeRegions', call: 2, how: 'error' }],
    });
    expect([await ask(), await ask(), await ask()]).to.deep.equal(['', 'RequestLimitExceeded', '']);
    await server.injector.set({ ...NONE, failures: [{ ...failure, action: '*', every: 2, how: 'error' }] });
    expect([await ask(), await ask(), await ask(), await ask()]).to.deep.equal([
      '',
      'RequestLimitExceeded',
      '',
      'RequestLimitExceeded',
    ]);
    await server.injector.set({ ...NONE, failures: [{ ...failure, action: '*', call: 1, how: 'lost' }] });
    expect(await ask()).to.match(/Error|TimeoutError/);
    await server.injector.set({ ...NONE, failures: [{ ...failure, action: '*', call: 1, how: 'crash-after' }] });
    expect(await ask()).to.match(/Error|TimeoutError/);
    expect(server.crashes).to.deep.equal(['crash']);
  });
});
