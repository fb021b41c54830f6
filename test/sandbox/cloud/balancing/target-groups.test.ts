import { CreateVpcCommand, StopInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { targetStates } from '../../../../src/sandbox/cloud/balancing/target-health.ts';
import { type BalancedCloud, describeBalancing, startBalancedCloud } from '../../../support/balanced-cloud.ts';
import { codeOf } from '../../../support/cloud-server.ts';

describeBalancing('target groups', () => {
  let cloud: BalancedCloud;
  beforeEach(async () => {
    cloud = await startBalancedCloud();
  });
  afterEach(() => cloud.stop());

  async function health(TargetGroupArn: string, Targets?: { Id: string; Port?: number }[]) {
    const { TargetHealthDescriptions = [] } = await cloud.elb.describeTargetHealth({ TargetGroupArn, Targets });
    return TargetHealthDescriptions.map(({ Target, TargetHealth }) => {
      return [Target?.Id, Target?.Port, TargetHealth?.State, TargetHealth?.Reason].join(' ').trim();
    });
  }

  it('are made once for one name and the same settings, with the checks that AWS gives them', async () => {
    const { elb } = cloud;
    const arn = await cloud.group();
    expect(await cloud.group()).to.equal(arn);
    expect(await codeOf(cloud.group({ Port: 81 }))).to.equal('DuplicateTargetGroupNameException');
    const { TargetGroups = [] } = await elb.describeTargetGroups({ TargetGroupArns: [arn] });
    expect(TargetGroups[0]).to.deep.include({
      HealthCheckProtocol: 'HTTP',
      HealthCheckPort: 'traffic-port',
      HealthCheckPath: '/',
      HealthCheckIntervalSeconds: 30,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 5,
      UnhealthyThresholdCount: 2,
      Matcher: { HttpCode: '200' },
      LoadBalancerArns: [],
      ProtocolVersion: 'HTTP1',
    });
    await elb.modifyTargetGroup({
      TargetGroupArn: arn,
      HealthCheckPath: '/health',
      HealthCheckIntervalSeconds: 5,
      HealthCheckTimeoutSeconds: 2,
      Matcher: { HttpCode: '200-299' },
    });
    const { TargetGroups: [changed] = [] } = await elb.describeTargetGroups({ Names: ['web'] });
    expect(changed).to.deep.include({ HealthCheckPath: '/health', HealthCheckIntervalSeconds: 5 });
    const tcp = await cloud.group({ Name: 'tcp', Protocol: 'TCP', Port: 5432 });
    const { TargetGroups: [plain] = [] } = await elb.describeTargetGroups({ TargetGroupArns: [tcp] });
    expect(plain).to.deep.include({ HealthCheckProtocol: 'TCP', HealthCheckTimeoutSeconds: 10 });
    expect(plain).not.to.have.any.keys('Matcher', 'HealthCheckPath');
  });

  it('are refused where AWS refuses them', async () => {
    const wrong = [
      { Port: 0 },
      { VpcId: 'vpc-0123456789abcdef0' },
      { HealthCheckIntervalSeconds: 4 },
      { HealthCheckTimeoutSeconds: 30 },
      { HealthyThresholdCount: 1 },
      { HealthCheckPath: 'health' },
      { HealthCheckPort: 'http' },
      { Matcher: { HttpCode: '200-600' } },
      { HealthCheckEnabled: false },
    ];
    for (const input of wrong) {
      expect(await codeOf(cloud.group(input)), JSON.stringify(input)).to.equal('ValidationError');
    }
    expect(await codeOf(cloud.group({ Protocol: 'HTTPS' }))).to.equal('UnsupportedOperation');
    expect(await codeOf(cloud.group({ TargetType: 'lambda' }))).to.equal('UnsupportedOperation');
    expect(await codeOf(cloud.group({ HealthCheckProtocol: 'HTTPS' }))).to.equal('UnsupportedOperation');
    expect(cloud.state().targetGroups).to.deep.equal({});
  });

  it('have attributes within their bounds', async () => {
    const { elb } = cloud;
    const TargetGroupArn = await cloud.group();
    const set = (Key: string, Value: string) =>
      elb.modifyTargetGroupAttributes({ TargetGroupArn, Attributes: [{ Key, Value }] });
    await set('deregistration_delay.timeout_seconds', '0');
    const { Attributes } = await elb.describeTargetGroupAttributes({ TargetGroupArn });
    expect(Attributes).to.deep.include({ Key: 'deregistration_delay.timeout_seconds', Value: '0' });
    expect(await codeOf(set('deregistration_delay.timeout_seconds', '3601'))).to.equal('ValidationError');
    expect(await codeOf(set('slow_start.duration_seconds', '5'))).to.equal('ValidationError');
    await set('slow_start.duration_seconds', '30');
    expect(await codeOf(set('load_balancing.algorithm.type', 'best'))).to.equal('ValidationError');
    expect(await codeOf(set('proxy_protocol_v2.enabled', 'true'))).to.equal('ValidationError');
  });

  it('take instances that run in their VPC, and no others', async () => {
    const { elb, ec2 } = cloud;
    const TargetGroupArn = await cloud.group();
    const [one = '', two = ''] = await cloud.run(2);
    const register = (Id: string, group = TargetGroupArn) =>
      elb.registerTargets({ TargetGroupArn: group, Targets: [{ Id }] });
    await ec2.send(new StopInstancesCommand({ InstanceIds: [two] }));
    expect(await codeOf(register(two))).to.equal('InvalidTargetException');
    expect(await codeOf(register('i-0123456789abcdef0'))).to.equal('InvalidTargetException');
    await register(one);
    await register(one);
    expect(await health(TargetGroupArn)).to.deep.equal([`${one} 8081 unused Target.NotInUse`]);
    expect(await health(TargetGroupArn, [{ Id: two }])).to.deep.equal([`${two} 8081 unused Target.NotRegistered`]);
    const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
    const elsewhere = await cloud.group({ Name: 'other', VpcId: Vpc?.VpcId });
    expect(await codeOf(register(one, elsewhere))).to.equal('InvalidTargetException');
    expect(await codeOf(register(one, `${TargetGroupArn}0`))).to.equal('TargetGroupNotFoundException');
    const addresses = await cloud.group({ Name: 'ip', TargetType: 'ip' });
    await register('10.77.240.11', addresses);
    expect(await codeOf(register('web1', addresses))).to.equal('ValidationError');
  });

  it('let targets drain when a load balancer uses them, and go at once when none does', async () => {
    const { elb } = cloud;
    const TargetGroupArn = await cloud.group();
    const [one = '', two = ''] = await cloud.run(2);
    const targets = { TargetGroupArn, Targets: [{ Id: one }, { Id: one, Port: 81 }, { Id: two }] };
    await elb.registerTargets(targets);
    await elb.deregisterTargets({ TargetGroupArn, Targets: [{ Id: two }] });
    expect(await health(TargetGroupArn)).to.have.length(2);
    await cloud.listener(await cloud.balancer(), TargetGroupArn);
    await elb.deregisterTargets({ TargetGroupArn, Targets: [{ Id: one, Port: 81 }] });
    expect(await health(TargetGroupArn, [{ Id: one, Port: 81 }])).to.deep.equal([
      `${one} 81 draining Target.DeregistrationInProgress`,
    ]);
    await elb.deregisterTargets({ TargetGroupArn, Targets: [{ Id: 'i-0123456789abcdef0' }] });
    const region = cloud.server.cloud.region('us-east-1');
    expect(targetStates(region, TargetGroupArn).find(({ port }) => port === 81)?.state).to.equal('draining');
    await elb.registerTargets(targets);
    expect(targetStates(region, TargetGroupArn).every(({ state }) => state !== 'draining')).to.equal(true);
  });

  it('say of instances that cannot get requests why', async () => {
    const { elb, ec2 } = cloud;
    const TargetGroupArn = await cloud.group();
    await cloud.listener(await cloud.balancer(), TargetGroupArn);
    const [far = ''] = await cloud.run(1, 'us-east-1c');
    const [stopped = ''] = await cloud.run(1);
    await elb.registerTargets({ TargetGroupArn, Targets: [{ Id: far }, { Id: stopped }] });
    await ec2.send(new StopInstancesCommand({ InstanceIds: [stopped] }));
    expect(await health(TargetGroupArn)).to.deep.equal([
      `${far} 8081 unused Target.NotInUse`,
      `${stopped} 8081 unused Target.InvalidState`,
    ]);
    await ec2.send(new TerminateInstancesCommand({ InstanceIds: [stopped] }));
  });

  it('cannot be deleted while a listener or a rule uses them', async () => {
    const { elb } = cloud;
    const [a, b, c] = [await cloud.group({ Name: 'a' }), await cloud.group({ Name: 'b' }), await cloud.group()];
    const ListenerArn = await cloud.listener(await cloud.balancer(), a);
    await elb.createRule({
      ListenerArn,
      Priority: 1,
      Conditions: [{ Field: 'path-pattern', Values: ['/b/*'] }],
      Actions: [{ Type: 'forward', TargetGroupArn: b }],
    });
    for (const TargetGroupArn of [a, b]) {
      expect(await codeOf(elb.deleteTargetGroup({ TargetGroupArn }))).to.equal('ResourceInUseException');
    }
    await elb.deleteTargetGroup({ TargetGroupArn: c });
    await elb.deleteListener({ ListenerArn });
    for (const TargetGroupArn of [a, b]) await elb.deleteTargetGroup({ TargetGroupArn });
    expect(cloud.state().targetGroups).to.deep.equal({});
    expect(cloud.state().listenerRules).to.deep.equal({});
  });
});
