import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import schema from '../../schemas/manifest.json' with { type: 'json' };
import { Places } from '../../src/bake/fingerprint/places.ts';
import { fingerprintOf, type HostRead, inputsOf } from '../../src/bake/fingerprint.ts';
import { Collector } from '../../src/bake/manifest/collector.ts';
import type { Manifest } from '../../src/bake/manifest/manifest.ts';
import { packagesInstalled } from '../../src/bake/manifest/packages-installed.ts';
import { sbomOf } from '../../src/bake/manifest/sbom.ts';
import { writeManifest } from '../../src/bake/manifest/write.ts';
import { manifestOf } from '../../src/bake/manifest.ts';
import { isManifest, Records } from '../../src/bake/record/records.ts';
import { apply } from '../../src/module/apply.ts';
import type { RunOptions } from '../../src/play/options.ts';
import { prepare } from '../../src/playbake.ts';
import { openSession } from '../modules/local-host.ts';
import { runOptions, writeFiles } from '../play/reads-run.ts';
import { isInstalled } from '../support/is-installed.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const SITE = `
- hosts: all
  gather_facts: false
  vars: { out: "{{ playbook_dir }}/out", password: hunter2-secret }
  tasks:
    - file: { path: "{{ out }}", state: directory, mode: "0750" }
    - name: a file
      copy: { content: x, dest: "{{ out }}/a", mode: "0600" }
    - copy: { src: tree/, dest: "{{ out }}/tree" }
    - name: one more line
      lineinfile: { path: "{{ out }}/a", line: more }
    - template: { src: "{{ item }}.j2", dest: "{{ out }}/" }
      loop: [p, q]
    - file: { src: a, path: "{{ out }}/link", state: link }
    - command: echo {{ password }}
    - debug: { msg: "the password is {{ password }}" }
    - copy: { content: "{{ password }}", dest: "{{ out }}/hidden" }
      no_log: true
    - copy: { content: x, dest: "{{ out }}/gone" }
    - file: { path: "{{ out }}/gone", state: absent }
    - stat: { path: "{{ out }}/a" }
    - debug: { msg: never }
      when: false
    - command: "true"
      delegate_to: localhost
  roles: [web]
