import { expect } from 'chai';
import type { TargetGroupRecord, TargetRecord } from '../../../../src/sandbox/cloud/balancing/balancing-records.ts';
import { chooseTarget } from '../../../../src/sandbox/cloud/balancing/target-choice.ts';
import { EMPTY_REGION, type RegionState } from '../../../../src/sandbox/cloud/state.ts';

const target = (id: string, given: Partial<TargetRecord> = {}): TargetRecord => ({
  id,
  port: 80,
  registeredAt: 0,
  health: 'healthy',
  healthySince: 0,
  ...given,
});

/** A region in which a listener forwards to a group of addresses. */
function world(targets: readonly TargetRecord[], attributes = {}): readonly [RegionState, TargetGroupRecord] {
  const common = { tags: {}, createdAt: 0, attributes };
  const check = { protocol: 'HTTP', port: 'traffic-port', interval: 5, timeout: 2, healthy: 2, unhealthy: 2 } as const;
  const group: TargetGroupRecord = {
    ...{ ...common, id: `group ${Math.random()}`, name: 'web', protocol: 'HTTP', port: 80, vpcId: 'vpc-1' },
    ...{ targetType: 'ip', check, targets },
  };
  const forward = { type: 'forward', groups: [{ group: group.id, weight: 1 }] } as const;
  const listener = { ...common, id: 'l', balancer: 'b', port: 80, protocol: 'HTTP', actions: [forward] } as const;
  return [{ ...EMPTY_REGION, targetGroups: { [group.id]: group }, listeners: { l: listener } }, group];
}

/** Who is chosen, in 200 requests. */
function chosen(
  [region, group]: readonly [RegionState, TargetGroupRecord],
  now = 0,
  underway = {},
): Map<string, number> {
  const counts = new Map<string, number>();
  const known = new Map<string, number>(Object.entries(underway));
  for (let count = 0; count < 200; count++) {
    const one = chooseTarget(region, group, { now, underway: ({ id }) => known.get(id) ?? 0 });
    counts.set(one?.id ?? 'nobody', (counts.get(one?.id ?? 'nobody') ?? 0) + 1);
  }
  return counts;
}

describe('the choice of a target', () => {
  it('is in turn among the healthy', () => {
    const targets = [target('a'), target('b'), target('c', { health: 'unhealthy' }), target('d', { drainsUntil: 9 })];
    expect(chosen(world(targets))).to.deep.equal(
      new Map([
        ['a', 100],
        ['b', 100],
      ]),
    );
  });

  it('is among all that do not drain when none is healthy, or too few are', () => {
    const sick = [
      target('a', { health: 'unhealthy' }),
      target('b', { health: 'initial' }),
      target('c', { drainsUntil: 9 }),
    ];
    expect([...chosen(world(sick)).keys()].sort()).to.deep.equal(['a', 'b']);
    const key = 'target_group_health.unhealthy_state_routing.minimum_healthy_targets';
    const some = [target('a'), target('b', { health: 'unhealthy' })];
    expect([...chosen(world(some)).keys()]).to.deep.equal(['a']);
    expect(chosen(world(some, { [`${key}.count`]: '2' })).size).to.equal(2);
    expect(chosen(world(some, { [`${key}.percentage`]: '51' })).size).to.equal(2);
    expect(chosen(world(some, { [`${key}.percentage`]: '50' })).size).to.equal(1);
  });

  it('is nobody where there is nobody', () => {
    expect([...chosen(world([target('a', { drainsUntil: 9 })])).keys()]).to.deep.equal(['nobody']);
  });

  it('gives one that starts slowly a share that grows', () => {
    const slow = { 'slow_start.duration_seconds': '100' };
    const targets = [target('old', { healthySince: -1e9 }), target('new', { healthySince: 0 })];
    const share = (now: number) => chosen(world(targets, slow), now).get('new') ?? 0;
    expect(share(0)).to.equal(0);
    expect(share(25_000)).to.be.within(10, 75);
    expect(share(100_000)).to.equal(100);
    // When all are new, none is spared.
    const news = [target('a', { healthySince: 0 }), target('b', { healthySince: 0 })];
    expect(chosen(world(news, slow), 1)).to.deep.equal(
      new Map([
        ['a', 100],
        ['b', 100],
      ]),
    );
  });

  it('goes by the requests under way, or by chance, where it is told to', () => {
    const targets = [target('a'), target('b'), target('c')];
    const least = { 'load_balancing.algorithm.type': 'least_outstanding_requests' };
    expect([...chosen(world(targets, least), 0, { a: 2, b: 1, c: 1 }).keys()].sort()).to.deep.equal(['b', 'c']);
    expect(chosen(world(targets, { 'load_balancing.algorithm.type': 'weighted_random' })).size).to.equal(3);
  });
});
