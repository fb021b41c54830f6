import { CreateSecurityGroupCommand, DeleteSecurityGroupCommand, DeleteSubnetCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { type BalancedCloud, describeBalancing, startBalancedCloud } from '../../../support/balanced-cloud.ts';
import { codeOf } from '../../../support/cloud-server.ts';

describeBalancing('load balancers', () => {
  let cloud: BalancedCloud;
  beforeEach(async () => {
    cloud = await startBalancedCloud();
  });
  afterEach(() => cloud.stop());

  it('are made once for one name and the same settings, and found by name and ARN', async () => {
    const { elb, subnets, vpcId } = cloud;
    const arn = await cloud.balancer();
    expect(arn).to.match(/^arn:aws:elasticloadbalancing:us-east-1:\d{12}:loadbalancer\/app\/web\/[0-9a-f]{16}$/);
    expect(await cloud.balancer()).to.equal(arn);
    expect(await codeOf(cloud.balancer({ Scheme: 'internal' }))).to.equal('DuplicateLoadBalancerNameException');
    const { LoadBalancers = [] } = await elb.describeLoadBalancers({ Names: ['web'] });
    const [shown] = LoadBalancers;
    expect(shown).to.deep.include({ LoadBalancerArn: arn, VpcId: vpcId, Type: 'application', IpAddressType: 'ipv4' });
    expect(shown?.AvailabilityZones?.map(({ ZoneName }) => ZoneName)).to.deep.equal(['us-east-1a', 'us-east-1b']);
    expect(shown?.AvailabilityZones?.map(({ SubnetId }) => SubnetId)).to.deep.equal(subnets.slice(0, 2));
    expect(shown?.SecurityGroups).to.have.length(1);
    expect(await codeOf(elb.describeLoadBalancers({ Names: ['none'] }))).to.equal('LoadBalancerNotFoundException');
    expect(await codeOf(elb.describeLoadBalancers({ LoadBalancerArns: [`${arn}0`] }))).to.equal(
      'LoadBalancerNotFoundException',
    );
    expect(await codeOf(elb.describeLoadBalancers({ LoadBalancerArns: ['x'] }))).to.equal('ValidationError');
  });

  it('have an address that no instance gets, as long as they are there', async () => {
    const arn = await cloud.balancer();
    const { address = '' } = cloud.state().loadBalancers[arn] ?? {};
    const [instance = ''] = await cloud.run(1);
    expect(cloud.state().instances[instance]?.address).not.to.equal(address);
    await cloud.elb.deleteLoadBalancer({ LoadBalancerArn: arn });
    await cloud.elb.deleteLoadBalancer({ LoadBalancerArn: arn });
    const [other = ''] = await cloud.run(1);
    expect(cloud.state().instances[other]?.address).to.equal(address);
  });

  it('have failed, with the reason, when this machine cannot have their address; another start tries again', async () => {
    const { addresses } = cloud.server;
    const first = await cloud.balancer();
    const { address = '' } = cloud.state().loadBalancers[first] ?? {};
    await cloud.elb.deleteLoadBalancer({ LoadBalancerArn: first });
    addresses.broken.add(address);
    const arn = await cloud.balancer();
    const shown = async () =>
      (await cloud.elb.describeLoadBalancers({ LoadBalancerArns: [arn] })).LoadBalancers?.[0]?.State;
    expect(await shown()).to.deep.equal({ Code: 'failed', Reason: `no ${address} today` });
    addresses.broken.clear();
    await cloud.server.restart();
    expect(cloud.state().loadBalancers[arn]?.state).to.equal('active');
  });

  it('are refused where AWS refuses them', async () => {
    const { subnets } = cloud;
    expect(await codeOf(cloud.balancer({ Subnets: subnets.slice(0, 1) }))).to.equal('ValidationError');
    expect(await codeOf(cloud.balancer({ Subnets: ['subnet-0123456789abcdef0'] }))).to.equal('SubnetNotFoundException');
    const same = [subnets[0] ?? '', subnets[0] ?? ''];
    expect(await codeOf(cloud.balancer({ Subnets: same }))).to.equal('InvalidConfigurationRequestException');
    expect(await codeOf(cloud.balancer({ SecurityGroups: ['sg-1'] }))).to.equal('InvalidSecurityGroupException');
    for (const Name of ['-web', 'we_b', 'w'.repeat(33), 'internal-web']) {
      expect(await codeOf(cloud.balancer({ Name })), Name).to.equal('ValidationError');
    }
    expect(await codeOf(cloud.balancer({ Type: 'gateway' }))).to.equal('UnsupportedOperation');
    expect(await codeOf(cloud.balancer({ IpAddressType: 'dualstack' }))).to.equal('UnsupportedOperation');
    expect(Object.keys(cloud.state().loadBalancers)).to.deep.equal([]);
  });

  it('keep their security groups and subnets from being deleted, and can be moved to others', async () => {
    const { elb, ec2, subnets } = cloud;
    const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'lb', Description: 'lb' }));
    const LoadBalancerArn = await cloud.balancer({ SecurityGroups: [GroupId] });
    expect(await codeOf(ec2.send(new DeleteSecurityGroupCommand({ GroupId })))).to.equal('DependencyViolation');
    expect(await codeOf(ec2.send(new DeleteSubnetCommand({ SubnetId: subnets[1] })))).to.equal('DependencyViolation');
    const [other = ''] = Object.values(cloud.state().securityGroups).flatMap(({ id, name }) =>
      name === 'default' ? [id] : [],
    );
    await elb.setSecurityGroups({ LoadBalancerArn, SecurityGroups: [other] });
    await ec2.send(new DeleteSecurityGroupCommand({ GroupId }));
    const moved = await elb.setSubnets({ LoadBalancerArn, Subnets: [subnets[0] ?? '', subnets[2] ?? ''] });
    expect(moved.AvailabilityZones?.map(({ ZoneName }) => ZoneName)).to.deep.equal(['us-east-1a', 'us-east-1c']);
    await ec2.send(new DeleteSubnetCommand({ SubnetId: subnets[1] }));
  });

  it('have attributes, of which deletion protection holds', async () => {
    const { elb } = cloud;
    const LoadBalancerArn = await cloud.balancer();
    const set = (Key: string, Value: string) =>
      elb.modifyLoadBalancerAttributes({ LoadBalancerArn, Attributes: [{ Key, Value }] });
    await set('deletion_protection.enabled', 'true');
    const { Attributes = [] } = await elb.describeLoadBalancerAttributes({ LoadBalancerArn });
    expect(Attributes).to.deep.include({ Key: 'deletion_protection.enabled', Value: 'true' });
    expect(Attributes).to.deep.include({ Key: 'idle_timeout.timeout_seconds', Value: '60' });
    expect(await codeOf(elb.deleteLoadBalancer({ LoadBalancerArn }))).to.equal('OperationNotPermittedException');
    expect(await codeOf(set('idle_timeout.timeout_seconds', '4001'))).to.equal('ValidationError');
    expect(await codeOf(set('idle_timeout', '40'))).to.equal('ValidationError');
    expect(await codeOf(set('access_logs.s3.enabled', 'true'))).to.equal('UnsupportedOperation');
    await set('deletion_protection.enabled', 'false');
    await elb.deleteLoadBalancer({ LoadBalancerArn });
    expect(cloud.state().loadBalancers).to.deep.equal({});
  });

  it('have tags, and so have groups, listeners and rules', async () => {
    const { elb } = cloud;
    const balancer = await cloud.balancer({ Tags: [{ Key: 'team', Value: 'web' }] });
    const group = await cloud.group();
    const listener = await cloud.listener(balancer, group);
    const { Rules = [] } = await elb.createRule({
      ListenerArn: listener,
      Priority: 1,
      Conditions: [{ Field: 'path-pattern', Values: ['/x'] }],
      Actions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '204' } }],
    });
    const ResourceArns = [balancer, group, listener, Rules[0]?.RuleArn ?? ''];
    await elb.addTags({ ResourceArns, Tags: [{ Key: 'a', Value: '1' }] });
    await elb.removeTags({ ResourceArns: [balancer], TagKeys: ['team'] });
    const { TagDescriptions = [] } = await elb.describeTags({ ResourceArns });
    expect(TagDescriptions).to.deep.equal(
      ResourceArns.map((ResourceArn) => ({ ResourceArn, Tags: [{ Key: 'a', Value: '1' }] })),
    );
    const twice = { ResourceArns, Tags: ['1', '2'].map((Value) => ({ Key: 'b', Value })) };
    expect(await codeOf(elb.addTags(twice))).to.equal('DuplicateTagKeysException');
  });
});
