import { connect, createServer } from 'node:net';
import { expect } from 'chai';
import { keepaliveFor } from '../../src/connection/keepalive.ts';
import type { Session } from '../../src/connection/session.ts';
import { closing } from '../support/closing.ts';
import { type KeyFile, makeKey } from '../support/ssh-keys.ts';
import { type SshServer, startSshServer } from '../support/ssh-server.ts';
import { sshSession } from '../support/ssh-session.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('many logins', () => {
  const directory = temporaryDirectory();
  const noted = closing();
  let key: KeyFile;
  let server: SshServer;

  before(async () => {
    key = await makeKey(directory(), 'key');
    // Whoever comes while ten have not logged in yet is turned away.
    server = await startSshServer({ directory: directory(), authorized: [key.public], startups: 10 });
  });

  after(() => server.stop());

  const session = (to: Pick<SshServer, 'hostKey' | 'port'>): Session =>
    noted(sshSession(to, directory(), { privateKey: key.path }));

  it('to one sshd do not come all at once', async function () {
    this.timeout(60_000);
    const sessions = Array.from({ length: 40 }, () => session(server));
    const channels = await Promise.all(sessions.map((one) => one.channel()));
    expect(new Set(channels.map(({ shell }) => shell.pid)).size).to.equal(40);
  });

  it('that sshd turns away are tried again', async () => {
    let calls = 0;
    const crowded = createServer((near) => {
      near.on('error', () => undefined);
      if (++calls <= 3) return near.end('Exceeded MaxStartups\r\n');
      const far = connect(server.port, '127.0.0.1');
      far.on('error', () => undefined);
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => {
      crowded.listen(0, '127.0.0.1', () => resolve());
    });
    const address = crowded.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const open = session({ hostKey: server.hostKey, port });
    try {
      expect((await open.channel()).shell.pid).to.be.greaterThan(0);
      expect(calls).to.equal(4);
    } finally {
      await open.close();
      crowded.close();
    }
  });
});

describe('signs of life', () => {
  it('are asked for more seldom where there are many hosts', () => {
    expect([1, 100, 200, 1000].map(keepaliveFor)).to.deep.equal([5, 5, 10, 20]);
  });
});
