/**
 * A rollout of real machines that is killed (kill -9) right after a write of the state, or right after a call, and done again. Takes
 * one of each; with EVERY_STEP=1 every write, with EVERY_CALL=1 every call, which takes a quarter of an hour each.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { State } from '../../src/rollout/state/state.ts';
import { homeAt } from '../../src/sandbox/home.ts';
import { runBin, startBin } from '../cli/run-bin.ts';
import { type OwnCloud, ownCloud } from '../support/own-cloud.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { until } from '../support/until.ts';

/** A page on port 8080 that needs nothing to be installed. */
const USER_DATA = `#!/bin/sh
mkdir -p /srv/web && echo hello >/srv/web/index.html
systemd-run --unit=web python3 -m http.server --directory /srv/web 8080
`;
const DEVICE = '/dev/xvdf';

describe('a rollout of real machines that is killed', function () {
  this.timeout(7_200_000);
  const directory = temporaryDirectory();
  let cloud: OwnCloud;
  let images: readonly string[] = [];
  let turn = 0;

  before(async () => {
    cloud = await ownCloud();
    await cloud.sandbox('balancer');
    writeFileSync(join(directory(), 'web.sh'), USER_DATA);
    const base = (await cloud.ec2.describeImages({ Owners: ['sandbox'] })).Images?.[0]?.ImageId ?? '';
    const { ImageId: copy = '' } = await cloud.ec2.copyImage({
      ...{ Name: 'copy', SourceImageId: base, SourceRegion: 'us-east-1' },
    });
    await until(async () => (await cloud.ec2.describeImages({ ImageIds: [copy] })).Images?.[0]?.State === 'available');
    images = [base, copy];
    configure();
    const { code, stderr } = await rollout('apply');
    expect(code, stderr).to.equal(0);
  });
  after(() => cloud?.stop());

  const options = () => ({ cwd: directory(), env: { PLAYBAKE_SANDBOX: cloud.home } });
  const rollout = (...args: readonly string[]) => runBin('rollout', [...args, '-auto-approve'], options());
  const wanted = () => images[turn % 2] ?? '';
  const stateFile = () => join(directory(), 'playbake.state.json');
  const state = (): State => JSON.parse(readFileSync(stateFile(), 'utf8'));
  /** From its beginning, which is all that is read while it is replaced again and again. */
  const serial = () => Number(/"serial": (\d+)/.exec(readFileSync(stateFile(), 'utf8').slice(0, 400))?.[1] ?? 0);
  const logged = () => readFileSync(homeAt(cloud.home).calls, 'latin1').split('\n').length - 1;

  function configure(): void {
    writeFileSync(
      join(directory(), 'playbake.yml'),
      `fleets:
  web:
    image: ${wanted()}
    count: 2
    target_groups: [web]
    security_groups: [web]
    user_data: { file: web.sh }
    volumes: [{ device: ${DEVICE}, size: 1 }]
    health: { http: { port: 8080 }, interval: 1s, healthy: 1 }
    strategy: { type: rolling, max_surge: 2, max_unavailable: 2 }
`,
    );
  }

  /** Both slots have an instance of the image, with its volume; nothing else is there. */
  async function check(told: string): Promise<void> {
    const Filters = [
      { Name: 'tag:playbake:fleet', Values: ['web'] },
      { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped', 'shutting-down'] },
    ];
    const { Reservations = [] } = await cloud.ec2.describeInstances({ Filters });
    const there = Reservations.flatMap(({ Instances = [] }) => Instances);
    expect(
      there.map(({ ImageId }) => ImageId),
      told,
    ).to.deep.equal([wanted(), wanted()]);
    const { rollout: open, slots } = state().fleets['web'] ?? { rollout: undefined, slots: {} };
    expect(open, told).to.equal(undefined);
    const members = Object.values(slots).map(({ current, deposed }) => [current?.id, ...deposed].join());
    expect(members, told).to.have.members(there.map(({ InstanceId }) => InstanceId));
    const { Volumes = [] } = await cloud.ec2.describeVolumes({
      Filters: [{ Name: 'tag:playbake:device', Values: [DEVICE] }],
    });
    const holders = Volumes.map(({ Attachments = [] }) => Attachments.map(({ InstanceId }) => InstanceId).join());
    expect(holders, told).to.have.members(there.map(({ InstanceId }) => InstanceId));
    const { stdout } = await runBin('rollout', ['status', '--json'], options());
    const [web] = JSON.parse(stdout);
    expect(
      web.members.map(({ health }: { readonly health: string }) => health),
      told,
    ).to.deep.equal(['healthy', 'healthy']);
  }

  /** Kills an apply as soon as `count` has grown so much, and applies again. Gives whether it was still at work. */
  async function killedAt(number: number, count: () => number, what: string): Promise<boolean> {
    turn += 1;
    configure();
    const until = count() + number;
    const { child, outcome } = startBin('rollout', ['apply', '-auto-approve'], options());
    while (count() < until && child.exitCode === null) await sleep(1);
    const isKilled = child.kill('SIGKILL');
    const first = await outcome;
    const { code, stdout, stderr } = await rollout('apply');
    const told = `${what} ${number}: ${first.code}\n${first.stdout.slice(-600)}\n--\n${stdout.slice(-1500)}\n${stderr}`;
    expect(code, told).to.equal(0);
    await check(told);
    return isKilled;
  }

  /** Kills at all numbers, or at this one. Tells how many there are, where that was found out. */
  async function kill(every: boolean, one: number, count: () => number, what: string): Promise<void> {
    let last = one;
    if (every) {
      turn += 1;
      configure();
      const before = count();
      expect((await rollout('apply')).code).to.equal(0);
      last = count() - before;
    }
    let kills = 0;
    for (let number = every ? 1 : one; number <= last; number += 1) {
      if (await killedAt(number, count, what)) kills += 1;
      if (every) console.log(`      ${what} ${number} of ${last}`);
    }
    console.log(`      killed ${kills} times${every ? `, of ${last}` : ''}`);
  }

  it('ends as it should when it is done again, after whichever write of the state', () =>
    kill(env['EVERY_STEP'] === '1', 9, serial, 'write'));

  it('ends as it should when it is done again, after whichever call', () =>
    kill(env['EVERY_CALL'] === '1', 30, logged, 'call'));
});
