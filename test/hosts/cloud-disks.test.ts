import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { Disks } from '../../src/sandbox/cloud/disks.ts';
import { EMPTY } from '../../src/sandbox/cloud/state.ts';
import { homeAt } from '../../src/sandbox/home.ts';
import { mountOverlay, unmountBelow } from '../../src/sandbox/mounts.ts';

const exec = promisify(execFile);

/** Makes what a copy can lose: marks of removed files, attributes, links, owners, modes, times, holes. */
const CHANGE = `
cd "$1"
rm etc/motd; rm -r srv/old; mkdir srv/old; echo new >srv/old/b
ln -s nowhere etc/link; ln etc/kept etc/hard; mkfifo run.fifo
mkdir -p "it's a place"; chmod 2750 "it's a place"; chown 1000:33 "it's a place"
echo x >bin/tool; chmod 4755 bin/tool; touch -d '2001-02-03 04:05:06' bin/tool
truncate -s 10M sparse
python3 - <<'PY'
import os
os.setxattr("bin/tool", "user.note", b"kept")
os.setxattr("bin/tool", "security.capability", bytes.fromhex("0100000200040000000000000000000000000000"))
PY
`;

/** All that can be told of a tree, a line a file. */
const TELL = `
cd "$1"
find . -printf '%p %y %m %U:%G %s %T@ %l\\n' | grep -v '^\\. ' | sort
find . -type f -exec sha256sum {} + | sort
python3 - <<'PY'
import os
for folder, _, names in sorted(os.walk(".")):
    for name in sorted(names):
        path = os.path.join(folder, name)
        if os.path.islink(path) or not os.path.isfile(path): continue
        for key in sorted(os.listxattr(path)):
            if not key.startswith("trusted."): print(path, key, os.getxattr(path, key).hex())
        print(path, os.stat(path).st_nlink)
PY
`;

describe('captured disks', () => {
  let root: string;
  before(async () => {
    root = await mkdtemp('/var/tmp/playbake-test-');
  });
  after(async () => {
    await unmountBelow(root);
    await rm(root, { recursive: true, force: true });
  });

  const sh = async (script: string, at: string) => (await exec('sh', ['-eu', '-c', script, 'sh', at])).stdout;

  /** The disk of an instance on these layers, mounted. */
  async function disk(id: string, layers: readonly string[]): Promise<string> {
    const folder = join(root, 'instances', id);
    await mkdir(join(folder, 'disk'), { recursive: true });
    await writeFile(join(folder, 'number'), '1\n');
    await writeFile(join(folder, 'disk/layers'), `${layers.join('\n')}\n`);
    const at = join(folder, 'root');
    await mountOverlay({ lower: layers.map((layer) => join(root, layer)), disk: join(folder, 'disk'), at });
    return at;
  }

  it('show what the instance had, to the last attribute, however many lie over each other', async () => {
    const base = join(root, 'base/debian');
    await sh(
      'mkdir -p "$1"; cd "$1"; mkdir -p etc bin srv/old; echo hi >etc/motd; echo k >etc/kept; echo a >srv/old/a',
      base,
    );
    const disks = new Disks(homeAt(root));
    let layers: readonly string[] = ['base/debian'];
    const depths: number[] = [];
    for (let generation = 0; generation < 11; generation += 1) {
      const at = await disk(`i-${generation}`, layers);
      if (generation === 0) await sh(CHANGE, at);
      else
        await sh(
          `echo ${generation} >"$1/generation"; rm -f "$1/gone-${generation - 1}"; echo >"$1/gone-${generation}"`,
          at,
        );
      const told = await sh(TELL, at);
      layers = await disks.captureRoot(`i-${generation}`, `snap-${generation}`);
      depths.push(layers.length);
      await unmountBelow(at);
      const copy = await disk(`i-copy${generation}`, layers);
      expect(await sh(TELL, copy)).to.equal(told);
      await unmountBelow(copy);
    }
    expect(Math.max(...depths)).to.be.at.most(8);
    expect(depths.at(-1)).to.be.below(8);
  });

  it('are gone when nothing stands on them', async () => {
    await rm(join(root, 'instances'), { recursive: true });
    await new Disks(homeAt(root)).collect(EMPTY);
    expect(existsSync(join(root, 'layers/snap-0'))).to.equal(false);
    expect(existsSync(join(root, 'base/debian'))).to.equal(true);
  });
});
