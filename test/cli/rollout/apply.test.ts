/** `rollout apply`, `rollback`, `destroy`, `status` and `history` as commands, in a cloud of this process. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { apply } from '../../../src/cli/rollout/apply.ts';
import { destroy } from '../../../src/cli/rollout/destroy.ts';
import { history } from '../../../src/cli/rollout/history.ts';
import { plan } from '../../../src/cli/rollout/plan.ts';
import { rollback } from '../../../src/cli/rollout/rollback.ts';
import { status } from '../../../src/cli/rollout/status.ts';
import type { Verb } from '../../../src/cli/session.ts';
import { FileStateStore } from '../../../src/rollout/state/file-state-store.ts';
import { startWorld, type World } from '../../rollout/apply/world.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { startBin } from '../run-bin.ts';
import { said } from './session.ts';

const ONE = 'ami-00000000000000001';
const TWO = 'ami-00000000000000002';

describe('rollout apply', function () {
  this.timeout(120_000);
  const root = temporaryDirectory();
  let world: World;
  let count = 0;
  let directory = '';
  beforeEach(async () => {
    world = await startWorld();
    directory = join(root(), String(count++));
    const { mkdirSync } = await import('node:fs');
    mkdirSync(directory);
    configure(ONE);
  });
  afterEach(() => world.stop());

  const configure = (image: string, more = '') =>
    writeFileSync(
      join(directory, 'playbake.yml'),
      `endpoint: ${world.server.endpoint}
region: us-east-1
fleets:
  web:
    image: ${image}
    count: 2
    target_groups: [web]
    health: { interval: 1s, grace: 5s, healthy: 1 }
    ${more}
`,
    );
  const run = (verb: Verb, ...args: readonly string[]) => said(verb, directory, args);
  const answered = (verb: Verb, answer: string, ...args: readonly string[]) => said(verb, directory, args, answer);
  const images = () =>
    world
      .running()
      .map(({ imageId }) => imageId)
      .sort();
  const store = () => new FileStateStore(join(directory, 'playbake.state.json'));

  it('shows the plan, asks, and does it only when the answer is yes', async () => {
    const no = await answered(apply, 'y');
    expect(no.code).to.equal(1);
    expect(no.out).to.match(/ will be created\n/);
    expect(no.out).to.match(
      /\nDo you want to perform these actions\?\n.*\n {2}Only 'yes' will be accepted to approve\.\n/,
    );
    expect(no.out).to.match(/\nApply cancelled\.\n$/);
    expect(images()).to.deep.equal([]);
    expect(await store().read()).to.equal(undefined);
    const yes = await answered(apply, 'yes');
    expect(yes.code, yes.err).to.equal(0);
    expect(yes.out).to.match(/\nfleet\.web\[0\]: Creation complete after \d+s \[id=i-\w+\]\n/);
    expect(yes.out).to.match(/\nApply complete! Resources: 2 added, 0 changed, 0 destroyed\.\n$/);
    expect(images()).to.deep.equal([ONE, ONE]);
    expect(await store().locked()).to.equal(undefined);
  });

  it('does nothing where nobody can answer', async () => {
    const { code, err } = await run(apply);
    expect(code).to.equal(-1);
    expect(err).to.match(/this must be approved, and nobody can answer here\n {2}hint: .*-auto-approve/);
    expect(images()).to.deep.equal([]);
    expect(await store().locked()).to.equal(undefined);
  });

  it('does a saved plan as it was saved, and refuses one that is stale', async () => {
    expect((await run(plan, '-out', 'one.plan')).code).to.equal(0);
    const { code, out, err } = await run(apply, 'one.plan');
    expect([code, err]).to.deep.equal([0, '']);
    expect(out).to.match(/^Rolling web out to app-1/);
    const stale = await run(apply, 'one.plan');
    expect(stale.code).to.equal(-1);
    expect(stale.err).to.match(/ERROR! one\.plan: Saved plan is stale: .*\n {2}hint: make a new one/);
    writeFileSync(join(directory, 'no.plan'), '{}');
    expect((await run(apply, 'no.plan')).err).to.match(/no\.plan: /);
  });

  it('goes on where it was stopped, and says what stopped it', async () => {
    await run(apply, '-auto-approve');
    configure(TWO);
    const refused = {
      action: 'DeregisterTargets',
      how: 'error',
      code: 'AccessDenied',
      message: 'No.',
      status: 403,
    } as const;
    await world.server.injector.set({ consistencyDelay: 0, latency: 0, failures: [refused] });
    const first = await run(apply, '-auto-approve');
    expect(first.code).to.equal(1);
    expect(first.out).to.match(
      /\nThe rollout was stopped\. Resources: 1 added, 0 changed, 0 destroyed\.\n {2}hint: `rollout apply` goes on/,
    );
    expect(first.err).to.match(
      /ERROR! DeregisterTargets is not allowed: No\.\n {2}hint: .*elasticloadbalancing:DeregisterTargets/,
    );
    await world.server.injector.set({ consistencyDelay: 0, latency: 0, failures: [] });
    const where = await run(status);
    expect(where.out).to.match(
      /fleet\.web: a rollout to app-2 \(ami-\w+\) is under way, in batch 1 of \d \(deregister old 0\): Dereg/,
    );
    configure(ONE);
    const on = await answered(apply, 'yes');
    expect(on.err).to.match(/playbake\.yml says something else of web than when this was planned/);
    expect(on.out).to.match(/^fleet\.web: a rollout to app-2 .*\n\nDo you want to go on with it\?\n/);
    expect(on.code).to.equal(0);
    expect(images()).to.deep.equal([TWO, TWO]);
  });

  it('goes back to the release before, to a release by name, and says what there was', async () => {
    await run(apply, '-auto-approve');
    const none = await run(rollback, '-auto-approve');
    expect(none.err).to.match(/web has no earlier release to go back to/);
    configure(TWO);
    await run(apply, '-auto-approve');
    const back = await answered(rollback, 'yes');
    expect(back.code, back.err).to.equal(0);
    expect(back.out).to.match(/\nDo you want to go back to app-1 \(ami-00000000000000001\)\?\n/);
    expect(images()).to.deep.equal([ONE, ONE]);
    expect((await run(rollback, 'web', 'app-2', '-auto-approve')).code).to.equal(0);
    expect(images()).to.deep.equal([TWO, TWO]);
    const told = await run(history);
    expect(
      told.out.split('\n').map((line) => line.replace(/ {2,}/g, '|').split('|').slice(3, 5).join(' ')),
    ).to.deep.equal([
      'OUTCOME IMAGE',
      'good app-1 (ami-00000000000000001)',
      'good app-2 (ami-00000000000000002)',
      'good app-1 (ami-00000000000000001)',
      'good app-2 (ami-00000000000000002)',
      '',
    ]);
    expect(JSON.parse((await run(history, '-json')).out).web).to.have.length(4);
    expect((await run(rollback, 'nothing')).err).to.match(/there is no image nothing of ours/);
    expect((await run(rollback, 'web', 'app-1', 'more')).err).to.match(/rollback does not take "more"/);
  });

  it('says how the instances are', async () => {
    expect((await run(status)).err).to.match(/there is no state/);
    await run(apply, '-auto-approve');
    const { out } = await run(status);
    expect(out).to.match(
      /^ADDRESS +INSTANCE +IMAGE +STATE +HEALTH +AT\nfleet\.web\[0\] +i-\w+ +app-1 +running +healthy +10\./,
    );
    const [web] = JSON.parse((await run(status, '-json')).out);
    expect(web.members.map(({ address, state }: Record<string, string>) => [address, state])).to.deep.equal([
      ['fleet.web[0]', 'running'],
      ['fleet.web[1]', 'running'],
    ]);
    expect((await run(status, 'wbe')).err).to.match(/the state has no fleet wbe\n {2}hint: did you mean web\?/);
  });

  it('takes all away', async () => {
    await run(apply, '-auto-approve');
    expect((await answered(destroy, 'no')).out).to.match(/\nDestroy cancelled\.\n$/);
    expect(images()).to.have.length(2);
    const { code, out } = await answered(destroy, 'yes');
    expect(code).to.equal(0);
    expect(out).to.match(/\nDo you really want to destroy all of this\?\n/);
    expect(out).to.match(/\nDestroy complete! Resources: 2 destroyed\.\n$/);
    expect(images()).to.deep.equal([]);
  });

  it('is refused while another one is at work, which it names', async () => {
    const [one, two] = await Promise.all([run(apply, '-auto-approve'), run(apply, '-auto-approve')]);
    const [done, refused] = one.code === 0 ? [one, two] : [two, one];
    expect(done.code).to.equal(0);
    expect(refused.err).to.match(/Error acquiring the state lock[\s\S]*Operation: +apply\n +Who: +\S+@\S+/);
    expect(images()).to.deep.equal([ONE, ONE]);
  });

  it('says so when it goes back by itself', async () => {
    await run(apply, '-auto-approve');
    world.sick.add(TWO);
    configure(TWO);
    const { code, out, err } = await run(apply, '-auto-approve');
    expect([code, err]).to.deep.equal([1, '']);
    expect(out).to.match(/\nVerdict on fleet\.web: it is not good: waited 5 s for i-\w+ to be in service/);
    expect(out).to.match(/\nGoing back to app-1 \(ami-00000000000000001\)\.\n/);
    expect(out).to.match(/\nRolled back: all is as it was before\. Resources: /);
    expect(images()).to.deep.equal([ONE, ONE]);
  });

  it('ends in good order at the first Ctrl-C, at once at the second, and goes on after both', async () => {
    const options = { cwd: directory, env: { PLAYBAKE_SANDBOX: join(directory, 'no-sandbox') } };
    await world.server.injector.set({ consistencyDelay: 0, latency: 300, failures: [] });
    const { child, outcome } = startBin('rollout', ['apply', '-auto-approve'], options);
    await seen(child, 'Creating...');
    child.kill('SIGINT');
    const once = await outcome;
    expect(once.code, once.stderr).to.equal(99);
    expect(once.stderr).to.match(/Stopping: what is under way is finished/);
    expect(once.stdout).to.match(/\nThe rollout was stopped\. Resources: 2 added/);
    expect(await store().locked()).to.equal(undefined);
    const other = startBin('rollout', ['apply', '-auto-approve'], options);
    await seen(other.child, 'Going on');
    other.child.kill('SIGINT');
    other.child.kill('SIGTERM');
    expect((await other.outcome).code).to.equal(99);
    await world.server.injector.set({ consistencyDelay: 0, latency: 0, failures: [] });
    const { code, err } = await run(apply, '-auto-approve');
    expect(code, err).to.equal(0);
    expect(images()).to.deep.equal([ONE, ONE]);
  });

  /** Until the process has said so, or has ended. */
  async function seen(child: ReturnType<typeof startBin>['child'], text: string): Promise<void> {
    let said = '';
    child.stdout.on('data', (more: string) => {
      said += more;
    });
    while (!said.includes(text) && child.exitCode === null) await sleep(5);
  }

  it('names its verbs and options when they are wrong', async () => {
    expect((await run(apply, 'wbe')).err).to.match(/there is no fleet wbe\n {2}hint: did you mean web\?/);
    expect((await run(apply, '-auto-aprove')).err).to.match(/has no option|unknown option/);
  });
});
