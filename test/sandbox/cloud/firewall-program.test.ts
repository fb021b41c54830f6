import { expect } from 'chai';
import type { LoadBalancerRecord } from '../../../src/sandbox/cloud/balancing/balancing-records.ts';
import { firewallProgram } from '../../../src/sandbox/cloud/firewall-program.ts';
import { firewallRule } from '../../../src/sandbox/cloud/firewall-rule.ts';
import type { InstanceRecord } from '../../../src/sandbox/cloud/instance-record.ts';
import type { SecurityGroupRuleRecord } from '../../../src/sandbox/cloud/network-records.ts';
import { EMPTY, EMPTY_REGION } from '../../../src/sandbox/cloud/state.ts';
import { subnetOf } from '../../../src/sandbox/subnet.ts';
import { instanceRecord } from '../../support/instance-record.ts';

type Terms = Partial<SecurityGroupRuleRecord>;

const rule = (terms: Terms): SecurityGroupRuleRecord => ({
  id: 'sgr-1',
  tags: {},
  createdAt: 0,
  groupId: 'sg-web',
  egress: false,
  protocol: 'tcp',
  from: 22,
  to: 22,
  peer: { ipv4: '0.0.0.0/0' },
  ...terms,
});

function program(instances: readonly InstanceRecord[], rules: readonly SecurityGroupRuleRecord[]): string {
  const region = {
    ...EMPTY_REGION,
    instances: Object.fromEntries(instances.map((instance) => [instance.id, instance])),
    securityGroupRules: Object.fromEntries(rules.map((record, index) => [`sgr-${index}`, record])),
  };
  return firewallProgram({ ...EMPTY, regions: { 'us-east-1': region } }, subnetOf(0));
}

