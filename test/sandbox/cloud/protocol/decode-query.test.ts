import { expect } from 'chai';
import { decodeQuery } from '../../../../src/sandbox/cloud/protocol/decode-query.ts';
import { serviceNamed, shapesOf } from '../../../../src/sandbox/cloud/protocol/services.ts';

const decode = (name: string, action: string, query: string): unknown => {
  const service = serviceNamed(name)!;
  return decodeQuery(service.protocol, shapesOf(service, action)!.input, new URLSearchParams(query));
};

describe('decoding of query parameters', () => {
  it('makes the input of the SDK of them: nested lists and structures, numbers, booleans', () => {
    const query = [
      'Action=RunInstances&Version=2016-11-15&ImageId=ami-1&MinCount=1&MaxCount=2&EbsOptimized=true',
      'BlockDeviceMapping.1.DeviceName=/dev/sda1&BlockDeviceMapping.1.Ebs.VolumeSize=8',
      'SecurityGroupId.1=sg-1&SecurityGroupId.3=sg-3&IamInstanceProfile.Name=web',
      'TagSpecification.1.ResourceType=instance&TagSpecification.1.Tag.1.Key=a&TagSpecification.1.Tag.1.Value=b%20c',
    ].join('&');
    expect(decode('ec2', 'RunInstances', query)).to.deep.equal({
      ImageId: 'ami-1',
      MinCount: 1,
      MaxCount: 2,
      EbsOptimized: true,
      BlockDeviceMappings: [{ DeviceName: '/dev/sda1', Ebs: { VolumeSize: 8 } }],
      SecurityGroupIds: ['sg-1', 'sg-3'],
      IamInstanceProfile: { Name: 'web' },
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: 'b c' }] }],
    });
  });

  it('knows the lists of the other query protocol', () => {
    const query = 'InstanceProfileName=web&Tags.member.1.Key=a&Tags.member.1.Value=b&Tags.member.2.Key=c';
    expect(decode('iam', 'CreateInstanceProfile', `${query}&Tags.member.2.Value=d`)).to.deep.equal({
      InstanceProfileName: 'web',
      Tags: [
        { Key: 'a', Value: 'b' },
        { Key: 'c', Value: 'd' },
      ],
    });
  });

  it('refuses what an action does not take, needs, or cannot read', () => {
    const refused: readonly (readonly [string, RegExp])[] = [
      ['MinCount=1&MaxCount=1&Colour=red', /^UnknownParameter: The parameter Colour /],
      ['MaxCount=1', /^MissingParameter: .* MinCount$/],
      ['MinCount=one&MaxCount=1', /^InvalidParameterValue: Value \(one\) for parameter MinCount /],
      ['MinCount=1&MaxCount=1&EbsOptimized=maybe', /^InvalidParameterValue: .*EbsOptimized/],
      ['MinCount=1&MaxCount=1&BlockDeviceMapping.1.Ebs.Size=8', /^UnknownParameter: .*BlockDeviceMapping.1.Ebs.Size/],
    ];
    for (const [query, message] of refused) {
      try {
        decode('ec2', 'RunInstances', query);
        expect.fail(`${query} was taken`);
      } catch (error) {
        const { code, message: said } = error as { readonly code: string; readonly message: string };
        expect(`${code}: ${said}`).to.match(message);
      }
    }
  });
});
