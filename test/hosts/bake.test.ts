/** Bakes on real machines, by the command, as a user runs it. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tag } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import type { BakeEvent } from '../../src/bake/events.ts';
import { runBin, startBin } from '../cli/run-bin.ts';
import { type OwnCloud, ownCloud } from '../support/own-cloud.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const PLAYBOOK = `
- hosts: web
  become: true
  tasks:
    - name: Message
      copy: { content: "{{ greeting | default('hello') }}\\n", dest: /etc/motd }
    - name: Slow
      command: sleep {{ pause | default(0) }}
      args: { creates: /etc/nothing }
      changed_when: false
    - name: Wrong
      command: "false"
      when: wrong | default(false)
    - name: Message is there
      command: grep -q {{ expected | default('hello') }} /etc/motd
      changed_when: false
      tags: verify
`;

type Of<Type extends BakeEvent['type']> = Extract<BakeEvent, { type: Type }>;

describe('bake', function () {
  this.timeout(300_000);
  const directory = temporaryDirectory();
  let cloud: OwnCloud;
  let count = 0;
  let project = '';
  before(async () => {
    cloud = await ownCloud();
  });
  after(() => cloud?.stop());
  beforeEach(() => {
    project = join(directory(), String(count++));
    mkdirSync(project);
    writeFileSync(join(project, 'app.yml'), PLAYBOOK);
  });

  const options = () => ({ cwd: project, env: { PLAYBAKE_SANDBOX: cloud.home } });
  const bake = (...args: readonly string[]) => runBin('bake', args, options());
  const eventsOf = (stdout: string): readonly BakeEvent[] => {
    const lines = stdout.split('\n').filter(Boolean);
    return lines.map((line): BakeEvent => JSON.parse(line));
  };
  const endOf = (stdout: string): Of<'bake-end'> => {
    const end = eventsOf(stdout).findLast((event) => event.type === 'bake-end');
    if (end?.type !== 'bake-end') throw new Error(`no end in ${stdout.slice(-1000)}`);
    return end;
  };
  const journal = () => {
    const bakes = join(project, '.playbake/bakes');
    const [run = ''] = readdirSync(bakes);
    const file = join(bakes, run, 'journal.jsonl');
    return { run, text: run !== '' && existsSync(file) ? readFileSync(file, 'utf8') : '' };
  };
  /** A bake that is left alone once the slow task runs. */
  const midway = async (...args: readonly string[]) => {
    const { child, outcome } = startBin('bake', ['app.yml', '--json', '--force', '-e', 'pause=30', ...args], options());
    let seen = '';
    child.stdout.on('data', (text: string) => {
      seen += text;
    });
    while (!seen.includes('"name":"Slow"') && child.exitCode === null) await sleep(100);
    await sleep(500);
    return { child, outcome };
  };
  /** What bakes have made and not removed, but for images that are good. */
  const left = async () => {
    const Filters = [{ Name: 'tag-key', Values: ['playbake:run'] }];
    const { ec2 } = cloud;
    const [instances, groups, keys, images, snapshots, volumes] = await Promise.all([
      ec2.describeInstances({ Filters }),
      ec2.describeSecurityGroups({ Filters }),
      ec2.describeKeyPairs({ Filters }),
      ec2.describeImages({ Owners: ['self'], Filters }),
      ec2.describeSnapshots({ OwnerIds: ['self'], Filters }),
      ec2.describeVolumes({ Filters }),
    ]);
    const machines = (instances.Reservations ?? []).flatMap(({ Instances = [] }) => Instances);
    const isBad = ({ Tags = [] }: { readonly Tags?: readonly Tag[] | undefined }) =>
      !Tags.some(({ Key, Value }) => Key === 'playbake:state' && Value === 'good');
    return [
      ...machines.filter(({ State }) => State?.Name !== 'terminated').map(({ InstanceId }) => InstanceId),
      ...(groups.SecurityGroups ?? []).map(({ GroupId }) => GroupId),
      ...(keys.KeyPairs ?? []).map(({ KeyName }) => KeyName),
      ...(images.Images ?? []).filter(isBad).map(({ ImageId }) => ImageId),
      ...(snapshots.Snapshots ?? []).filter(isBad).map(({ SnapshotId }) => SnapshotId),
      ...(volumes.Volumes ?? []).map(({ VolumeId }) => VolumeId),
    ];
  };
  const goodImages = async () => {
    const { Images = [] } = await cloud.ec2.describeImages({ Owners: ['self'] });
    return Images.map(({ ImageId }) => ImageId).sort();
  };

  it('makes an image of a playbook without any configuration, tests it, and leaves nothing else', async () => {
    const { code, stdout, stderr } = await bake('app.yml', '--json');
    expect(code, stderr).to.equal(0);
    const [start] = eventsOf(stdout);
    expect(start).to.deep.include({ cloud: 'sandbox', why: 'there is no playbake.yml', image: 'app' });
    const { imageId = '', name, outcome } = endOf(stdout);
    expect(outcome).to.equal('baked');
    const { Images: [image] = [] } = await cloud.ec2.describeImages({ ImageIds: [imageId] });
    expect(image).to.deep.include({ Name: name, State: 'available' });
    expect(image?.Tags).to.deep.include({ Key: 'playbake:state', Value: 'good' });
    expect(await left()).to.deep.equal([]);
    expect(readdirSync(join(project, '.playbake/bakes', journal().run))).to.deep.equal(['journal.jsonl']);
    expect((await bake('list', '--all')).stdout).to.equal('No run has left anything.\n');
  });

  it('reads as text: which cloud and why, each step, the play within, how long it took', async () => {
    writeFileSync(
      join(project, 'playbake.yml'),
      'images: { web: { playbook: app.yml, name: "web-{{ version }}", vars: { version: "7" } } }',
    );
    const { code, stdout } = await bake('web', '--no-test');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^Baking web in the sandbox, region us-east-1 \(playbake\.yml names no cloud\)\n/);
    expect(stdout).to.match(/\n• Play the playbook\n\n {4}PLAY \[web\] \*+\n/);
    expect(stdout).to.match(/\n {4}changed: \[web\]\n/);
    expect(stdout).to.match(/\nIn all +\d+\.\d s\n\nBaked: ami-\w+ {2}web-7 {2}in us-east-1\n$/);
    const again = await bake('web', '--no-test');
    expect(again.stdout).to.match(/\nNothing to bake: ami-\w+ {2}web-7 {2}in us-east-1\n$/);
    expect(again.code).to.equal(0);
    const forced = await bake('web', '--no-test', '--force');
    expect(forced.code).to.equal(1);
    expect(forced.stderr).to.match(
      /ERROR! playbake.yml:1:\d+: the image ami-\w+ in us-east-1 is called web-7 already\n/,
    );
    expect(await left()).to.deep.equal([]);
  });

  it('that fails in the playbook or in the test of the image removes all that it made, and no older image', async () => {
    const before = await goodImages();
    const failing = await bake('app.yml', '-e', 'wrong=true');
    expect(failing.code).to.equal(2);
    expect(failing.stderr).to.contain('the playbook failed on the build machine: Wrong: non-zero return code');
    const untrue = await bake('app.yml', '-e', 'expected=goodbye');
    expect(untrue.code).to.equal(2);
    expect(untrue.stderr).to.contain('the new image does not pass: Message is there');
    expect(await left()).to.deep.equal([]);
    expect(await goodImages()).to.deep.equal(before);
  });

  it('that is killed goes on where it was', async () => {
    const { child, outcome } = await midway('--no-test');
    child.kill('SIGKILL');
    await outcome;
    const { run } = journal();
    expect((await bake('list')).stdout).to.match(new RegExp(`^${run}  app  ended in the step "play", begun `));
    const wrong = await bake('--resume', '--no-test');
    expect(wrong.stderr).to.contain('was begun with other extra variables');
    const { code, stdout, stderr } = await bake('--resume', '--json', '-e', 'pause=30');
    expect(code, stderr).to.equal(0);
    expect(endOf(stdout)).to.deep.include({ outcome: 'baked', run });
    const { Reservations = [] } = await cloud.ec2.describeInstances({
      Filters: [{ Name: 'tag:playbake:run', Values: [run] }],
    });
    expect(Reservations).to.have.length(1);
    expect(await left()).to.deep.equal([]);
  });

  for (const moment of [
    '"type":"intend","step":"instance"',
    '"type":"begin","step":"stop"',
    '"type":"made","step":"image"',
  ]) {
    it(`that is killed at ${moment} goes on, and makes nothing twice`, async () => {
      const args = ['app.yml', '--json', '--force'];
      const { child, outcome } = startBin('bake', args, options());
      const bakes = join(project, '.playbake/bakes');
      while (child.exitCode === null && !(existsSync(bakes) && journal().text.includes(moment))) await sleep(5);
      child.kill('SIGKILL');
      await outcome;
      const { code, stdout, stderr } = await bake('--resume', '--json');
      expect(code, stderr).to.equal(0);
      const { run, imageId = '' } = endOf(stdout);
      const Filters = [{ Name: 'tag:playbake:run', Values: [run] }];
      const { Images = [] } = await cloud.ec2.describeImages({ Owners: ['self'], Filters });
      expect(Images.map((image) => image.ImageId)).to.deep.equal([imageId]);
      expect(await left()).to.deep.equal([]);
    });
  }

  it('that is killed can be swept, by its journal or by its tags alone', async () => {
    const before = await goodImages();
    for (const lost of [false, true]) {
      const { child, outcome } = await midway();
      child.kill('SIGKILL');
      await outcome;
      const { run } = journal();
      expect(await left()).to.have.length(4);
      if (lost) rmSync(join(project, '.playbake'), { recursive: true });
      if (lost)
        expect((await bake('list', '--all')).stdout).to.match(new RegExp(`^${run}  app  at work, by its tags\n`));
      if (lost) expect((await bake('sweep', '--all')).stdout).to.equal('Nothing is left.\n');
      const { code, stdout, stderr } = await bake('sweep', ...(lost ? [run] : []));
      expect(code, stderr).to.equal(0);
      expect(stdout).to.contain('✔ instance i-');
      expect(await left()).to.deep.equal([]);
      expect((await bake('list')).stdout).to.match(/^No run has left anything/);
      rmSync(join(project, '.playbake'), { recursive: true, force: true });
    }
    expect(await goodImages()).to.deep.equal(before);
  });

  it('that is stopped by Ctrl-C removes what it made', async () => {
    const { child, outcome } = await midway();
    child.kill('SIGINT');
    const { code, stdout, stderr } = await outcome;
    expect(code, stderr).to.equal(99);
    expect(endOf(stdout)).to.deep.include({ outcome: 'interrupted', left: 0 });
    expect(await left()).to.deep.equal([]);
  });

  it('that fails may keep its machine, for a look and for another try', async () => {
    writeFileSync(join(project, 'app.yml'), PLAYBOOK.replace('"false"', 'test -e /srv/mended'));
    const { code, stdout } = await bake('app.yml', '--no-test', '--on-error', 'keep', '-e', 'wrong=true');
    expect(code).to.equal(2);
    const [, login = ''] = /look into the machine: (ssh .*)\n/.exec(stdout) ?? [];
    expect(
      execFileSync('sh', ['-c', `${login} 'cat /etc/motd && sudo touch /srv/mended'`], { encoding: 'utf8' }),
    ).to.equal('hello\n');
    const resumed = await bake('--resume', '--no-test', '-e', 'wrong=true');
    expect(resumed.code, resumed.stderr).to.equal(0);
    expect(await left()).to.deep.equal([]);
  });

  it('whose machine ends says so', async () => {
    const { outcome } = await midway();
    const [, id = ''] = /"id":"(i-\w+)"/.exec(journal().text) ?? [];
    await cloud.ec2.terminateInstances({ InstanceIds: [id] });
    const { code, stderr } = await outcome;
    expect(code).to.equal(1);
    expect(stderr).to.match(new RegExp(`ERROR! the instance ${id} is (shutting-down|terminated): `));
    expect(await left()).to.deep.equal([]);
  });

  it('outlasts a cloud that throttles each third call and shows what was true five seconds ago', async () => {
    await cloud.sandbox('inject', 'throttle', '3');
    await cloud.sandbox('inject', 'delay', '5');
    // Five seconds ago the server may not have run.
    while (((await cloud.ec2.describeImages({ Owners: ['sandbox'] })).Images ?? []).length === 0) await sleep(500);
    try {
      const { code, stdout, stderr } = await bake('app.yml', '--json', '--force');
      expect(code, stderr).to.equal(0);
      expect(endOf(stdout)).to.deep.include({ outcome: 'baked', left: 0 });
    } finally {
      await cloud.sandbox('inject', 'clear');
    }
    expect(await left()).to.deep.equal([]);
  });
});
