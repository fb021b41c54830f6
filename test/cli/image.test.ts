import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Manifest } from '../../src/bake/manifest/manifest.ts';
import { BASE_TAG, CHANNEL_TAG } from '../../src/bake/tag-names.ts';
import { bake } from '../../src/cli/bake.ts';
import { exitCodeOf } from '../../src/cli/exit-code.ts';
import { image } from '../../src/cli/image.ts';
import type { Verb } from '../../src/cli/session.ts';
import { faultsOf } from '../../src/fault.ts';
import { faultsText } from '../../src/report/fault.ts';
import { seedBaseImages } from '../../src/sandbox/cloud/base-images.ts';
import { ACCOUNT } from '../../src/sandbox/cloud/state.ts';
import { type CloudServer, startCloudServer } from '../support/cloud-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { type Outcome, runBin } from './run-bin.ts';

const [OLD, YOUNG] = [`ami-${'1'.repeat(17)}`, `ami-${'2'.repeat(17)}`];

function manifest(name: string, version: string): Manifest {
  return {
    ...{ version: 1, image: 'app', name, run: 'r', created: '2026-11-26T02:15:00.000Z', playbake: '0.1.0' },
    base: { id: 'ami-0' },
    os: { id: 'debian', version: '12', name: 'Debian 12', architecture: 'x86_64' },
    fingerprint: 'f',
    source: { playbook: 'site.yml', roles: ['web'] },
    tasks: [{ name: 'install', module: 'apt', where: 'site.yml:3', status: 'changed', changed: true, seconds: 1 }],
    packages: { manager: 'dpkg', list: [{ name: 'nginx', version, architecture: 'amd64', task: 0 }] },
    files: [],
  };
}

