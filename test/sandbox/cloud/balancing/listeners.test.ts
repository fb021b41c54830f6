import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect } from 'chai';
import { type BalancedCloud, describeBalancing, startBalancedCloud } from '../../../support/balanced-cloud.ts';
import { codeOf } from '../../../support/cloud-server.ts';

const SAY: Action = {
  Type: 'fixed-response',
  FixedResponseConfig: { StatusCode: '503', ContentType: 'text/plain', MessageBody: 'later' },
};
const ON_PATH: RuleCondition = { Field: 'path-pattern', PathPatternConfig: { Values: ['/x/*'] } };

describeBalancing('listeners and rules', () => {
  let cloud: BalancedCloud;
  let balancer: string;
  let group: string;
  beforeEach(async () => {
    cloud = await startBalancedCloud();
    balancer = await cloud.balancer();
    group = await cloud.group();
  });
  afterEach(() => cloud.stop());

  it('are made once for one port and the same actions, and are shown', async () => {
    const { elb } = cloud;
    const arn = await cloud.listener(balancer, group);
    expect(await cloud.listener(balancer, group)).to.equal(arn);
    const other = { LoadBalancerArn: balancer, Port: 8080, Protocol: 'HTTP' as const, DefaultActions: [SAY] };
    expect(await codeOf(elb.createListener(other))).to.equal('DuplicateListenerException');
    const { Listeners = [] } = await elb.describeListeners({ LoadBalancerArn: balancer });
    expect(Listeners).to.have.length(1);
    expect(Listeners[0]).to.deep.include({ ListenerArn: arn, Port: 8080, Protocol: 'HTTP' });
    expect(Listeners[0]?.DefaultActions?.[0]?.ForwardConfig?.TargetGroups).to.deep.equal([
      { TargetGroupArn: group, Weight: 1 },
    ]);
    await elb.modifyListener({ ListenerArn: arn, Port: 9090, DefaultActions: [SAY] });
    const { Listeners: [changed] = [] } = await elb.describeListeners({ ListenerArns: [arn] });
    expect(changed?.Port).to.equal(9090);
    expect(changed?.DefaultActions).to.deep.equal([SAY]);
    await elb.deleteLoadBalancer({ LoadBalancerArn: balancer });
    expect(cloud.state().listeners).to.deep.equal({});
  });

  it('are refused where AWS refuses them', async () => {
    const { elb } = cloud;
    const make = (Protocol: 'HTTP' | 'HTTPS' | 'TCP', ...DefaultActions: Action[]) =>
      codeOf(elb.createListener({ LoadBalancerArn: balancer, Port: 81, Protocol, DefaultActions }));
    const forward = (TargetGroupArn: string): Action => ({ Type: 'forward', TargetGroupArn });
    expect(await make('TCP', SAY)).to.equal('ValidationError');
    expect(await make('HTTPS', SAY)).to.equal('UnsupportedOperation');
    expect(await make('HTTP')).to.equal('ValidationError');
    expect(await make('HTTP', forward(`${group}0`))).to.equal('TargetGroupNotFoundException');
    const tcp = await cloud.group({ Name: 'tcp', Protocol: 'TCP' });
    expect(await make('HTTP', forward(tcp))).to.equal('InvalidConfigurationRequestException');
    await cloud.listener(await cloud.balancer({ Name: 'other' }), group);
    expect(await make('HTTP', forward(group))).to.equal('TargetGroupAssociationLimitException');
    const loop: Action = { Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301' } };
    expect(await make('HTTP', loop)).to.equal('InvalidLoadBalancerActionException');
    expect(await make('HTTP', { Type: 'authenticate-oidc' })).to.equal('ValidationError');
  });

  it('have rules in the order of their priorities, the default one last', async () => {
    const { elb } = cloud;
    const ListenerArn = await cloud.listener(balancer, group);
    const rule = (Priority: number) => elb.createRule({ ListenerArn, Priority, Conditions: [ON_PATH], Actions: [SAY] });
    const { Rules: [second] = [] } = await rule(20);
    const { Rules: [first] = [] } = await rule(10);
    const { Rules: [again] = [] } = await rule(10);
    expect(again?.RuleArn).to.equal(first?.RuleArn);
    const taken = { ListenerArn, Priority: 10, Conditions: [ON_PATH], Actions: [{ ...SAY, Order: 1 }] };
    expect(await codeOf(elb.createRule(taken))).to.equal('PriorityInUseException');
    const shown = async () => {
      const { Rules = [] } = await elb.describeRules({ ListenerArn });
      return Rules.map(({ Priority, RuleArn }) => [Priority, RuleArn]);
    };
    const before = await shown();
    expect(before.map(([priority]) => priority)).to.deep.equal(['10', '20', 'default']);
    const swapped = [
      { RuleArn: first?.RuleArn, Priority: 20 },
      { RuleArn: second?.RuleArn, Priority: 10 },
    ];
    await elb.setRulePriorities({ RulePriorities: swapped });
    expect((await shown())[0]).to.deep.equal(['10', second?.RuleArn]);
    const [, defaultRule] = before[2] ?? [];
    expect(await codeOf(elb.deleteRule({ RuleArn: defaultRule }))).to.equal('OperationNotPermittedException');
    const { Rules = [] } = await elb.describeRules({ RuleArns: [defaultRule ?? ''] });
    expect(Rules[0]?.IsDefault).to.equal(true);
    await elb.deleteRule({ RuleArn: first?.RuleArn });
    expect(await shown()).to.have.length(2);
    expect(await codeOf(elb.deleteRule({ RuleArn: first?.RuleArn }))).to.equal('RuleNotFoundException');
  });

  it('show conditions as they were given, and refuse those that AWS does not have', async () => {
    const { elb } = cloud;
    const ListenerArn = await cloud.listener(balancer, group);
    const given: RuleCondition[] = [
      { Field: 'host-header', HostHeaderConfig: { Values: ['*.example.com'] } },
      { Field: 'http-header', HttpHeaderConfig: { HttpHeaderName: 'X-Beta', Values: ['1'] } },
      { Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'a', Value: 'b' }] } },
      { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET'] } },
      { Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } },
    ];
    const make = (Conditions: RuleCondition[], Priority = 1) =>
      elb.createRule({ ListenerArn, Priority, Conditions, Actions: [SAY] });
    const { Rules: [rule] = [] } = await make(given);
    expect(rule?.Conditions).to.deep.equal([{ ...given[0], Values: ['*.example.com'] }, ...given.slice(1)]);
    const wrong: RuleCondition[][] = [
      [],
      [{ Field: 'port', Values: ['80'] }],
      [{ Field: 'path-pattern' }],
      [{ Field: 'source-ip', SourceIpConfig: { Values: ['here'] } }],
      [{ Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['get'] } }],
      [{ Field: 'path-pattern', Values: ['1', '2', '3', '4', '5', '6'] }],
    ];
    for (const [index, conditions] of wrong.entries()) {
      expect(await codeOf(make(conditions, 2)), String(index)).to.equal('ValidationError');
    }
  });
});