`;

describe('the manifest of an image', () => {
  const directory = temporaryDirectory();
  const session = openSession('/bin/sh');
  after(() => session.close());
  let root = '';
  let manifest: Manifest;
  let record: { fingerprint: ReturnType<typeof fingerprintOf>; reads: HostRead[] };

  before(async function () {
    this.timeout(60_000);
    root = join(directory(), 'project');
    writeFiles(root, {
      'site.yml': SITE,
      'files/tree/deep/er.txt': 'deep',
      'templates/p.j2': 'p',
      'templates/q.j2': 'q',
      'roles/web/tasks/main.yml': '- debug: { msg: role }\n',
    });
    const git = (...args: readonly string[]) => execFileSync('git', ['-C', root, ...args], { stdio: 'pipe' });
    git('init', '-q');
    git('remote', 'add', 'origin', 'https://me:token@example.com/site.git');
    git('add', '.');
    git('-c', 'user.name=a', '-c', 'user.email=a@b', 'commit', '-qm', 'a');
    const secrets = new Set<string>(['hunter2-secret']);
    const reads: HostRead[] = [];
    const description = await (await prepare(runOptions(root))).describe('app');
    const collector = new Collector('app', new Places(root), description.tasks);
    const onRead: NonNullable<RunOptions['onRead']> = (host, read) => reads.push({ host, read });
    const prepared = await prepare(runOptions(root, { emit: (event) => collector.add(event), onRead }));
    expect(await prepared.run()).to.equal(0);
    const inputs = inputsOf({ base: 'ami-1', description, host: 'app', project: root });
    record = { fingerprint: fingerprintOf(inputs, reads, { host: 'app', project: root }), reads };
    const names = { image: 'app', name: 'app-1', run: 'r1', base: { id: 'ami-1' }, fingerprint: inputs.digest };
    const more = { playbook: join(root, 'site.yml'), project: root, description, collector, secrets };
    manifest = await manifestOf((steps) => apply(session, steps, { check: false, diff: false }), {
      ...names,
      ...more,
      now: new Date(0),
    });
  });

  const numberOf = (name: string): number => manifest.tasks.findIndex((task) => task.name === name);

  it('has each task with its end state and place', () => {
    expect(manifest.tasks.map(({ name, status, items }) => [name, status, items])).to.deep.equal([
      ['web : debug', 'ok', undefined],
      ['file', 'changed', undefined],
      ['a file', 'changed', undefined],
      ['copy', 'changed', undefined],
      ['one more line', 'changed', undefined],
      ['template', 'changed', 2],
      ['file', 'changed', undefined],
      ['command', 'changed', undefined],
      ['debug', 'ok', undefined],
      ['copy', 'changed', undefined],
      ['copy', 'changed', undefined],
      ['file', 'changed', undefined],
      ['stat', 'ok', undefined],
      ['debug', 'skipped', undefined],
    ]);
    expect(manifest.tasks[0]?.where).to.equal('roles/web/tasks/main.yml:1');
    expect(manifest.tasks[2]?.where).to.equal('site.yml:7');
    expect(manifest.tasks[2]?.result).to.include({ mode: '0600', state: 'file', dest: join(root, 'out/a') });
  });

  it('has the files that tasks put and that are still there, with the task', () => {
    const sha = (text: string) => createHash('sha256').update(text).digest('hex');
    const short = (path: string) => path.slice(join(root, 'out').length);
    expect(
      manifest.files.map(({ path, type, task }) => [short(path), type, manifest.tasks[task]?.where]),
    ).to.deep.equal([
      ['', 'directory', 'site.yml:6'],
      ['/a', 'file', 'site.yml:10'],
      ['/hidden', 'file', 'site.yml:17'],
      ['/link', 'link', 'site.yml:14'],
      ['/p.j2', 'file', 'site.yml:12'],
      ['/q.j2', 'file', 'site.yml:12'],
      ['/tree/deep/er.txt', 'file', 'site.yml:9'],
    ]);
    const [first, a] = manifest.files;
    const [owner, group] = ['-un', '-gn'].map((flag) => execFileSync('id', [flag], { encoding: 'utf8' }).trim());
    expect(first).to.include({ mode: '0750', owner, group });
    expect(a).to.include({ mode: '0600', size: 7, sha256: sha('x\nmore\n') });
    expect(manifest.files.find(({ type }) => type === 'link')).to.include({ target: 'a' });
  });

  it('tells no secret', () => {
    expect(JSON.stringify(manifest)).not.to.include('hunter2-secret');
    const hidden = manifest.files.find(({ path }) => path.endsWith('/hidden'));
    expect(hidden).to.have.keys(['path', 'type', 'mode', 'owner', 'group', 'task']);
    expect(manifest.tasks[hidden?.task ?? 0]).not.to.have.property('result');
    expect(manifest.tasks[numberOf('debug')]?.result).to.deep.equal({ msg: 'the password is ********' });
  });

  it('has the system, its packages and where the playbook comes from', function () {
    expect(manifest.os.architecture).to.equal(execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim());
    expect(manifest.source).to.deep.include({
      playbook: 'site.yml',
      roles: ['web'],
      remote: 'https://example.com/site.git',
    });
    expect(manifest.source.commit).to.match(/^[0-9a-f]{40}$/);
    expect(manifest.source.modified).to.equal(true);
    if (!isInstalled('dpkg-query')) return this.skip();
    const version = execFileSync('dpkg-query', ['-W', '-f', '${Version}', 'dpkg'], { encoding: 'utf8' });
    expect(manifest.packages.manager).to.equal('dpkg');
    expect(manifest.packages.list.find(({ name }) => name === 'dpkg')).to.deep.include({ version });
    expect(manifest.packages.list.length).to.be.above(50);
  });

  it('is as its schema says, and is written for everybody to read', async () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    expect(validate(manifest), JSON.stringify(validate.errors)).to.equal(true);
    expect(isManifest(manifest)).to.equal(true);
    expect(isManifest({ ...manifest, files: [{}] })).to.equal(false);
    const place = join(directory(), 'etc', 'playbake');
    const here = (steps: Parameters<typeof apply>[1]) => apply(session, steps, { check: false, diff: false });
    await writeManifest(here, manifest, place);
    expect(JSON.parse(readFileSync(join(place, 'manifest.json'), 'utf8'))).to.deep.equal(
      JSON.parse(JSON.stringify(manifest)),
    );
    expect(statSync(join(place, 'manifest.json')).mode & 0o777).to.equal(0o644);
  });

  it('is kept with the fingerprint, and read again as it was', () => {
    const records = new Records(root);
    const kept = {
      version: 1,
      imageId: 'ami-0123',
      region: 'here',
      manifest,
      fingerprint: record.fingerprint,
    } as const;
    const file = records.write(kept);
    expect(records.list()).to.deep.equal(['ami-0123']);
    expect(records.read('ami-0123')).to.deep.equal(JSON.parse(JSON.stringify(kept)));
    expect(records.read('ami-9')).to.equal(undefined);
    writeFileSync(file, '{}');
    expect(() => records.read('ami-0123')).to.throw('is no record of the image ami-0123');
    records.remove('ami-0123');
    expect(existsSync(file)).to.equal(false);
    expect(() => records.read('../../etc/passwd')).to.throw('is no id of an image');
  });

  it('gives a bill of materials whose packages have their addresses', () => {
    const packages = {
      manager: 'dpkg',
      list: [{ name: 'g++', version: '4:12.2.0-3', architecture: 'amd64' }],
    } as const;
    const os = { id: 'debian', version: '12', name: 'Debian', architecture: 'x86_64' };
    const sbom = sbomOf({ ...manifest, packages, os });
    expect(sbom).to.deep.include({ bomFormat: 'CycloneDX', specVersion: '1.6', version: 1 });
    expect(JSON.stringify(sbom)).to.include('pkg:deb/debian/g%2B%2B@4%3A12.2.0-3?arch=amd64&distro=debian-12');
    expect(JSON.stringify(sbom)).to.match(/"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"/);
  });
});

describe('packages that a task installed', () => {
  const names = (stdout: string, results: readonly string[] = []) =>
    packagesInstalled({ stdout, results: [...results] });

  it('are read from what each package manager says', () => {
    expect(
      names('Unpacking nginx (1.22) ...\nSetting up libfoo:amd64 (1) ...\nSetting up nginx (1.22.1-9) ...\n'),
    ).to.deep.equal(['libfoo', 'nginx']);
    expect(
      names('(1/2) Installing pcre (8.45-r3)\n( 2/12) Upgrading nginx (1.24.0-r1 -> 1.24.0-r2)\nOK: 9 MiB\n'),
    ).to.deep.equal(['pcre', 'nginx']);
    expect(names('installing nginx...\nupgrading glibc...\n')).to.deep.equal(['nginx', 'glibc']);
    expect(names('', ['Installed: nginx-core-1:1.22.1-4.el9.x86_64', 'Removed: x-1-1.noarch'])).to.deep.equal([
      'nginx-core',
    ]);
    expect(names('Reading package lists...\n')).to.deep.equal([]);
  });
});
