/** Images and what goes into them, by the commands, on real machines. */

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import type { Manifest } from '../../src/bake/manifest/manifest.ts';
import { type Outcome, runBin } from '../cli/run-bin.ts';
import { type OwnCloud, ownCloud } from '../support/own-cloud.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const FILES: Readonly<Record<string, string>> = {
  'playbake.yml': 'images: { app: { playbook: site.yml, vars: { token: 0123-s3cret } } }\n',
  'site.yml': `
- hosts: web
  become: true
  roles: [app]
  tasks:
    - name: the token is hidden
      command: test -n {{ token }}
      changed_when: false
      no_log: true
    - name: the image knows what it is
      command: grep -q '"image":."app"' /etc/playbake/manifest.json
      changed_when: false
      tags: verify
`,
  'group_vars/web.yml': 'port: 80\nunread: 1\n',
  'roles/app/tasks/main.yml': `
- name: directory
  file: { path: /srv/app, state: directory }
- name: configuration
  template: { src: "{{ ansible_facts.distribution | lower }}.j2", dest: /srv/app/app.conf, mode: "0640" }
`,
  'roles/app/templates/debian.j2': 'port={{ port }}\n',
};

describe('images that are baked on real machines', function () {
  this.timeout(300_000);
  const directory = temporaryDirectory();
  let cloud: OwnCloud;
  before(async () => {
    cloud = await ownCloud();
    for (const [path, text] of Object.entries(FILES)) write(path, text);
  });
  after(() => cloud?.stop());

  function write(path: string, text: string, project = directory()): void {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
  }

  const run = (name: string, args: readonly string[], cwd = directory()): Promise<Outcome> =>
    runBin(name, args, { cwd, env: { PLAYBAKE_SANDBOX: cloud.home } });
  const bake = (...args: readonly string[]) => run('bake', ['app', ...args]);
  const image = (...args: readonly string[]) => run('playbake', ['image', ...args]);
  const idOf = (stdout: string): string => /(?:Baked|Nothing to bake): (ami-\w+)/.exec(stdout)?.[1] ?? '';
  const plan = async () => {
    const { code, stdout } = await bake('--plan');
    return { code, said: stdout.split('\n')[0] };
  };
  let first = '';
  let second = '';

  it('hold a manifest, and are kept on record', async () => {
    expect(await plan()).to.deep.equal({ code: 2, said: 'app: a bake is needed: there is no image of it yet.' });
    const { code, stdout, stderr } = await bake('--output', 'text');
    expect(code, stderr + stdout).to.equal(0);
    first = idOf(stdout);
    const record = join(directory(), `.playbake/images/${first}.json`);
    const { manifest }: { manifest: Manifest } = JSON.parse(readFileSync(record, 'utf8'));
    expect(manifest.os).to.include({ id: 'debian' });
    expect(manifest.files.map(({ path, mode, task }) => [path, mode, manifest.tasks[task]?.name])).to.deep.equal([
      ['/srv/app', '0755', 'app : directory'],
      ['/srv/app/app.conf', '0640', 'app : configuration'],
    ]);
    expect(readFileSync(record, 'utf8')).not.to.include('0123-s3cret');
    execFileSync('git', ['init', '-q'], { cwd: directory() });
    const kept = execFileSync('git', ['status', '--porcelain', '--untracked-files=all', '.playbake'], {
      cwd: directory(),
      encoding: 'utf8',
    });
    expect(kept).to.equal(`?? .playbake/.gitignore\n?? .playbake/images/${first}.json\n`);
  });

  it('are not baked again where nothing has changed', async () => {
    const { code, stdout } = await bake('--output', 'text');
    expect([code, idOf(stdout)]).to.deep.equal([0, first]);
    write('group_vars/web.yml', 'port: 80\nunread: 2\n');
    write('site.yml', `# A comment\n${FILES['site.yml']}`);
    expect((await plan()).code).to.equal(0);
  });

  it('are not the same where a fact led to a file that has changed', async () => {
    write('roles/app/templates/debian.j2', 'port = {{ port }}\n');
    expect(await plan()).to.deep.equal({
      code: 2,
      said: 'app: a bake is needed: the file roles/app/templates/debian.j2 has changed.',
    });
    write('roles/app/templates/debian.j2', FILES['roles/app/templates/debian.j2'] ?? '');
    write('group_vars/web.yml', 'port: 81\n');
    expect((await plan()).said).to.equal('app: a bake is needed: the variable port of role app has changed.');
  });

  it('differ by what tasks did, and by nothing else', async () => {
    const { code, stdout, stderr } = await bake('--output', 'text', '--no-test');
    expect(code, stderr).to.equal(0);
    second = idOf(stdout);
    expect((await image('diff', first, second)).stdout).to.equal(
      'Files:\n  ~  /srv/app/app.conf  content  by "app : configuration" (roles/app/tasks/main.yml:4)\n',
    );
    expect((await image('history', 'app')).stdout).to.match(new RegExp(`${second}  good +files: 1\n$`));
  });

  it('move through channels, and are removed with all that is of them', async () => {
    expect((await image('promote', first, 'stable')).code).to.equal(0);
    expect((await image('promote', second, 'stable')).stdout).to.include(`in the place of`);
    expect((await image('revoke', second)).code).to.equal(1);
    expect((await image('revoke', first, '--deregister')).code).to.equal(0);
    expect(existsSync(join(directory(), `.playbake/images/${first}.json`))).to.equal(false);
    const { Images = [] } = await cloud.ec2.describeImages({ Owners: ['self'] });
    expect(Images.map(({ ImageId }) => ImageId)).to.deep.equal([second]);
  });
});
