import {
  DescribeInstanceTypeOfferingsCommand,
  DescribeInstanceTypesCommand,
  type EC2Client,
  paginateDescribeInstanceTypes,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { type CloudServer, codeOf, startCloudServer } from '../../support/cloud-server.ts';

describe('instance types', () => {
  let server: CloudServer;
  let ec2: EC2Client;
  before(async () => {
    server = await startCloudServer();
    ec2 = server.ec2();
  });
  after(() => server.stop());

  it('are what they are in EC2', async () => {
    const names = ['t2.micro', 't3.micro', 't4g.small', 'm5.xlarge', 'c5.9xlarge', 'r6g.medium'] as const;
    const { InstanceTypes } = await ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: [...names] }));
    const seen = InstanceTypes?.map((type) => [
      type.InstanceType,
      type.VCpuInfo?.DefaultVCpus,
      type.VCpuInfo?.DefaultCores,
      type.MemoryInfo?.SizeInMiB,
      type.ProcessorInfo?.SupportedArchitectures?.join(),
      type.BurstablePerformanceSupported,
    ]);
    expect(seen).to.deep.equal([
      ['t2.micro', 1, 1, 1024, 'i386,x86_64', true],
      ['t3.micro', 2, 1, 1024, 'x86_64', true],
      ['t4g.small', 2, 2, 2048, 'arm64', true],
      ['m5.xlarge', 4, 2, 16384, 'x86_64', false],
      ['c5.9xlarge', 36, 18, 73728, 'x86_64', false],
      ['r6g.medium', 1, 1, 8192, 'arm64', false],
    ]);
    const unknown = new DescribeInstanceTypesCommand({ InstanceTypes: ['t9.huge' as 't2.micro'] });
    expect(await codeOf(ec2.send(unknown))).to.equal('InvalidInstanceType');
  });

  it('are found by filter, in pages', async () => {
    const Filters = [
      { Name: 'processor-info.supported-architecture', Values: ['arm64'] },
      { Name: 'free-tier-eligible', Values: ['false'] },
    ];
    const found: unknown[] = [];
    const pages = paginateDescribeInstanceTypes({ client: ec2, pageSize: 10 }, { Filters });
    for await (const { InstanceTypes = [] } of pages) found.push(...InstanceTypes.map((type) => type.InstanceType));
    expect(found).to.include.members(['t4g.nano', 'm7g.16xlarge']).and.not.include('t3.nano');
    expect(new Set(found).size).to.equal(found.length);
  });

  it('can be had in every zone', async () => {
    const Filters = [{ Name: 'instance-type', Values: ['m6i.*'] }];
    const { InstanceTypeOfferings } = await ec2.send(
      new DescribeInstanceTypeOfferingsCommand({ LocationType: 'availability-zone', Filters }),
    );
    const zones = new Set(InstanceTypeOfferings?.map(({ Location }) => Location));
    expect([...zones]).to.deep.equal(['us-east-1a', 'us-east-1b', 'us-east-1c']);
  });
});
