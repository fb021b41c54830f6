import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { exitCodeOf } from '../../../src/cli/exit-code.ts';
import { rollout as verb } from '../../../src/cli/rollout.ts';
import { NONE } from '../../../src/sandbox/cloud/injections.ts';
import { type Project, startProject } from '../../rollout/support/project.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { runBin } from '../run-bin.ts';
import { said } from './session.ts';

const [ONE, TWO] = [`ami-${'1'.repeat(17)}`, `ami-${'2'.repeat(17)}`];

describe('rollout plan', () => {
  const directory = temporaryDirectory();
  let project: Project;
  beforeEach(async () => {
    project = await startProject(directory());
    project.image('1');
    project.config('fleets:\n  web:\n    image: app\n    count: 2\n    strategy: { bake_time: 90s }\n');
  });
  afterEach(async () => {
    rmSync(join(directory(), 'playbake.state.json'), { force: true });
    await project.stop();
  });

  /** The real bin. */
  const bin = (...args: readonly string[]) => runBin('rollout', args, { cwd: directory() });

  async function rollout(...args: readonly string[]) {
    const { code, out: stdout, err: stderr, faults } = await said(verb, directory(), args);
    return { code: code < 0 ? exitCodeOf(faults) : code, stdout, stderr };
  }

  /** Instances as a rollout leaves them, taken into the state. */
  async function launch(count: number): Promise<readonly string[]> {
    const ids: string[] = [];
    for (let slot = 0; slot < count; slot += 1) {
      const tags = { 'playbake:fleet': 'web', 'playbake:slot': String(slot), Name: `web-${slot}` };
      const { Instances: [one] = [] } = await project.cloud.ec2().runInstances({
        ...{ ImageId: ONE, InstanceType: 't3.small', MinCount: 1, MaxCount: 1 },
        TagSpecifications: [
          { ResourceType: 'instance', Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) },
        ],
      });
      ids.push(one?.InstanceId ?? '');
    }
    await project.server.cloud.idle();
    const { code, stderr } = await rollout('import', '--all');
    expect(code, stderr).to.equal(0);
    return ids;
  }

  it('shows what is made of nothing, saves it, and shows it again', async () => {
    const { code, stdout, stderr } = await bin('plan', '-out=plan.out', '-detailed-exitcode');
    expect(code, stderr).to.equal(2);
    const lines = stdout.split('\n');
    expect(lines.slice(0, 12)).to.deep.equal([
      ...['Actions are indicated with the following symbols:', '  + create', ''],
      ...['playbake will perform the following actions:', '', '  # fleet.web[0] will be created', '  + instance {'],
      '      + id              = (known after apply)',
      `      + image           = "${ONE}"`,
      '      + instance_type   = "t3.small"',
      lines[10] ?? '',
      lines[11] ?? '',
    ]);
    expect(stdout).to.include('Plan: 2 to add, 0 to change, 0 to destroy.\n');
    expect(stdout).to.include(`
web: app-1 (${ONE}), rolling; at least 0 of 2 in service, at most 3 instances
  all at once: fleet.web[0,1]; 0 of 2 in service, 2 instances there
    launch, wait until it runs, check, register, wait until in service
  end: 2 of 2 in service, 2 instances there
    stay healthy for 90s

Warning: fleet.web: nothing tells whether a new instance works: it counts as healthy once it runs (see health)
`);
    expect(stdout).to.match(/Saved the plan to: plan\.out\n\nTo perform.*\n {4}rollout apply "plan\.out"\n$/);
    expect(statSync(join(directory(), 'plan.out')).mode & 0o777).to.equal(0o600);
    const again = await bin('show', 'plan.out');
    expect(again).to.deep.include({ code: 0, stderr: '' });
    expect(again.stdout).to.equal(stdout.replace('Saved the plan to: plan.out\n\n', ''));
  });

  it('has nothing to do where all is as it should be, and replaces all for a new image', async () => {
    const [first] = await launch(2);
    const same = await rollout('plan', '--detailed-exitcode');
    expect(same.stderr).to.equal('');
    expect(same).to.deep.include({ code: 0 });
    expect(same.stdout).to.match(/^No changes\. Your infrastructure matches the configuration\.\n/);
    project.image('2');
    const { code, stdout } = await rollout('plan', '-detailed-exitcode');
    expect(code).to.equal(2);
    expect(stdout).to.include(`  # fleet.web[0] must be replaced
+/- instance "${first}" {
      ~ id    = "${first}" -> (known after apply)
      ~ image = "${ONE}" -> "${TWO}" # forces replacement
        # (3 unchanged attributes hidden)
    }
`);
    expect(stdout).to.include('Plan: 2 to add, 0 to change, 2 to destroy.\n');
  });

  it('tells what was done by hand', async () => {
    const [first = '', second = ''] = await launch(2);
    await project.cloud.ec2().createTags({ Resources: [second], Tags: [{ Key: 'By', Value: 'hand' }] });
    await project.cloud.ec2().terminateInstances({ InstanceIds: [first] });
    await project.server.cloud.idle();
    const { stdout } = await rollout('plan');
    expect(stdout).to.match(/^Note: Objects have changed outside of playbake\n/);
    expect(stdout).to.include(`  # fleet.web[0] has been deleted\n  - ${first}: it is not there any more\n`);
    expect(stdout).to.include(
      `  # fleet.web[1] has changed\n  ~ ${second}\n      ~ tags = {\n          + "By" = "hand"\n`,
    );
    expect(stdout).to.include('  # fleet.web[0] will be created\n  # (because its instance is gone)\n');
    expect(stdout).to.include('Plan: 1 to add, 1 to change, 0 to destroy.\n');
  });

  it("is JSON in Terraform's form", async () => {
    const [first] = await launch(2);
    project.image('2');
    const { stdout } = await rollout('plan', '-json');
    const json = JSON.parse(stdout);
    expect(json).to.deep.include({ format_version: '1.2', applyable: true, complete: true, errored: false });
    expect(json.resource_changes).to.have.length(2);
    expect(json.resource_changes[0]).to.deep.include({
      ...{ address: 'fleet.web[0]', mode: 'managed', type: 'fleet', name: 'web', index: 0 },
      action_reason: 'replace_because_cannot_update',
    });
    const { actions, before, after, replace_paths, after_unknown } = json.resource_changes[0].change;
    expect({ actions, replace_paths, after_unknown }).to.deep.equal({
      ...{ actions: ['create', 'delete'], replace_paths: [['image']], after_unknown: { id: true } },
    });
    expect([before.id, before.image, after.image, after.id]).to.deep.equal([first, ONE, TWO, undefined]);
    expect(json.fleets[0]).to.deep.include({ name: 'web', strategy: 'rolling', promise: { least: 2, most: 3 } });
    expect(json.fleets[0].batches).to.have.length(3);
  });

  it('plans to take all away', async () => {
    await launch(2);
    const { stdout } = await rollout('plan', '-destroy', 'web');
    expect(stdout).to.include('Plan: 0 to add, 0 to change, 2 to destroy.\n');
    project.config('fleets:\n  other:\n    image: app\n    count: 1\n');
    const left = await rollout('plan');
    expect(left.stderr).to.equal(
      '[WARNING]: web is in the state and not in playbake.yml: it is left alone; `rollout destroy web` takes it away\n',
    );
    expect((await rollout('plan', '-destroy', 'web')).stdout).to.include('2 to destroy.');
  });

  it('says where the strategy cannot keep its promise', async () => {
    project.config(
      'fleets:\n  web:\n    image: app\n    count: 2\n    volumes: [{ device: /dev/xvdf, size: 1 }]\n    strategy:\n      max_unavailable: 0\n',
    );
    await launch(2);
    const { code, stderr } = await rollout('plan');
    expect(code).to.equal(1);
    expect(stderr).to.match(/^ERROR! playbake\.yml:8:24: fleet web: a data volume lets go of one instance before/);
    expect(stderr).to.include('  hint: write max_unavailable: 1\n');
  });

  it('tells what is wrong, and what to do', async () => {
    const unknown = await bin('plan', 'wbe');
    expect(unknown).to.deep.include({ code: 5, stderr: 'ERROR! there is no fleet wbe\n  hint: did you mean web?\n' });
    project.config('fleets:\n  web:\n    image: ap\n    count: 2\n');
    const image = await rollout('plan');
    expect(image.code).to.equal(1);
    expect(image.stderr).to.match(/^ERROR! playbake\.yml:4:12: fleet web: there is no image ap in us-east-1\n/);
    project.config('');
    expect((await rollout('plan')).stderr).to.match(/^ERROR! playbake\.yml has no fleet\n {2}hint: write {2}fleets:/);
    const failure = {
      action: 'DescribeInstances',
      how: 'error',
      code: 'UnauthorizedOperation',
      message: 'no',
      status: 403,
    } as const;
    project.config('fleets:\n  web:\n    image: app\n    count: 2\n');
    await project.server.injector.set({ ...NONE, failures: [failure] });
    const denied = await rollout('plan');
    expect(denied.stderr).to.equal(
      'ERROR! DescribeInstances is not allowed: no\n  hint: the policy of the credentials needs ec2:DescribeInstances\n',
    );
    await project.server.injector.set(NONE);
  });

  it('refuses saved plans that are none, not whole, or of another version', async () => {
    await rollout('plan', '-out', 'plan.out');
    const file = join(directory(), 'plan.out');
    const text = readFileSync(file, 'utf8');
    const said = async (other: string) => {
      writeFileSync(file, other);
      const { code, stderr } = await rollout('show', 'plan.out');
      expect(code).to.equal(1);
      return stderr.split('\n')[0];
    };
    expect(await said(text.replace('"count":2', '"count":3'))).to.equal(
      'ERROR! plan.out: this plan is damaged, or was changed',
    );
    expect(await said(text.slice(0, 200))).to.equal('ERROR! plan.out: this is no plan of playbake');
    expect(await said('{}')).to.equal('ERROR! plan.out: this is no plan of playbake');
    expect(await said(text.replace('"version":1', '"version":9'))).to.equal(
      'ERROR! plan.out: this plan is of version 9, and this playbake knows 1',
    );
    const { code, stderr } = await rollout('show', 'nothing.out');
    expect([code, stderr]).to.deep.equal([
      4,
      'ERROR! nothing.out: this plan could not be found\n  hint: `rollout plan -out nothing.out` makes one\n',
    ]);
    expect((await rollout('show')).stderr).to.match(/^ERROR! rollout show takes a saved plan\n/);
  });
});
