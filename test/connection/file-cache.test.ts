import { appendFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { FileCache } from '../../src/connection/file-cache.ts';
import { knownName, readKnownKeys } from '../../src/connection/known-hosts.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('what is kept of files', () => {
  const directory = temporaryDirectory();

  it('is read again only when the file has changed', async () => {
    const path = join(directory(), 'file');
    let reads = 0;
    const cache = new FileCache((text) => {
      reads++;
      return text.length;
    });
    await writeFile(path, 'one');
    expect(await Promise.all([cache.of(path), cache.of(path)])).to.deep.equal([3, 3]);
    expect(reads).to.equal(1);
    await appendFile(path, ' two');
    expect(await cache.of(path)).to.equal(7);
    await rm(path);
    const gone = await cache.of(path).catch((error: NodeJS.ErrnoException) => error.code);
    expect(gone).to.equal('ENOENT');
    await writeFile(path, 'three');
    expect(await cache.of(path)).to.equal(5);
  });

  it('finds the keys of a host by name, pattern and hash, in the order of the file', async () => {
    const path = join(directory(), 'known_hosts');
    await writeFile(
      path,
      '*.example ssh-rsa A\nWeb1.example,10.0.0.1 ssh-ed25519 B\n# no\n!web1.example,* ssh-rsa C\n',
    );
    const keys = await readKnownKeys([path], knownName('web1.example', 22));
    expect(keys.map(({ key, line }) => [key, line])).to.deep.equal([
      ['A', 1],
      ['B', 2],
    ]);
    await appendFile(path, 'web1.example ssh-rsa D\n');
    const more = await readKnownKeys([path], knownName('web1.example', 22));
    expect(more.map(({ key }) => key)).to.deep.equal(['A', 'B', 'D']);
  });
});
