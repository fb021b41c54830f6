import {
  CreateInternetGatewayCommand,
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeTagsCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type Tag,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { type CloudServer, codeOf, startCloudServer } from '../../support/cloud-server.ts';

describe('tags', () => {
  let server: CloudServer;
  let ec2: EC2Client;
  before(async () => {
    server = await startCloudServer();
    ec2 = server.ec2();
  });
  after(() => server.stop());

  async function newGateway(): Promise<string> {
    const made = await ec2.send(new CreateInternetGatewayCommand({}));
    return made.InternetGateway?.InternetGatewayId ?? '';
  }

  const give = (Resources: string[], Tags: Tag[]) => ec2.send(new CreateTagsCommand({ Resources, Tags }));
  const take = (Resources: string[], Tags?: Tag[]) => ec2.send(new DeleteTagsCommand({ Resources, Tags }));

  async function tagsOf(id: string, name = 'resource-id'): Promise<readonly string[]> {
    const { Tags } = await ec2.send(new DescribeTagsCommand({ Filters: [{ Name: name, Values: [id] }] }));
    return Tags?.map(({ Key, Value, ResourceType }) => `${ResourceType} ${Key}=${Value}`) ?? [];
  }

  it('are given to several resources of any kind, and replace those with the same key', async () => {
    const { Vpcs } = await ec2.send(new DescribeVpcsCommand({}));
    const ids = [await newGateway(), Vpcs?.[0]?.VpcId ?? ''];
    await give(ids, [
      { Key: 'stage', Value: 'one' },
      { Key: 'empty', Value: '' },
    ]);
    await give(ids, [{ Key: 'stage', Value: 'two' }]);
    expect(await tagsOf(ids[0] ?? '')).to.deep.equal(['internet-gateway stage=two', 'internet-gateway empty=']);
    expect(await tagsOf('vpc', 'resource-type')).to.deep.equal(['vpc stage=two', 'vpc empty=']);
    expect(await tagsOf('stage', 'key')).to.have.length(2);
    expect(await tagsOf('two', 'tag:stage')).to.have.length(2);
  });

  it('are taken: by key, by key and value, all', async () => {
    const id = await newGateway();
    await give(
      [id],
      ['a', 'b', 'c', 'd'].map((Key) => ({ Key, Value: '1' })),
    );
    await take([id], [{ Key: 'a' }, { Key: 'b', Value: '1' }, { Key: 'c', Value: '2' }, { Key: 'd', Value: '' }]);
    expect(await tagsOf(id)).to.deep.equal(['internet-gateway c=1', 'internet-gateway d=1']);
    await take([id]);
    expect(await tagsOf(id)).to.deep.equal([]);
  });

  it('change nothing when one of the resources is not there', async () => {
    const id = await newGateway();
    const Tags = [{ Key: 'x', Value: 'y' }];
    expect(await codeOf(give([id, 'igw-00000000'], Tags))).to.equal('InvalidInternetGatewayID.NotFound');
    expect(await codeOf(give([id, 'eni-00000000'], Tags))).to.equal('InvalidNetworkInterfaceID.NotFound');
    expect(await codeOf(give([id, 'thing-00000000'], Tags))).to.equal('InvalidID');
    expect(await codeOf(give([id], [{ Key: 'aws:x', Value: '' }]))).to.equal('InvalidParameterValue');
    expect(
      await codeOf(
        give(
          [id],
          Array.from({ length: 51 }, (_, n) => ({ Key: `${n}`, Value: '' })),
        ),
      ),
    ).to.equal('TagLimitExceeded');
    expect(await tagsOf(id)).to.deep.equal([]);
  });

  it('come in pages', async () => {
    const id = await newGateway();
    await give(
      [id],
      Array.from({ length: 7 }, (_, n) => ({ Key: `page-${n}`, Value: '' })),
    );
    const Filters = [{ Name: 'key', Values: ['page-*'] }];
    const first = await ec2.send(new DescribeTagsCommand({ Filters, MaxResults: 5 }));
    const second = await ec2.send(new DescribeTagsCommand({ Filters, MaxResults: 5, NextToken: first.NextToken }));
    expect([first.Tags?.length, second.Tags?.length, second.NextToken]).to.deep.equal([5, 2, undefined]);
  });
});
