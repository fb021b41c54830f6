import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { amountsOf } from '../../src/config/amounts.ts';
import type { Amount, StrategyConfig } from '../../src/config/fleet.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { faultsOf } from '../../src/fault.ts';
import { whereOf } from '../../src/value/source.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('fleets of playbake.yml', () => {
  const directory = temporaryDirectory();
  const warnings: string[] = [];

  function load(text: string) {
    warnings.length = 0;
    writeFileSync(join(directory(), 'playbake.yml'), text);
    return loadConfig({ directory: directory(), onWarning: ({ message }) => warnings.push(message) });
  }

  /** `line:column message (hint)` of each fault, of a fleet `web` with these lines. */
  function faultsIn(...lines: readonly string[]): readonly string[] {
    const image = lines.some((line) => line.startsWith('image:')) ? [] : ['image: app'];
    const count = lines.some((line) => line.startsWith('count:')) ? [] : ['count: 3'];
    const entry = [...lines, ...image, ...count].map((line) => `    ${line}\n`).join('');
    try {
      load(`images: { app: { playbook: app.yml } }\nfleets:\n  web:\n${entry}`);
    } catch (error) {
      return (faultsOf(error) ?? []).map(({ message, where, hint }) => {
        return `${where?.line}:${where?.column} ${message}${hint === undefined ? '' : ` (${hint})`}`;
      });
    }
    return [];
  }

  before(() => {
    for (const name of ['app.yml', 'key', 'other.yml']) writeFileSync(join(directory(), name), name);
    mkdirSync(join(directory(), 'deploy'));
    writeFileSync(join(directory(), 'deploy/boot.sh'), '#!/bin/sh\n');
  });

  it('have all their settings', () => {
    const { fleets } = load(`
images: { app: { playbook: app.yml } }
fleets:
  web:
    image: app:stable
    count: 3
    instance_type: t3.small
    subnets: [subnet-0a, subnet-0b]
    security_groups: [web, sg-0123abcd]
    key: ops
    iam_profile: web
    user_data: { file: deploy/boot.sh }
    public_address: true
    tags: { Team: web }
    volumes: [{ device: /dev/xvdf, size: 10, type: gp3, iops: 4000, throughput: 250, encrypted: true, kms_key: alias/data, snapshot: snap-0a }]
    target_groups: [web]
    ssh: { user: ubuntu, private_key: ./key, address: public }
    health: { http: { port: 8080, path: /up, status: [200, 204] }, tcp: { port: 22 }, command: "true", verify: other.yml, grace: 2m, interval: 1s, healthy: 3, unhealthy: 4 }
    strategy: { type: canary, max_surge: 50%, max_unavailable: 1, canary: 34%, pause: 90s, checkpoints: [20, 100], checkpoint_delay: 10m, bake_time: 1h, auto_rollback: false, progress_deadline: 30m }
    engine: autoscaling
    terraform: { directory: deploy, variable: web_image, var_file: deploy/boot.sh }
`);
    expect(fleets.get('web')).to.deep.equal({
      name: 'web',
      engine: 'autoscaling',
      image: 'app:stable',
      count: 3,
      instanceType: 't3.small',
      subnets: ['subnet-0a', 'subnet-0b'],
      securityGroups: ['web', 'sg-0123abcd'],
      key: 'ops',
      iamProfile: 'web',
      userData: '#!/bin/sh\n',
      publicAddress: true,
      tags: { Team: 'web' },
      volumes: [
        {
          ...{ device: '/dev/xvdf', size: 10, type: 'gp3', iops: 4000, throughput: 250, encrypted: true },
          ...{ kmsKey: 'alias/data', snapshot: 'snap-0a' },
        },
      ],
      targetGroups: ['web'],
      ssh: { user: 'ubuntu', privateKey: join(directory(), 'key'), address: 'public' },
      health: {
        http: { port: 8080, path: '/up', status: [200, 204] },
        tcp: { port: 22 },
        command: 'true',
        verify: join(directory(), 'other.yml'),
        unverified: undefined,
        ...{ grace: 120_000, interval: 1000, healthy: 3, unhealthy: 4 },
      },
      strategy: {
        ...{ type: 'canary', maxSurge: '50%', maxUnavailable: 1, canary: '34%', pause: 90_000 },
        ...{ checkpoints: [20, 100], checkpointDelay: 600_000, bakeTime: 3_600_000, autoRollback: false },
        progressDeadline: 1_800_000,
      },
      terraform: {
        directory: join(directory(), 'deploy'),
        variable: 'web_image',
        varFile: join(directory(), 'deploy/boot.sh'),
      },
    });
    const { fleets: plain } = load('fleets: { web: { image: app, count: 1, terraform: { directory: deploy } } }');
    const wanted = { directory: join(directory(), 'deploy'), variable: 'image_id', varFile: undefined };
    expect(plain.get('web')?.terraform).to.deep.equal(wanted);
  });

  it('have defaults for what they leave out, and know where they stand', () => {
    const { fleets } = load(
      'images: { app: { playbook: app.yml } }\nfleets:\n  web:\n    image: app\n    count: 2\n    strategy: { type: rolling }\n',
    );
    const web = fleets.get('web');
    expect(web).to.deep.include({ engine: 'ec2', instanceType: undefined, subnets: [], volumes: [], tags: {} });
    expect(web?.health).to.deep.equal({
      ...{ http: undefined, tcp: undefined, command: undefined, verify: undefined },
      ...{ unverified: join(directory(), 'app.yml'), grace: 300_000, interval: 5000, healthy: 2, unhealthy: 3 },
    });
    expect(web?.strategy).to.deep.equal({
      ...{ type: 'rolling', maxSurge: 1, maxUnavailable: 0, canary: 1, pause: 0, checkpoints: [], bakeTime: 0 },
      ...{ checkpointDelay: undefined, autoRollback: true, progressDeadline: 900_000 },
    });
    expect(whereOf(web, 'count')).to.include({ line: 5, column: 12 });
    expect(whereOf(web?.strategy, 'type')).to.include({ line: 6, column: 23 });
  });

  it('run the verify tasks of their own image where ssh is given, unless told not to', () => {
    const verify = (rest: string) =>
      load(`images: { app: { playbook: app.yml } }\nfleets: { web: { image: app, count: 1, ${rest} } }\n`).fleets.get(
        'web',
      )?.health;
    const own = join(directory(), 'app.yml');
    expect(verify('ssh: { user: admin }')).to.include({ verify: own, unverified: undefined });
    expect(verify('ssh: {}, health: { verify: true }')).to.include({ verify: own, unverified: undefined });
    expect(verify('ssh: {}, health: { verify: false }')).to.include({ verify: undefined, unverified: undefined });
    expect(verify('health: { verify: false }')).to.include({ verify: undefined, unverified: undefined });
  });

  it('may use images that are made elsewhere', () => {
    expect(faultsIn('image: ami-0123456789abcdef0')).to.deep.equal([]);
    expect(faultsIn('image: shop-20261126T0215')).to.deep.equal([]);
    expect(load('fleets: { web: { image: shop:stable, count: 1 } }').fleets.get('web')?.image).to.equal('shop:stable');
  });

  it('are told what their strategy ignores', () => {
    expect(faultsIn('strategy: { type: blue_green, max_surge: 0, max_unavailable: 0 }')).to.deep.equal([]);
    expect(warnings).to.deep.equal(
      ['max_surge', 'max_unavailable'].map(
        (key) =>
          `fleets.web: strategy.${key} means nothing to type: blue_green, which starts all new ones beside all old ones`,
      ),
    );
    expect(faultsIn('strategy: { canary: 2, checkpoint_delay: 5m }')).to.deep.equal([]);
    expect(warnings).to.have.length(2);
  });

  const wrong: readonly (readonly [title: string, lines: readonly string[], faults: readonly string[]])[] = [
    [
      'a count of none',
      ['count: 0'],
      ['4:12 fleets.web.count must be at least 1; it is 0 (`rollout destroy web` removes all instances of a fleet)'],
    ],
    [
      'a negative count',
      ['count: -2'],
      ['4:12 fleets.web.count must be at least 1; it is -2 (`rollout destroy web` removes all instances of a fleet)'],
    ],
    [
      'keys that are not there, all at once',
      ['cuont: 3', 'strategy: { max_surges: 2 }', 'health: { htp: 1 }'],
      [
        '4:5 a fleet has no key "cuont" (did you mean count?)',
        '5:17 strategy has no key "max_surges" (did you mean max_surge?)',
        '6:15 health has no key "htp" (did you mean http?)',
      ],
    ],
    [
      'a name that no variable of Terraform has',
      ['terraform: { directory: deploy, variable: 1a }'],
      ['4:47 fleets.web.terraform.variable must be the name of a variable. Default: image_id; it is "1a"'],
    ],
    [
      'nothing that could be replaced',
      ['strategy: { max_surge: 0 }'],
      [
        '4:28 fleets.web.strategy.max_surge and max_unavailable are both 0: nothing could be replaced (write max_surge: 1 to launch before terminating, or max_unavailable: 1 to terminate first)',
      ],
    ],
    [
      'shares that come to nothing',
      ['strategy: { max_surge: 0%, max_unavailable: 25% }'],
      [
        '4:28 fleets.web.strategy.max_surge and max_unavailable are 0% and 25%, both 0 of 3: nothing could be replaced (write max_surge: 1 to launch before terminating, or max_unavailable: 1 to terminate first)',
      ],
    ],
    [
      'amounts that are none',
      ['strategy: { max_surge: 101%, max_unavailable: -1 }'],
      [
        '4:28 fleets.web.strategy.max_surge must be a whole number of instances, or a share of count such as 25%; it is "101%"',
        '4:51 fleets.web.strategy.max_unavailable must be a whole number of instances, or a share of count such as 25%; it is -1',
      ],
    ],
    [
      'checkpoints that fall',
      ['strategy: { checkpoints: [50, 20, 100] }'],
      ['4:30 fleets.web.strategy.checkpoints must rise; they are 50, 20, 100'],
    ],
    [
      'checkpoints that do not end',
      ['strategy: { checkpoints: [20, 50] }'],
      ['4:30 fleets.web.strategy.checkpoints must end with 100, when all are replaced (write [20, 50, 100])'],
    ],
    [
      'more canaries than there are',
      ['strategy: { type: canary, canary: 4 }'],
      ['4:39 fleets.web.strategy.canary is 4, more than count, which is 3'],
    ],
    [
      'a device given twice',
      ['volumes:', '  - { device: /dev/xvdf, size: 10 }', '  - { device: /dev/xvdf, size: 20 }'],
      ['6:19 fleets.web.volumes has /dev/xvdf twice (give one of them another device; the first is in line 5)'],
    ],
    [
      'checks that cannot get there',
      ['health: { command: uptime, verify: true }'],
      [
        '4:24 fleets.web.health.command runs on the instances, and there is no ssh (give ssh: { user: ..., private_key: ... })',
        '4:40 fleets.web.health.verify runs on the instances, and there is no ssh (give ssh: { user: ..., private_key: ... })',
      ],
    ],
    [
      'images that are not there',
      ['image: ap:stable'],
      ['4:12 fleets.web.image names "ap", which images lacks (did you mean app?)'],
    ],
    [
      'a channel of an image that is not there',
      ['image: database:stable'],
      ['4:12 fleets.web.image names "database", which images lacks (images has app)'],
    ],
    [
      'verify tasks of a playbook that nobody knows',
      ['image: ami-0123456789abcdef0', 'ssh: {}', 'health: { verify: true }'],
      [
        '6:23 fleets.web.health.verify is true, and the image is none of images: its playbook is not known (name the playbook: verify: app_update.yml)',
      ],
    ],
  ];
  for (const [title, lines, faults] of wrong) {
    it(`are refused with ${title}`, () => {
      expect(faultsIn(...lines)).to.have.members(faults);
    });
  }

  it('are refused with files that are not there', () => {
    const at = (name: string) => ` could not be found: ${name} (it was looked for at ${join(directory(), name)})`;
    expect(
      faultsIn(
        'user_data: { file: none.sh }',
        'ssh: { private_key: none }',
        'health: { verify: none.yml }',
        'terraform: { directory: nowhere, var_file: none }',
      ),
    ).to.have.members([
      `4:24 fleets.web.user_data.file cannot be read: none.sh (it was looked for at ${join(directory(), 'none.sh')})`,
      `5:25 fleets.web.ssh.private_key${at('none')}`,
      `6:23 fleets.web.health.verify${at('none.yml')}`,
      `7:29 fleets.web.terraform.directory${at('nowhere')}`,
      `7:48 fleets.web.terraform.var_file${at('none')}`,
    ]);
  });

  it('are refused with more user data than EC2 takes', () => {
    expect(faultsIn(`user_data: "${'x'.repeat(16_385)}"`)).to.deep.equal([
      '4:16 fleets.web.user_data is 16385 bytes, and EC2 takes 16384',
    ]);
  });

  it('count shares as Kubernetes does', () => {
    const strategy = load('fleets: { web: { image: app, count: 1 } }').fleets.get('web')!.strategy;
    const amounts = (count: number, maxSurge: Amount, maxUnavailable: Amount, more: Partial<StrategyConfig> = {}) =>
      amountsOf(count, { ...strategy, maxSurge, maxUnavailable, ...more });
    expect(amounts(10, '25%', '25%')).to.deep.equal({ count: 10, surge: 3, unavailable: 2, canary: 0 });
    expect(amounts(3, 5, 7)).to.deep.equal({ count: 3, surge: 5, unavailable: 3, canary: 0 });
    expect(amounts(10, 1, 0, { type: 'canary', canary: '1%' }).canary).to.equal(1);
    expect(amounts(4, 1, 2, { type: 'blue_green' })).to.include({ surge: 4, unavailable: 0 });
  });
});