describe('the packet filter of security groups', () => {
  it('has a rule of nftables for each rule', () => {
    const cases: readonly (readonly [Terms, string | undefined])[] = [
      [{}, 'tcp dport 22 accept'],
      [{ peer: { ipv4: '192.0.2.0/24' } }, 'ip saddr 192.0.2.0/24 tcp dport 22 accept'],
      [{ peer: { ipv4: '192.0.2.0/24' }, egress: true }, 'ip daddr 192.0.2.0/24 tcp dport 22 accept'],
      [{ peer: { groupId: 'sg-1' }, protocol: 'udp', to: 25 }, 'ip saddr @members-sg-1 udp dport 22-25 accept'],
      [{ protocol: '-1', from: -1, to: -1 }, 'accept'],
      [{ protocol: 'icmp', from: -1, to: -1 }, 'meta l4proto icmp accept'],
      [{ protocol: 'icmp', from: 8, to: -1 }, 'icmp type 8 accept'],
      [{ protocol: 'icmp', from: 3, to: 4 }, 'icmp type 3 icmp code 4 accept'],
      [{ protocol: '50', from: -1, to: -1 }, 'meta l4proto 50 accept'],
      [{ protocol: 'icmpv6' }, undefined],
      [{ peer: { ipv6: '::/0' } }, undefined],
    ];
    for (const [terms, wanted] of cases) expect(firewallRule(rule(terms))).to.equal(wanted);
  });

  it('is a chain for each group, and one for each way of each instance', () => {
    const web = instanceRecord({ id: 'i-1', number: 300, address: '10.77.1.54', vpcId: 'vpc-1', groupIds: ['sg-web'] });
    const data = instanceRecord({
      id: 'i-2',
      number: 301,
      address: '10.77.1.55',
      vpcId: 'vpc-1',
      groupIds: ['sg-data'],
    });
    const gone = instanceRecord({ id: 'i-3', number: 302, state: 'terminated', groupIds: ['sg-web'] });
    const rules = [
      rule({}),
      rule({ egress: true, protocol: '-1', from: -1, to: -1 }),
      rule({ groupId: 'sg-data', from: 5432, to: 5432, peer: { groupId: 'sg-web' } }),
    ];
    expect(program([web, data, gone], rules)).to.equal(`table ip playbake0-groups {}
delete table ip playbake0-groups
table ip playbake0-groups {
  set instances {
    type ipv4_addr
    elements = { 10.77.1.54, 10.77.1.55 }
  }
  set vpc-1 {
    type ipv4_addr
    elements = { 10.77.1.54, 10.77.1.55 }
  }
  set members-sg-web {
    type ipv4_addr
    elements = { 10.77.1.54 }
  }
  chain sg-web-in {
    tcp dport 22 accept
  }
  chain sg-web-out {
    accept
  }
  chain sg-data-in {
    ip saddr @members-sg-web tcp dport 5432 accept
  }
  chain sg-data-out {
  }
  chain out-300 {
    ip saddr != 10.77.1.54 drop
    jump sg-web-out
    drop
  }
  chain in-300 {
    ip saddr @instances ip saddr != @vpc-1 drop
    jump sg-web-in
    drop
  }
  chain out-301 {
    ip saddr != 10.77.1.55 drop
    jump sg-data-out
    drop
  }
  chain in-301 {
    ip saddr @instances ip saddr != @vpc-1 drop
    jump sg-data-in
    drop
  }
  chain leaving {
    type filter hook forward priority -20; policy accept;
    ct state established,related accept
    iifname vmap { "pb0v300" : jump out-300, "pb0v301" : jump out-301 }
    iifname "pb0v*" drop
  }
  chain arriving {
    type filter hook forward priority -10; policy accept;
    ct state established,related accept
    oifname vmap { "pb0v300" : jump in-300, "pb0v301" : jump in-301 }
    oifname "pb0v*" drop
  }
  chain asked-here {
    type filter hook output priority -10; policy accept;
    ct state established,related accept
    oifname vmap { "pb0v300" : jump in-300, "pb0v301" : jump in-301 }
    oifname "pb0v*" drop
  }
}
`);
  });

  it('filters what load balancers are asked, and what they ask, by their groups', () => {
    const record: LoadBalancerRecord = {
      ...{ id: 'b', tags: {}, createdAt: 0, name: 'web', type: 'application', scheme: 'internal', vpcId: 'vpc-1' },
      ...{ subnetIds: [], groupIds: ['sg-lb'], number: 303, address: '10.77.1.57', attributes: {}, state: 'active' },
    };
    const bare: LoadBalancerRecord = { ...record, id: 'n', groupIds: [], number: 304, address: '10.77.1.58' };
    const web = instanceRecord({ id: 'i-1', number: 300, address: '10.77.1.54', vpcId: 'vpc-1', groupIds: ['sg-web'] });
    const rules = [
      rule({ from: 80, to: 80, peer: { groupId: 'sg-lb' } }),
      rule({ groupId: 'sg-lb', from: 80, to: 80 }),
    ];
    const region = {
      ...EMPTY_REGION,
      instances: { [web.id]: web },
      loadBalancers: { b: record, n: bare },
      securityGroupRules: Object.fromEntries(rules.map((one, index) => [`sgr-${index}`, one])),
    };
    const made = firewallProgram({ ...EMPTY, regions: { 'us-east-1': region } }, subnetOf(0));
    for (const part of [
      'set members-sg-lb {\n    type ipv4_addr\n    elements = { 10.77.1.57 }\n',
      'chain sg-web-in {\n    ip saddr @members-sg-lb tcp dport 80 accept\n  }',
      'chain in-303 {\n    jump sg-lb-in\n    drop\n  }',
      'ip daddr { 10.77.1.57, 10.77.1.58 } iifname vmap { "pb0v300" : jump out-300 }',
      'type filter hook input priority -10; policy accept;\n    ct state established,related accept\n    ip daddr vmap { 10.77.1.57 : jump in-303 }',
      'type filter hook output priority -10; policy accept;\n    ct state established,related accept\n    ip saddr vmap { 10.77.1.57 : jump out-303 }',
    ]) {
      expect(made).to.include(part);
    }
    expect(made).not.to.include('in-304');
  });

  it('is gone without instances', () => {
    expect(program([], [rule({})])).to.equal('table ip playbake0-groups {}\ndelete table ip playbake0-groups\n');
  });

  it('limits how far answers of the metadata service go, where they need a token', () => {
    const one = (number: number, tokens: 'optional' | 'required', hopLimit: number) =>
      instanceRecord({
        id: `i-${number}`,
        number,
        address: `10.77.1.${number}`,
        metadata: { endpoint: 'enabled', tokens, hopLimit, tags: 'disabled' },
      });
    expect(program([one(1, 'optional', 1)], [])).not.to.contain('ttl');
    const all = program(
      [one(1, 'optional', 1), one(2, 'required', 1), one(3, 'required', 2), one(4, 'required', 1)],
      [],
    );
    const chain = /chain metadata-hops \{\n(.*?) {2}\}/s.exec(all)?.[1]?.trim().split(/\n */);
    expect(chain).to.deep.equal([
      'type filter hook output priority mangle; policy accept;',
      'ct original ip daddr 169.254.169.254 ip daddr { 10.77.1.2, 10.77.1.4 } ip ttl set 1',
      'ct original ip daddr 169.254.169.254 ip daddr { 10.77.1.3 } ip ttl set 2',
    ]);
  });
});
