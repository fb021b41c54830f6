import { expect } from 'chai';
import { diffManifests, isSame } from '../../src/bake/diff-manifests.ts';
import type { Manifest, ManifestFile, ManifestTask } from '../../src/bake/manifest/manifest.ts';
import { differenceText, historyText, listText } from '../../src/report/image-text.ts';

const task = (
  name: string,
  status: ManifestTask['status'] = 'changed',
  where = `site.yml:${name.length}`,
): ManifestTask => ({
  ...{ name, module: 'copy', where, status, changed: status === 'changed', seconds: 1 },
});

const file = (path: string, sha256: string, more: Partial<ManifestFile> = {}): ManifestFile => ({
  ...{ path, type: 'file', mode: '0644', owner: 'root', group: 'root', size: 1, sha256, task: 0, ...more },
});

function manifest(more: Partial<Manifest> = {}): Manifest {
  return {
    ...{ version: 1, image: 'app', name: 'app-1', run: 'r', created: '2026-11-26T02:15:00.000Z', playbake: '0.1.0' },
    base: { id: 'ami-1' },
    os: { id: 'debian', version: '12', name: 'Debian 12', architecture: 'x86_64' },
    fingerprint: 'f',
    source: { playbook: 'site.yml', roles: [], commit: 'a'.repeat(40), modified: false },
    tasks: [task('install'), task('configure')],
    packages: { manager: 'dpkg', list: [{ name: 'nginx', version: '1', architecture: 'amd64', task: 0 }] },
    files: [file('/etc/a', 'x', { task: 1 })],
    ...more,
  };
}

describe('what differs between two images', () => {
  it('is nothing where they hold the same', () => {
    const difference = diffManifests(manifest(), manifest({ name: 'app-2', run: 's', playbake: '0.2.0' }));
    expect(isSame(difference)).to.equal(true);
    expect(differenceText(difference)).to.equal('The images hold the same.\n');
  });

  it('is told with the task that made it', () => {
    const before = manifest({
      files: [file('/etc/a', 'x', { task: 1 }), file('/etc/gone', 'x', { task: 1 })],
      packages: {
        manager: 'dpkg',
        list: [
          { name: 'nginx', version: '1', task: 0 },
          { name: 'old', version: '2' },
        ],
      },
    });
    const after = manifest({
      base: { id: 'ami-2', name: 'debian-12.5' },
      source: { playbook: 'site.yml', roles: [], commit: 'b'.repeat(40), modified: true },
      tasks: [task('install'), task('harden', 'ok'), task('configure', 'skipped')],
      files: [file('/etc/a', 'y', { mode: '0600', task: 2 }), file('/etc/new', 'z', { task: 1 })],
      packages: {
        manager: 'dpkg',
        list: [
          { name: 'nginx', version: '1.1', task: 0 },
          { name: 'curl', version: '8' },
        ],
      },
    });
    const difference = diffManifests(before, after);
    expect(isSame(difference)).to.equal(false);
    expect(differenceText(difference)).to.equal(`base: ami-1 -> ami-2 (debian-12.5)
source: aaaaaaaaaaaa -> bbbbbbbbbbbb with changes

Tasks:
  +  harden     ok                  site.yml:6
  ~  configure  changed -> skipped  site.yml:9

Packages:
  ~  nginx  1 -> 1.1  by "install" (site.yml:7)
  -  old    2         from the base image
  +  curl   8         from the base image

Files:
  ~  /etc/a     content, mode  by "configure" (site.yml:9)
  -  /etc/gone                 by "configure" (site.yml:9)
  +  /etc/new                  by "harden" (site.yml:6)
`);
  });

  it('tells tasks of one name apart, and packages of one name by their architecture', () => {
    const both = [task('same', 'changed', 'site.yml:1'), task('same', 'ok', 'site.yml:2')];
    const before = manifest({ tasks: both });
    expect(diffManifests(before, manifest({ tasks: both })).tasks).to.deep.equal([]);
    expect(diffManifests(before, manifest({ tasks: both.slice(0, 1) })).tasks).to.deep.equal([
      { change: 'removed', name: 'same', where: 'site.yml:2', before: 'ok' },
    ]);
    const list = ['amd64', 'i386'].map((architecture) => ({ name: 'libc6', version: '1', architecture }));
    const packages = { manager: 'dpkg', list } as const;
    const newer = {
      manager: 'dpkg',
      list: list.map((one) => (one.architecture === 'i386' ? { ...one, version: '2' } : one)),
    } as const;
    expect(diffManifests(manifest({ packages }), manifest({ packages: newer })).packages).to.deep.equal([
      { change: 'changed', name: 'libc6:i386', before: '1', after: '2' },
    ]);
  });
});

describe('lists of images as text', () => {
  const image = {
    ...{ id: 'ami-1', name: 'app-1', image: 'app', run: 'r', state: 'good', created: '2026-11-26T02:15:00.000Z' },
    ...{
      base: undefined,
      inputs: undefined,
      revoked: undefined,
      deprecated: undefined,
      architecture: 'x86_64',
      snapshots: [],
    },
    channels: new Map([['stable', '2026-11-26T02:20:00.000Z']]),
  };

  it('have a column for each thing', () => {
    expect(listText([image])).to.equal(
      'ID     IMAGE  NAME   CREATED           STATE  CHANNELS\nami-1  app    app-1  2026-11-26 02:15  good   stable\n',
    );
    expect(listText([])).to.include('No images');
  });

  it('tell what each image changed', () => {
    const changes = { tasks: 1, packages: 2, files: 0, base: true };
    expect(historyText([{ image, commit: 'a'.repeat(40), changes }])).to.equal(
      'CREATED           ID     STATE  CHANNELS  COMMIT        CHANGES\n2026-11-26 02:15  ami-1  good   stable    aaaaaaaaaaaa  another base, tasks: 1, packages: 2\n',
    );
  });
});
