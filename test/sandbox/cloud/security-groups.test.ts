import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateVpcCommand,
  DeleteSecurityGroupCommand,
  DeleteVpcCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type EC2Client,
  type IpPermission,
  ModifySecurityGroupRulesCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  UpdateSecurityGroupRuleDescriptionsIngressCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { type CloudServer, codeOf, startCloudServer } from '../../support/cloud-server.ts';

describe('security groups', () => {
  let server: CloudServer;
  let ec2: EC2Client;
  let count = 0;
  before(async () => {
    server = await startCloudServer();
    ec2 = server.ec2();
  });
  after(() => server.stop());

  async function newGroup(VpcId?: string): Promise<string> {
    count += 1;
    const made = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName: `group ${count}`, Description: 'for a test', VpcId }),
    );
    return made.GroupId ?? '';
  }

  const group = async (id: string) =>
    (await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [id] }))).SecurityGroups?.[0];
  const admit = (GroupId: string, ...IpPermissions: IpPermission[]) =>
    ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  const tcp = (port: number, CidrIp = '0.0.0.0/0'): IpPermission => ({
    IpProtocol: 'tcp',
    FromPort: port,
    ToPort: port,
    IpRanges: [{ CidrIp }],
  });

  it('are made with a way out and no way in, each name once in a VPC', async () => {
    const id = await newGroup();
    const made = await group(id);
    expect(made).to.include({ Description: 'for a test', OwnerId: '000000000000' });
    expect(made?.IpPermissions).to.deep.equal([]);
    expect(made?.IpPermissionsEgress).to.deep.equal([
      {
        IpProtocol: '-1',
        IpRanges: [{ CidrIp: '0.0.0.0/0' }],
        Ipv6Ranges: [],
        UserIdGroupPairs: [],
        PrefixListIds: [],
      },
    ]);
    const again = new CreateSecurityGroupCommand({ GroupName: made?.GroupName, Description: 'x' });
    expect(await codeOf(ec2.send(again))).to.equal('InvalidGroup.Duplicate');
    for (const [input, code] of [
      [{ GroupName: 'sg-1', Description: 'x' }, 'InvalidParameterValue'],
      [{ GroupName: 'default', Description: 'x' }, 'InvalidGroup.Reserved'],
      [{ GroupName: 'a\tb', Description: 'x' }, 'InvalidParameterValue'],
      [{ GroupName: 'x', Description: '' }, 'MissingParameter'],
      [{ GroupName: 'x', Description: 'x', VpcId: 'vpc-00000000' }, 'InvalidVpcID.NotFound'],
    ] as const) {
      expect(await codeOf(ec2.send(new CreateSecurityGroupCommand(input)))).to.equal(code);
    }
  });

  it('have rules for the same ports as one permission', async () => {
    const id = await newGroup();
    const { SecurityGroupRules: [rule] = [] } = await admit(id, {
      ...tcp(22, '10.1.2.3/8'),
      UserIdGroupPairs: [{ GroupId: id, Description: 'each other' }],
    });
    expect(rule).to.include({ GroupId: id, IsEgress: false, CidrIpv4: '10.0.0.0/8', FromPort: 22, ToPort: 22 });
    await admit(id, tcp(22, '192.0.2.1/32'), {
      IpProtocol: 'icmp',
      FromPort: 8,
      ToPort: -1,
      Ipv6Ranges: [{ CidrIpv6: '2001:DB8:0::/32' }],
    });
    expect((await group(id))?.IpPermissions).to.deep.equal([
      {
        IpProtocol: 'tcp',
        FromPort: 22,
        ToPort: 22,
        IpRanges: [{ CidrIp: '10.0.0.0/8' }, { CidrIp: '192.0.2.1/32' }],
        Ipv6Ranges: [],
        UserIdGroupPairs: [{ GroupId: id, UserId: '000000000000', Description: 'each other' }],
        PrefixListIds: [],
      },
      {
        IpProtocol: 'icmp',
        FromPort: 8,
        ToPort: -1,
        IpRanges: [],
        Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }],
        UserIdGroupPairs: [],
        PrefixListIds: [],
      },
    ]);
    const Filters = [
      { Name: 'ip-permission.cidr', Values: ['192.0.2.*'] },
      { Name: 'ip-permission.to-port', Values: ['22'] },
    ];
    const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }));
    expect(SecurityGroups?.map(({ GroupId }) => GroupId)).to.deep.equal([id]);
  });

  it('refuse a rule that is there, or that can be none, and then take none of the call', async () => {
    const id = await newGroup();
    await admit(id, tcp(22));
    const codes = [
      codeOf(admit(id, tcp(80), tcp(22))),
      codeOf(admit(id, tcp(80), tcp(80))),
      codeOf(admit(id, tcp(80, '10.0.0.0'))),
      codeOf(admit(id, tcp(70000))),
      codeOf(admit(id, { IpProtocol: 'tcp', IpRanges: [{ CidrIp: '0.0.0.0/0' }] })),
      codeOf(admit(id, { ...tcp(80), IpProtocol: 'smoke' })),
      codeOf(admit(id, { IpProtocol: '-1', PrefixListIds: [{ PrefixListId: 'pl-00000000' }] })),
      codeOf(admit(id, { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: 'sg-00000000' }] })),
      codeOf(admit(id, { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'naïve' }] })),
      codeOf(admit(id)),
      codeOf(admit(id, ...Array.from({ length: 60 }, (_, port) => tcp(1000 + port)))),
    ];
    expect(await Promise.all(codes)).to.deep.equal([
      'InvalidPermission.Duplicate',
      'InvalidParameterValue',
      'InvalidParameterValue',
      'InvalidParameterValue',
      'InvalidParameterValue',
      'InvalidParameterValue',
      'InvalidPrefixListID.NotFound',
      'InvalidGroup.NotFound',
      'InvalidParameterValue',
      'MissingParameter',
      'RulesPerSecurityGroupLimitExceeded',
    ]);
    expect((await group(id))?.IpPermissions).to.have.length(1);
  });

  it('take the older parameters too', async () => {
    const id = await newGroup();
    await ec2.send(
      new AuthorizeSecurityGroupIngressCommand({
        GroupId: id,
        IpProtocol: '6',
        FromPort: 443,
        ToPort: 443,
        CidrIp: '0.0.0.0/0',
      }),
    );
    expect((await group(id))?.IpPermissions?.[0]).to.include({ IpProtocol: 'tcp', FromPort: 443 });
  });

  it('lose rules by what they let pass, or by id', async () => {
    const id = await newGroup();
    const { SecurityGroupRules: [rule] = [] } = await admit(id, tcp(22), tcp(80));
    const revoke = (IpPermissions: IpPermission[]) =>
      ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: id, IpPermissions }));
    const { RevokedSecurityGroupRules } = await revoke([tcp(80)]);
    expect(RevokedSecurityGroupRules?.map(({ FromPort, CidrIpv4 }) => [FromPort, CidrIpv4])).to.deep.equal([
      [80, '0.0.0.0/0'],
    ]);
    expect((await revoke([tcp(80)])).UnknownIpPermissions).to.have.length(1);
    const byId = () =>
      ec2.send(
        new RevokeSecurityGroupIngressCommand({ GroupId: id, SecurityGroupRuleIds: [rule?.SecurityGroupRuleId ?? ''] }),
      );
    await byId();
    expect(await codeOf(byId())).to.equal('InvalidSecurityGroupRuleId.NotFound');
    await ec2.send(
      new RevokeSecurityGroupEgressCommand({
        GroupId: id,
        IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      }),
    );
    await ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId: id, IpPermissions: [tcp(443)] }));
    const left = await group(id);
    expect([left?.IpPermissions, left?.IpPermissionsEgress?.map(({ FromPort }) => FromPort)]).to.deep.equal([
      [],
      [443],
    ]);
  });

  it('of a VPC of its own refuse to lose a rule that they do not have', async () => {
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.77.244.0/24' }));
    const id = await newGroup(Vpc?.VpcId);
    const revoke = new RevokeSecurityGroupIngressCommand({ GroupId: id, IpPermissions: [tcp(80)] });
    expect(await codeOf(ec2.send(revoke))).to.equal('InvalidPermission.NotFound');
    const foreign = await newGroup();
    expect(await codeOf(admit(id, { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: foreign }] }))).to.equal(
      'InvalidGroup.NotFound',
    );
    expect(await codeOf(ec2.send(new DeleteVpcCommand({ VpcId: Vpc?.VpcId })))).to.equal('DependencyViolation');
  });

  it('have rules that are seen, changed and described one by one', async () => {
    const id = await newGroup();
    await admit(id, tcp(22), tcp(80));
    const seen = async () => {
      const Filters = [{ Name: 'group-id', Values: [id] }];
      const { SecurityGroupRules } = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
      return SecurityGroupRules?.filter(({ IsEgress }) => !IsEgress) ?? [];
    };
    const [ssh] = await seen();
    const modify = (SecurityGroupRule: object) => {
      const SecurityGroupRules = [{ SecurityGroupRuleId: ssh?.SecurityGroupRuleId, SecurityGroupRule }];
      return ec2.send(new ModifySecurityGroupRulesCommand({ GroupId: id, SecurityGroupRules }));
    };
    await modify({ IpProtocol: 'tcp', FromPort: 23, ToPort: 24, CidrIpv4: '192.0.2.0/24', Description: 'why' });
    expect((await seen())[0]).to.include({ FromPort: 23, ToPort: 24, CidrIpv4: '192.0.2.0/24', Description: 'why' });
    expect(await codeOf(modify({ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIpv4: '0.0.0.0/0' }))).to.equal(
      'InvalidPermission.Duplicate',
    );
    expect(await codeOf(modify({ CidrIpv6: '::/0' }))).to.equal('InvalidParameterValue');
    const SecurityGroupRuleDescriptions = [{ SecurityGroupRuleId: ssh?.SecurityGroupRuleId, Description: 'because' }];
    await ec2.send(
      new UpdateSecurityGroupRuleDescriptionsIngressCommand({ GroupId: id, SecurityGroupRuleDescriptions }),
    );
    expect((await seen())[0]?.Description).to.equal('because');
    await ec2.send(new UpdateSecurityGroupRuleDescriptionsIngressCommand({ GroupId: id, IpPermissions: [tcp(80)] }));
    expect((await seen())[1]?.Description).to.equal(undefined);
  });

  it('cannot be deleted while another speaks of them, nor the default one ever', async () => {
    const [id, other] = [await newGroup(), await newGroup()];
    const pair = { IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: id }] };
    await admit(other, pair);
    await admit(id, pair);
    const remove = (GroupId: string) => codeOf(ec2.send(new DeleteSecurityGroupCommand({ GroupId })));
    expect(await remove(id)).to.equal('DependencyViolation');
    expect(await remove(other)).to.equal('');
    expect(await remove(id)).to.equal('');
    expect(await remove(id)).to.equal('InvalidGroup.NotFound');
    const byName = new DeleteSecurityGroupCommand({ GroupName: 'default' });
    expect(await codeOf(ec2.send(byName))).to.equal('CannotDelete');
    const Filters = [{ Name: 'group-id', Values: [id] }];
    const rules = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters }));
    expect(rules.SecurityGroupRules).to.deep.equal([]);
  });
});
