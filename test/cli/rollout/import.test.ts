import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AttachVolumeCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  StopInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { importVerb } from '../../../src/cli/rollout/import.ts';
import type { State } from '../../../src/rollout/state/state.ts';
import { type BalancedCloud, startBalancedCloud } from '../../support/balanced-cloud.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { said } from './session.ts';

describe('rollout import', function () {
  this.timeout(60_000);
  const root = temporaryDirectory();
  let cloud: BalancedCloud;
  let group = '';
  let directory = '';
  let cases = 0;
  before(async () => {
    cloud = await startBalancedCloud();
    group = await cloud.group({ Port: 8080 });
  });
  after(() => cloud.stop());
  beforeEach(() => {
    directory = join(root(), String(cases++));
    mkdirSync(directory);
    configure('count: 3');
  });

  function configure(web: string, more = ''): void {
    const image = Object.keys(cloud.state().images)[0];
    const fleets = `fleets:\n  web: { image: ${image}, ${web} }\n${more}`;
    writeFileSync(join(directory, 'playbake.yml'), `endpoint: ${cloud.server.endpoint}\nregion: us-east-1\n${fleets}`);
  }
  const file = () => join(directory, 'playbake.state.json');
  const kept = (): State => JSON.parse(readFileSync(file(), 'utf8'));
  const web = () => kept().fleets['web'];
  const run = (...args: readonly string[]) => said(importVerb, directory, args);
  const tag = (id: string, tags: Readonly<Record<string, string>>) => {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    return cloud.ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
  };
  const tagsOf = async (id: string) => {
    const { Reservations = [] } = await cloud.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    const tags = Reservations[0]?.Instances?.[0]?.Tags ?? [];
    return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
  };
  async function volume(instance: string, device: string): Promise<string> {
    const make = new CreateVolumeCommand({ Size: 2, AvailabilityZone: 'us-east-1a', VolumeType: 'gp3' });
    const { VolumeId = '' } = await cloud.ec2.send(make);
    await cloud.server.cloud.idle();
    await cloud.ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: instance, Device: device }));
    await cloud.server.cloud.idle();
    return VolumeId;
  }

  it('adopts instances into the first free slots, with what they are made of, and tags them', async () => {
    const [one = '', two = ''] = await cloud.run(2);
    await tag(one, { Team: 'web', Name: 'mine' });
    const { code, out } = await run('web', one, two);
    expect([code, out.split('\n')[0]]).to.deep.equal([
      0,
      `Imported ${one} as fleet.web[0] (debian-12-amd64-sandbox, in service)`,
    ]);
    const { current, deposed, volumes } = web()?.slots[0] ?? {};
    expect({ deposed, volumes }).to.deep.equal({ deposed: [], volumes: {} });
    const { settings, ...rest } = current ?? {};
    expect(rest).to.deep.equal({ token: '', id: one, inService: true });
    expect(settings).to.deep.include({
      instanceType: 't3.micro',
      tags: { Team: 'web' },
      volumes: [],
      targetGroupArns: [],
    });
    expect(settings?.securityGroupIds).to.have.length(1);
    expect(settings?.subnetId).to.equal(cloud.subnets[0]);
    expect(web()?.slots[1]?.current?.id).to.equal(two);
    expect(web()?.good).to.deep.include({
      outcome: 'imported',
      image: { id: settings?.imageId, name: settings?.imageName },
    });
    expect(await tagsOf(one)).to.include({ 'playbake:fleet': 'web', 'playbake:slot': '0', Team: 'web', Name: 'mine' });
  });

  it('adopts into the slot that is named, and knows data volumes and target groups', async () => {
    const [one = ''] = await cloud.run(1);
    const data = await volume(one, '/dev/xvdf');
    await cloud.elb.registerTargets({ TargetGroupArn: group, Targets: [{ Id: one }] });
    configure(
      'count: 3, target_groups: [web], volumes: [{ device: /dev/xvdf, size: 2 }], strategy: { max_unavailable: 1 }',
    );
    const { out, err } = await run(`web[2]=${one}`);
    // Nothing balances for the group, so its health is not known.
    expect(out).to.include(`Imported ${one} as fleet.web[2] (debian-12-amd64-sandbox, not in service, ${data})`);
    expect(err).to.include('no release of web is known as good');
    const slot = web()?.slots[2];
    expect(slot?.volumes).to.deep.equal({ '/dev/xvdf': data });
    expect(slot?.current?.settings).to.deep.include({
      volumes: [{ device: '/dev/xvdf', size: 2 }],
      targetGroupArns: [group],
    });
    const { Volumes = [] } = await cloud.ec2.send(new DescribeVolumesCommand({ VolumeIds: [data] }));
    const tags = (Volumes[0]?.Tags ?? []).map(({ Key, Value }) => `${Key}=${Value}`);
    expect(tags).to.include.members(['playbake:fleet=web', 'playbake:slot=2', 'playbake:device=/dev/xvdf']);
  });

  it('takes the words of Terraform', async () => {
    const [one = ''] = await cloud.run(1);
    expect((await run('fleet.web[1]', one)).out).to.include(`Imported ${one} as fleet.web[1]`);
  });

  it('brings a fleet back whose state was lost, each instance in its slot', async () => {
    const [one = '', two = '', old = ''] = await cloud.run(3);
    configure('count: 3, volumes: [{ device: /dev/xvdf, size: 2 }], strategy: { max_unavailable: 1 }');
    const data = await volume(two, '/dev/xvdf');
    const make = new CreateVolumeCommand({ Size: 2, AvailabilityZone: 'us-east-1a', VolumeType: 'gp3' });
    const { VolumeId: loose = '' } = await cloud.ec2.send(make);
    await tag(loose, { 'playbake:fleet': 'web', 'playbake:slot': '7', 'playbake:device': '/dev/xvdf' });
    await cloud.server.cloud.idle();
    await run(`web[1]=${two}`, `web[0]=${one}`);
    await tag(old, { 'playbake:fleet': 'web', 'playbake:slot': '1' });
    const before = web();
    rmSync(file());
    const { out } = await run('-all', '--json');
    const all: readonly { readonly id: string; readonly address: string; readonly deposed: boolean }[] =
      JSON.parse(out);
    const ours = all.filter(({ id }) => [one, two, old].includes(id));
    expect(ours.map(({ id, address }) => `${address} ${id}`)).to.include.members([
      `fleet.web[0] ${one}`,
      `fleet.web[1] ${two}`,
      `fleet.web[1] ${old}`,
    ]);
    expect(web()?.slots[1]?.volumes).to.deep.equal({ '/dev/xvdf': data });
    expect(web()?.slots[7]).to.deep.equal({ deposed: [], volumes: { '/dev/xvdf': loose } });
    const [slot] = Object.values(before?.slots ?? {});
    expect(web()?.slots[0]?.current).to.deep.equal(slot?.current);
    expect((await run('-all')).out).to.equal('Nothing was found that is not in the state already.\n');
  });

  it('says which are beyond count', async () => {
    const [one = ''] = await cloud.run(1);
    const { err } = await run(`web[3]=${one}`);
    expect(err).to.include('fleet.web[3]: beyond count: 3 of web; a rollout terminates what is there');
  });

  it('adopts nothing where one cannot be adopted, and says all that is wrong', async () => {
    const [free = '', stopped = '', other = '', scaled = ''] = await cloud.run(4);
    await cloud.ec2.send(new StopInstancesCommand({ InstanceIds: [stopped] }));
    await cloud.server.cloud.idle();
    await tag(other, { 'playbake:fleet': 'api' });
    const { code, err } = await run('web', free, stopped, other, 'i-0123456789abcdef0', free);
    expect(code).to.equal(-1);
    for (const message of [
      `the instance ${stopped} is stopped`,
      `the instance ${other} belongs to the fleet api`,
      'there is no instance i-0123456789abcdef0 in us-east-1',
      `the instance ${free} is named twice`,
    ]) {
      expect(err).to.include(message);
    }
    expect(await tagsOf(free)).not.to.have.property('playbake:fleet');
    await run(`web[0]=${scaled}`);
    expect((await run('web', scaled)).err).to.include(
      `the instance ${scaled} is in the state already, as fleet.web[0]`,
    );
    expect((await run(`web[0]=${free}`)).err).to.include(`fleet.web[0] is taken by ${scaled}`);
    expect(kept().serial).to.equal(1);
    expect(await tagsOf(free)).not.to.have.property('playbake:fleet');
  });

  const wrong: readonly (readonly [readonly string[], string])[] = [
    [[], 'rollout import takes a fleet and instances'],
    [['web'], 'rollout import takes a fleet and instances'],
    [['wbe', 'i-0123456789abcdef0'], 'did you mean web?'],
    [['web', 'i-1'], '"i-1" is no id of an instance'],
    [['web[1]'], 'no instance is named for web[1]'],
    [['web', 'i-0123456789abcdef0', 'api'], 'no instance is named for the fleet api'],
    [['group', 'i-0123456789abcdef0'], 'group is of the engine autoscaling'],
  ];
  for (const [args, message] of wrong) {
    it(`refuses ${args.join(' ') || 'nothing'}`, async () => {
      const image = Object.keys(cloud.state().images)[0];
      configure('count: 3', `  group: { image: ${image}, count: 1, engine: autoscaling }\n`);
      const { code, err } = await run(...args);
      expect(code).to.equal(-1);
      expect(err).to.include(message);
    });
  }
});
