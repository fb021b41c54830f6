/**
 * Rollouts of real machines behind a real load balancer, by the command, while a client keeps asking. Each kind of a bad image
 * meets one strategy; with EVERY_STRATEGY=1 all of them.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { env } from 'node:process';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { BakeEvent } from '../../src/bake/events.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { runBin } from '../cli/run-bin.ts';
import { type OwnCloud, ownCloud } from '../support/own-cloud.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const exec = promisify(execFile);
const CLIENT = resolve(import.meta.dirname, '../../bench/steady-client.js');
const PLAYBOOKS = resolve(import.meta.dirname, '../../playbooks');

interface Answer {
  readonly count: number;
  readonly lastAsked: number;
  readonly firstAsked: number;
}

interface Report {
  readonly requests: number;
  readonly failed: number;
  readonly seconds: number;
  readonly reasons: Readonly<Record<string, number>>;
  readonly answers: Readonly<Record<string, Answer>>;
}

type Of<Type extends RolloutEvent['type']> = Extract<RolloutEvent, { type: Type }>;

describe('a rollout', function () {
  this.timeout(600_000);
  const directory = temporaryDirectory();
  const images = new Map<string, string>();
  const clients: ChildProcess[] = [];
  let cloud: OwnCloud;
  let url = '';
  let made: { readonly targetGroup: string; readonly securityGroup: string; readonly key: string };

  before(async () => {
    cloud = await ownCloud();
    made = JSON.parse(await cloud.sandbox('balancer', '--json'));
    ({ url } = JSON.parse(JSON.stringify(made)));
    mkdirSync(project());
    cpSync(PLAYBOOKS, project(), { recursive: true });
    // Where machines boot beside it, Flask's own server gets behind, and lets only 128 connections wait: others get no answer.
    const app = join(project(), 'files/app.py');
    const patient = 'app = Flask(__name__)\nBaseWSGIServer.request_queue_size = 2048';
    const source = readFileSync(app, 'utf8').replace('app = Flask(__name__)', patient);
    writeFileSync(app, `from werkzeug.serving import BaseWSGIServer\n${source}`);
    for (const version of ['1', '2']) images.set(version, await bake(version));
  });
  after(async () => {
    for (const client of clients) client.kill();
    await cloud?.stop();
  });

  const project = () => join(directory(), 'project');
  const options = () => ({ cwd: project(), env: { PLAYBAKE_SANDBOX: cloud.home } });

  interface Wanted {
    readonly version: string;
    /** What `image:` says; default: the image of that version. */
    readonly image?: string;
    readonly strategy: string;
    readonly grace?: string;
  }

  function configure({ version, image = images.get(version) ?? 'app', strategy, grace = '2m' }: Wanted): void {
    const key = join(cloud.home, 'id_ed25519');
    writeFileSync(
      join(project(), 'playbake.yml'),
      `images:
  app: { playbook: app_update.yml, vars: { app_version: "${version}" } }
fleets:
  web:
    image: ${image}
    count: 3
    target_groups: [${made.targetGroup}]
    security_groups: [${made.securityGroup}]
    key: ${made.key}
    ssh: { user: ubuntu, private_key: ${key} }
    health: { http: { port: 8080 }, verify: app_update.yml, interval: 1s, grace: ${grace} }
    strategy: ${strategy}
`,
    );
  }

  async function bake(version: string): Promise<string> {
    configure({ version, strategy: '{ type: rolling }' });
    const { code, stdout, stderr } = await runBin('bake', ['app', '--json', '--no-test'], options());
    expect(code, stderr).to.equal(0);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line): BakeEvent => JSON.parse(line));
    const end = events.findLast((event) => event.type === 'bake-end');
    return (end?.type === 'bake-end' && end.imageId) || '';
  }

  async function rollout(...args: readonly string[]) {
    const started = performance.now();
    const { code, stdout, stderr } = await runBin('rollout', [...args, '-auto-approve', '--json'], options());
    const events = stdout
      .split('\n')
      .filter(Boolean)
      .map((line): RolloutEvent => JSON.parse(line));
    const end = events.findLast((event): event is Of<'rollout-end'> => event.type === 'rollout-end');
    const seconds = (performance.now() - started) / 1000;
    return { code, stderr, events, end, seconds };
  }

  /** Asks 200 times a second until the work is done, and a second longer. */
  async function asking<T>(work: () => Promise<T>): Promise<{ readonly done: T; readonly report: Report }> {
    const child = spawn(process.execPath, [CLIENT, url, '--quiet'], { stdio: ['ignore', 'pipe', 'inherit'] });
    clients.push(child);
    const said = text(child.stdout);
    const done = await work();
    await sleep(1000);
    const exit = once(child, 'exit');
    child.kill();
    await exit;
    return { done, report: JSON.parse(await said) };
  }

  const versions = ({ answers }: Report) => Object.keys(answers).sort();
  const page = (version: string) => `Hello, World! Version ${version}`;

  /** No request was lost, and nobody but the new ones answers after the end. */
  function checkReport(what: string, report: Report, seconds: number, from: string, to: string): void {
    console.log(`      ${what}: ${report.failed} of ${report.requests} failed, in ${seconds.toFixed(0)} s`);
    expect(report.reasons).to.deep.equal({});
    expect(report.failed).to.equal(0);
    expect(report.requests).to.be.greaterThan(500);
    expect(versions(report)).to.deep.equal([page(from), page(to)].sort());
    const [old, now] = [report.answers[page(from)], report.answers[page(to)]];
    expect(now?.lastAsked).to.be.greaterThan(report.seconds - 0.5);
    expect(old?.lastAsked).to.be.lessThan(report.seconds - 0.5);
  }

  async function running(): Promise<readonly string[]> {
    const Filters = [
      { Name: 'tag:playbake:fleet', Values: ['web'] },
      { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
    ];
    const { Reservations = [] } = await cloud.ec2.describeInstances({ Filters });
    return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ ImageId = '' }) => ImageId)).sort();
  }
  const all = (version: string) => Array(3).fill(images.get(version) ?? '');

  it('begins a fleet: three instances of version 1', async () => {
    configure({ version: '1', strategy: '{ type: rolling }' });
    const { code, end, stderr } = await rollout('apply');
    expect(code, stderr).to.equal(0);
    expect(end?.counts).to.deep.equal({ added: 3, changed: 0, destroyed: 0 });
    expect(await running()).to.deep.equal(all('1'));
    const again = await rollout('apply');
    expect([again.code, again.events]).to.deep.equal([0, []]);
  });

  it('is rolling, and loses no request', async () => {
    configure({ version: '2', strategy: '{ type: rolling, max_surge: 1 }' });
    const { done, report } = await asking(() => rollout('apply'));
    expect(done.code, done.stderr).to.equal(0);
    expect(done.end?.counts).to.deep.equal({ added: 3, changed: 0, destroyed: 3 });
    checkReport('rolling', report, done.seconds, '1', '2');
    expect(await running()).to.deep.equal(all('2'));
  });

  it('goes back when the user wants that, and loses no request', async () => {
    configure({ version: '2', strategy: '{ type: rolling, max_surge: 2 }' });
    const { done, report } = await asking(() => rollout('rollback'));
    expect(done.code, done.stderr).to.equal(0);
    checkReport('rollback', report, done.seconds, '2', '1');
    expect(await running()).to.deep.equal(all('1'));
  });

  it('is a canary, and loses no request', async () => {
    configure({ version: '2', strategy: '{ type: canary, canary: 1, max_surge: 2, pause: 3s }' });
    const { done, report } = await asking(() => rollout('apply'));
    expect(done.code, done.stderr).to.equal(0);
    expect(done.events.find((event) => event.type === 'batch-start')).to.deep.include({ kind: 'canary' });
    checkReport('canary', report, done.seconds, '1', '2');
    expect(await running()).to.deep.equal(all('2'));
  });

  it('is blue/green, and loses no request', async () => {
    configure({ version: '1', strategy: '{ type: blue_green, bake_time: 2s }' });
    const { done, report } = await asking(() => rollout('apply'));
    expect(done.code, done.stderr).to.equal(0);
    checkReport('blue/green', report, done.seconds, '2', '1');
    expect(await running()).to.deep.equal(all('1'));
  });

  /** An image like that of version 1 but for what a command on its machine has changed. */
  async function spoilt(name: string, command: string): Promise<string> {
    const { Reservations = [] } = await cloud.ec2.describeInstances({
      Filters: [
        { Name: 'tag:playbake:fleet', Values: ['web'] },
        { Name: 'instance-state-name', Values: ['running'] },
      ],
    });
    const like = Reservations[0]?.Instances?.[0];
    const { Instances: [instance] = [] } = await cloud.ec2.runInstances({
      ...{ ImageId: images.get('1') ?? '', InstanceType: 't3.small', KeyName: made.key, MinCount: 1, MaxCount: 1 },
      SecurityGroupIds: (like?.SecurityGroups ?? []).flatMap(({ GroupId }) => GroupId ?? []),
    });
    const id = instance?.InstanceId ?? '';
    const target = `ubuntu@${instance?.PrivateIpAddress ?? ''}`;
    const ssh = ['-F', 'none', '-i', join(cloud.home, 'id_ed25519'), '-o', 'StrictHostKeyChecking=no'];
    const quiet = ['-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR', '-o', 'ConnectTimeout=5'];
    for (let round = 0; ; round += 1) {
      const done = await exec('ssh', [...ssh, ...quiet, target, 'sudo', 'sh', '-c', `'${command}'`]).then(
        () => true,
        (error: unknown) => (round < 30 ? false : Promise.reject(error)),
      );
      if (done) break;
      await sleep(1000);
    }
    const { ImageId = '' } = await cloud.ec2.createImage({ InstanceId: id, Name: name });
    for (let round = 0; round < 600; round += 1) {
      const { Images: [image] = [] } = await cloud.ec2.describeImages({ ImageIds: [ImageId] });
      if (image?.State === 'available') break;
      await sleep(200);
    }
    await cloud.ec2.terminateInstances({ InstanceIds: [id] });
    return ImageId;
  }

  const STRATEGIES = {
    rolling: '{ type: rolling, max_surge: 1 }',
    'blue/green': '{ type: blue_green }',
    'a canary': '{ type: canary, canary: 1, max_surge: 2 }',
  } as const;
  const BAD = [
    {
      name: 'whose page answers 500',
      strategy: 'rolling',
      command: 'sed -i "s/^def .*/&\\n    raise RuntimeError/" /opt/app/app.py && sync',
      why: /answers 500/,
    },
    {
      name: 'that never boots',
      strategy: 'blue/green',
      command: 'rm -f /sbin/init /usr/lib/systemd/systemd /lib/systemd/systemd && sync',
      why: /to run|is (?:terminated|shutting-down|stopping|stopped)|does not|to be healthy/,
    },
    {
      name: 'that does not pass the verify tasks',
      strategy: 'a canary',
      command: 'sed -i "s/Version/Release/" /opt/app/app.py && sync',
      why: /does not pass the verify tasks: The page answers/,
    },
  ];
  const TRIED = BAD.flatMap((bad) =>
    Object.entries(STRATEGIES)
      .filter(([strategy]) => strategy === bad.strategy || env['EVERY_STRATEGY'] === '1')
      .map(([title, strategy]) => ({ ...bad, title, strategy })),
  );
  for (const { name, title, strategy, command, why } of TRIED) {
    it(`of an image ${name}, ${title}, goes back by itself, and loses no request`, async () => {
      const bad = images.get(name) ?? (await spoilt(`bad-${name.replaceAll(' ', '-')}`, command));
      images.set(name, bad);
      configure({ version: '1', image: bad, strategy, grace: '15s' });
      const { done, report } = await asking(() => rollout('apply'));
      const { failed, requests } = report;
      console.log(`      ${name}, ${title}: back after ${done.seconds.toFixed(0)} s, ${failed} of ${requests} failed`);
      expect(done.end?.outcome, done.stderr).to.equal('rolled-back');
      expect(done.code).to.equal(1);
      const verdict = done.events.find((event): event is Of<'verdict'> => event.type === 'verdict');
      expect(verdict?.message).to.match(why);
      expect(report.reasons).to.deep.equal({});
      expect(versions(report)).to.deep.equal([page('1')]);
      expect(await running()).to.deep.equal(all('1'));
    });
  }

  it('takes all away when it is destroyed', async () => {
    configure({ version: '1', strategy: '{ type: rolling }' });
    const { code, end } = await rollout('destroy');
    expect([code, end?.outcome]).to.deep.equal([0, 'destroyed']);
    expect(await running()).to.deep.equal([]);
  });
});
