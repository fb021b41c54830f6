/**
 * Nothing is left behind, whichever call of a bake fails, and after whichever it is killed. Takes one call of each action; with
 * EVERY_CALL=1 every single one, which takes half an hour.
 */

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { readCalls } from '../../src/sandbox/cloud/call-log.ts';
import { NONE } from '../../src/sandbox/cloud/injections.ts';
import { runningServer, setInjections } from '../../src/sandbox/cloud/server-client.ts';
import { Store } from '../../src/sandbox/cloud/store.ts';
import { homeAt } from '../../src/sandbox/home.ts';
import { runBin, startBin } from '../cli/run-bin.ts';
import { type OwnCloud, ownCloud } from '../support/own-cloud.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const PLAYBOOK = `
- hosts: web
  become: true
  gather_facts: false
  tasks:
    - copy: { content: "hello\\n", dest: /etc/motd }
    - command: grep -q hello /etc/motd
      changed_when: false
      tags: verify
`;

describe('a bake of which one call goes wrong', function () {
  this.timeout(3_600_000);
  const directory = temporaryDirectory();
  let cloud: OwnCloud;
  let endpoint = '';
  let calls: readonly string[] = [];

  before(async () => {
    cloud = await ownCloud();
    endpoint = (await runningServer(homeAt(cloud.home))) ?? '';
    mkdirSync(join(directory(), 'project'));
    writeFileSync(join(project(), 'app.yml'), PLAYBOOK);
    // An older image, which must stay; and a bake in which nothing goes wrong, for the calls that it makes.
    expect((await bake()).code).to.equal(0);
    const before = (await logged()).length;
    expect((await bake()).code).to.equal(0);
    calls = (await logged()).slice(before);
    await removeNewest();
    await quiet();
  });
  after(() => cloud?.stop());

  const project = () => join(directory(), 'project');
  const options = () => ({ cwd: project(), env: { PLAYBAKE_SANDBOX: cloud.home } });
  const bake = () => runBin('bake', ['app.yml', '--force', '--json'], options());
  const logged = async () => (await readCalls(homeAt(cloud.home).calls)).map(({ action }) => action);

  /** The calls to try: by number, from 1. */
  const chosen = () => {
    const numbered = calls.map((action, index) => ({ action, number: index + 1 }));
    return env['EVERY_CALL'] === '1'
      ? numbered
      : numbered.filter(({ action }, index) => calls.indexOf(action) === index);
  };

  /** All that the cloud holds, in its state and on the disk, but for the memory of what is terminated, and of tokens. */
  async function holdings(): Promise<readonly string[]> {
    const home = homeAt(cloud.home);
    const { regions } = (await Store.open(home.cloudState)).state;
    const records = Object.entries(regions).flatMap(([region, { clientTokens: _, ...kinds }]) =>
      Object.values(kinds).flatMap((table: Readonly<Record<string, object>>) =>
        Object.entries(table).flatMap(([id, record]) =>
          'state' in record && record.state === 'terminated' ? [] : [`${region} ${id}`],
        ),
      ),
    );
    const folders = [home.layers, home.instances, home.volumes].flatMap((folder) => namesIn(folder));
    return [...records, ...folders].sort();
  }

  /** Removal of what the runs before this have left goes on for a moment too: until nothing changes for two seconds. */
  async function quiet(): Promise<void> {
    let last = '';
    for (let same = 0; same < 10; ) {
      await sleep(200);
      const now = (await holdings()).join('\n');
      same = now === last ? same + 1 : 0;
      last = now;
    }
  }

  function namesIn(folder: string): readonly string[] {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  }

  /** Removes the image of a bake that went well after all. */
  async function removeNewest(): Promise<void> {
    const { Images = [] } = await cloud.ec2.describeImages({ Owners: ['self'] });
    const [newest] = Images.sort((a, b) => ((a.CreationDate ?? '') < (b.CreationDate ?? '') ? 1 : -1));
    if (newest?.ImageId === undefined) throw new Error('there is no image');
    await cloud.ec2.deregisterImage({ ImageId: newest.ImageId, DeleteAssociatedSnapshots: true });
  }

  /** Removal goes on for a moment after the answers. */
  async function settled(expected: readonly string[], told: () => string): Promise<void> {
    const differing = async () => {
      const now = await holdings();
      const more = now.filter((one) => !expected.includes(one)).map((one) => `+ ${one}`);
      return [...more, ...expected.filter((one) => !now.includes(one)).map((one) => `- ${one}`)];
    };
    for (let round = 0; round < 600 && (await differing()).length > 0; round += 1) await sleep(100);
    expect(await differing(), told()).to.deep.equal([]);
  }

  it('leaves nothing when the call is refused', async () => {
    const before = await holdings();
    const outcomes: string[] = [];
    for (const { action, number } of chosen()) {
      const refusal = { action: '*', call: number, how: 'error', code: 'UnauthorizedOperation', status: 403 } as const;
      await setInjections(endpoint, { ...NONE, failures: [{ ...refusal, message: 'You are not authorized.' }] });
      const { code, stdout, stderr } = await bake();
      await setInjections(endpoint, NONE);
      if (code === 0) await removeNewest();
      outcomes.push(`${number} ${action}: ${code === 0 ? 'did without' : `exit ${code}`}`);
      await settled(before, () => `call ${number}, ${action}: ${code}\n${stdout.slice(-2000)}\n${stderr}`);
    }
    console.log(`      refused: ${outcomes.join(', ')}`);
  });

  it('leaves nothing after a sweep when it was killed right after the call', async () => {
    const before = await holdings();
    for (const { action, number } of chosen()) {
      rmSync(join(project(), '.playbake/bakes'), { recursive: true, force: true });
      const file = homeAt(cloud.home).calls;
      const lines = () => readFileSync(file, 'latin1').split('\n').length - 1;
      const wanted = lines() + number;
      const { child, outcome } = startBin('bake', ['app.yml', '--force', '--json'], options());
      while (lines() < wanted && child.exitCode === null) await sleep(2);
      child.kill('SIGKILL');
      const { code } = await outcome;
      const swept = await runBin('bake', ['sweep', '--all'], options());
      expect(swept.code, `call ${number}, ${action}: ${swept.stdout}${swept.stderr}`).to.equal(0);
      const { Images = [] } = await cloud.ec2.describeImages({ Owners: ['self'] });
      // Killed when the image was good, or through: it stays.
      if (Images.length > 1) await removeNewest();
      await settled(before, () => `call ${number}, ${action}: ${code}\n${swept.stdout}\n${swept.stderr}`);
    }
    console.log(`      killed after each of ${chosen().length} of ${calls.length} calls`);
  });
});
