import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { EMPTY } from '../../../src/sandbox/cloud/state.ts';
import { Store } from '../../../src/sandbox/cloud/store.ts';
import { rejected } from '../../support/rejected.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

describe('the state of the cloud', () => {
  const folder = temporaryDirectory();

  it('is read back as it was flushed', async () => {
    const file = join(folder(), 'state.json');
    const store = await Store.open(file);
    store.update((state) => ({ ...state, account: '111111111111' }));
    store.update((state) => ({ ...state, account: '222222222222' }));
    await Promise.all([store.flush(), store.flush()]);
    expect((await Store.open(file)).state.account).to.equal('222222222222');
  });

  it('can be seen as it was before', async () => {
    let now = 1_000_000;
    const store = await Store.open(join(folder(), 'none.json'), () => now);
    for (const account of ['1', '2', '3']) {
      now += 1000;
      store.update((state) => ({ ...state, account }));
    }
    const accounts = [0, 999, 1000, 1500, 2500, 9000].map((delay) => store.seen(delay).account);
    expect(accounts).to.deep.equal(['3', '2', '2', '1', EMPTY.account, EMPTY.account]);
  });

  it('is not overwritten when it cannot be read', async () => {
    const file = join(folder(), 'broken.json');
    await writeFile(file, '{"version":');
    await rejected(Store.open(file), 'sandbox-failed');
    await writeFile(file, '{"version":9}');
    expect((await rejected(Store.open(file), 'sandbox-failed')).message).to.include('version 9');
    expect(await readFile(file, 'utf8')).to.equal('{"version":9}');
  });
});