describe('playbake image', function () {
  this.timeout(60_000);
  const directory = temporaryDirectory();
  let server: CloudServer;
  before(async () => {
    server = await startCloudServer();
    const { settings, bases } = server.home;
    seedBaseImages(server.cloud, { base: join(bases, 'abc'), settings: join(settings, 'abc-def'), hosts: [] });
    put(OLD, 'app-1', 1, { [`${CHANNEL_TAG}stable`]: '2026-11-01T10:00:00.000Z', [BASE_TAG]: 'ami-0' });
    put(YOUNG, 'app-2', 2, {});
    writeFileSync(
      join(directory(), 'playbake.yml'),
      `endpoint: ${server.endpoint}\nimages: { app: { playbook: site.yml } }\n`,
    );
    writeFileSync(join(directory(), 'site.yml'), '- hosts: all\n  tasks:\n    - apt: { name: nginx }\n');
    record(OLD, manifest('app-1', '1.22'));
    record(YOUNG, manifest('app-2', '1.24'));
  });
  after(() => server.stop());

  function put(id: string, name: string, day: number, tags: Readonly<Record<string, string>>): void {
    server.cloud.region('us-east-1').put('images', {
      ...{ id, name, description: '', state: 'available', architecture: 'x86_64', owner: ACCOUNT },
      ...{ createdAt: Date.UTC(2026, 10, day, 9), rootDevice: '/dev/xvda', launchPermissions: [], devices: [] },
      ...{ protection: 'disabled', disabled: false },
      tags: { 'playbake:image': 'app', 'playbake:run': 'r', 'playbake:state': 'good', ...tags },
    });
  }

  function record(imageId: string, kept: Manifest): void {
    const images = join(directory(), '.playbake/images');
    mkdirSync(images, { recursive: true });
    const inputs = { version: 1, digest: 'd', base: 'ami-0', settings: {}, tasks: [], reads: [], variables: 'v' };
    const fingerprint = { ...inputs, read: [], complete: true };
    const whole = { version: 1, imageId, region: 'us-east-1', manifest: kept, fingerprint };
    writeFileSync(join(images, `${imageId}.json`), JSON.stringify(whole));
  }

  /** A verb as the command line calls it, in this process: the SDK is loaded once. */
  async function call(verb: Verb, args: readonly string[]): Promise<Outcome> {
    const said = { stdout: '', stderr: '' };
    const screen = {
      out: (text: string) => {
        said.stdout += text;
      },
      err: (text: string) => {
        said.stderr += text;
      },
      ...{ columns: () => 0, rows: () => 0, onResize: () => undefined, color: false, directory: directory() },
    };
    const rest = {
      env: {},
      live: false,
      interactive: false,
      ask: async () => '',
      signal: new AbortController().signal,
    };
    try {
      return { code: await verb(args, { screen, ...rest }), ...said };
    } catch (error) {
      const faults = faultsOf(error);
      if (!faults) throw error;
      return { code: exitCodeOf(faults), stdout: said.stdout, stderr: said.stderr + faultsText(faults, screen) };
    }
  }

  const here = (...args: readonly string[]): Promise<Outcome> => call(image, args);
  const bakeHere = (...args: readonly string[]): Promise<Outcome> => call(bake, args);

  it('lists images, shows one, and compares two with the task that made the difference', async () => {
    expect(
      (await runBin('playbake', ['image', 'list'], { cwd: directory() })).stdout,
    ).to.equal(`ID                     IMAGE  NAME   CREATED           STATE  CHANNELS
${YOUNG}  app    app-2  2026-11-02 09:00  good
${OLD}  app    app-1  2026-11-01 09:00  good   stable
`);
    expect((await here('show', 'app:stable')).stdout).to.equal(`id:        ${OLD}
name:      app-1
image:     app
state:     good
created:   2026-11-01 09:00
run:       r
base:      ami-0
channel:   stable, since 2026-11-01 10:00
system:    Debian 12, x86_64
playbook:  site.yml, with the roles web
tasks:     1, 1 changed something
packages:  1 of dpkg, 1 by tasks
files:     0 put by tasks
playbake:  0.1.0
`);
    expect((await here('diff', 'app-1', 'app-2')).stdout).to.equal(
      'Packages:\n  ~  nginx:amd64  1.22 -> 1.24  by "install" (site.yml:3)\n',
    );
    expect(
      (await here('history', 'app')).stdout,
    ).to.equal(`CREATED           ID                     STATE  CHANNELS  COMMIT  CHANGES
2026-11-01 09:00  ${OLD}  good   stable
2026-11-02 09:00  ${YOUNG}  good                     packages: 1
`);
  });

  it('speaks JSON', async () => {
    const all = JSON.parse((await here('list', '--json')).stdout);
    expect(all.map(({ id, channels }: { id: string; channels: object }) => [id, channels])).to.deep.equal([
      [YOUNG, {}],
      [OLD, { stable: '2026-11-01T10:00:00.000Z' }],
    ]);
    expect(JSON.parse((await here('show', OLD, '--json')).stdout).manifest.tasks).to.have.length(1);
    expect(JSON.parse((await here('diff', OLD, YOUNG, '--json')).stdout).packages).to.have.length(1);
    expect(JSON.parse((await here('history', 'app', '--json')).stdout)[1].changes.packages).to.equal(1);
    expect(JSON.parse((await here('show', OLD, '--sbom')).stdout).components[1].purl).to.include(
      'pkg:deb/debian/nginx@1.22',
    );
  });

  it('says what is wrong with its words', async () => {
    const said = async (...args: readonly string[]) => {
      const { code, stderr } = await here(...args);
      return [code, stderr.split('\n').filter(Boolean)];
    };
    expect(await said('lst')).to.deep.equal([5, ['ERROR! image has no verb "lst"', '  hint: did you mean list?']]);
    expect((await said('promote', 'app'))[1]).to.include('  hint: write  playbake image promote IMAGE CHANNEL');
    expect((await said('show', 'nothing'))[0]).to.equal(1);
    expect((await said('show', 'app-3'))[1]).to.deep.include('ERROR! there is no image app-3 of ours in us-east-1');
    expect((await said('diff', OLD, 'ami-99999999999999999'))[1]).to.deep.include(
      'ERROR! what ami-99999999999999999 holds is not on record here',
    );
    expect((await said('list', '--jsn'))[1]).to.include('  hint: did you mean --json?');
  });

  it('says whether a bake is needed, and ends with 2 where it is', async () => {
    const plan = (...args: readonly string[]) => bakeHere('app', '--plan', ...args);
    const { code, stdout, stderr } = await plan();
    expect(stderr).to.equal('');
    expect(stdout).to.match(
      /^app: a bake is needed: the base image is ami-\w+, not ami-0\.\nCompared with app-2 \(ami-2+\)\.\nbase ami-\w+, inputs [0-9a-f]{16}\n$/,
    );
    expect(code).to.equal(2);
    const { inputs, needed, difference } = JSON.parse((await plan('--json')).stdout);
    expect(needed).to.equal(true);
    expect(difference).to.deep.include({ what: 'base', before: 'ami-0' });
    server.cloud
      .region('us-east-1')
      .change('images', YOUNG, (old) => ({ ...old, tags: { ...old.tags, 'playbake:inputs': inputs } }));
    const same = await plan();
    expect(same.stdout).to.match(new RegExp(`^app: nothing to bake, app-2 \\(${YOUNG}\\) is the same\\.\n`));
    expect(same.code).to.equal(0);
    writeFileSync(join(directory(), 'site.yml'), '- hosts: all\n  tasks:\n    - apt: { name: apache2 }\n');
    expect((await plan()).code).to.equal(2);
  });

  it('bakes nothing where an image is the same already', async () => {
    const { inputs } = JSON.parse((await bakeHere('app', '--plan', '--json')).stdout);
    server.cloud
      .region('us-east-1')
      .change('images', YOUNG, (old) => ({ ...old, tags: { ...old.tags, 'playbake:inputs': inputs } }));
    const { code, stdout, stderr } = await bakeHere('app', '--output', 'text');
    expect(code, stderr).to.equal(0);
    expect(stdout).to.include(YOUNG);
    const made = (await server.calls())
      .map(({ action }) => action)
      .filter((action) => /^(Create|Run|Import)/.test(action));
    expect(made).to.deep.equal([]);
  });

  it('promotes and revokes', async () => {
    expect((await here('promote', 'app-2', 'stable')).stdout).to.equal(
      `app-2 (${YOUNG}) is now in stable, in the place of app-1 (${OLD}).\n`,
    );
    expect((await here('promote', 'app-2', 'stable')).stdout).to.equal(`app-2 (${YOUNG}) is in stable already.\n`);
    const refused = await here('revoke', 'app:stable');
    expect([refused.code, refused.stderr.split('\n')[0]]).to.deep.equal([
      1,
      `ERROR! app-2 (${YOUNG}) is the image of the channel stable`,
    ]);
    expect((await here('revoke', 'app-2', '--force', '--because', 'CVE-2026-1')).stdout).to.equal(
      `app-2 (${YOUNG}) is revoked; it has left stable.\n`,
    );
    expect((await here('show', YOUNG)).stdout).to.match(/^revoked: +2\S+ \S+: CVE-2026-1$/m);
  });
});
