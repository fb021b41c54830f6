import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Session } from '../../src/connection/session.ts';
import { closing } from '../support/closing.ts';
import { rejected } from '../support/rejected.ts';
import { type KeyFile, makeKey } from '../support/ssh-keys.ts';
import { freePort, type SshServer, startSshServer } from '../support/ssh-server.ts';
import { answerOf, sshSession } from '../support/ssh-session.ts';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('hosts behind others', () => {
  const directory = temporaryDirectory();
  const noted = closing();
  let key: KeyFile;
  let jumpKey: KeyFile;
  let inner: SshServer;
  let bastion: SshServer;
  let wire: TcpProxy;
  let config: string;

  before(async () => {
    key = await makeKey(directory(), 'key');
    jumpKey = await makeKey(directory(), 'jump_key');
    inner = await startSshServer({ directory: directory(), authorized: [key.public] });
    bastion = await startSshServer({ directory: directory(), authorized: [jumpKey.public] });
    wire = await startTcpProxy(bastion.port);
    config = join(directory(), 'config');
    const known = join(directory(), 'known');
    await writeFile(known, `bastion ${bastion.hostKey.public}\n`);
    await writeFile(
      config,
      `Host bastion
  HostName 127.0.0.1
  Port ${wire.port}
  IdentityFile ${jumpKey.path}
  HostKeyAlias bastion
  UserKnownHostsFile ${known}
Host second
  HostName 127.0.0.1
  Port ${bastion.port}
  IdentityFile ${jumpKey.path}
  HostKeyAlias bastion
  UserKnownHostsFile ${known}
`,
    );
  });

  after(async () => {
    await wire.stop();
    await inner.stop();
    await bastion.stop();
  });

  const session = (words: string, port = inner.port): Session =>
    noted(
      sshSession({ hostKey: inner.hostKey, port }, directory(), {
        privateKey: key.path,
        sshArgs: `-F ${config} ${words}`,
      }),
    );

  it('are reached through a jump host with settings of its own', async () => {
    expect(await answerOf(session('-J bastion'), 'echo hello')).to.equal('hello\n');
  });

  it('are reached through a chain of them', async () => {
    expect(await answerOf(session('-o ProxyJump=bastion,second'), 'echo hello')).to.equal('hello\n');
  });

  it('share the connection to the jump host', async () => {
    const before = wire.accepted;
    const answers = ['a', 'b', 'c', 'd', 'e'].map((word) => answerOf(session('-J bastion'), `echo ${word}`));
    expect((await Promise.all(answers)).join('')).to.equal('a\nb\nc\nd\ne\n');
    expect(wire.accepted - before).to.equal(1);
  });

  it('are reached by a command', async () => {
    const command = `${process.execPath} ${join(import.meta.dirname, '..', 'support', 'pass-through.mjs')} %h %p`;
    expect(await answerOf(session(`-o 'ProxyCommand=${command}'`), 'echo hello')).to.equal('hello\n');
  });

  it('are not reached by a command that fails, and it is told why', async () => {
    const open = session(`-o 'ProxyCommand=echo no way >&2; exit 3'`);
    expect((await rejected(open.channel(), 'host-unreachable')).message).to.contain('no way');
  });

  it('are not reached when the jump host cannot reach them', async () => {
    const open = session('-J bastion', await freePort());
    expect((await rejected(open.channel(), 'host-unreachable')).message).to.contain(
      'the jump host bastion cannot connect',
    );
  });

  it('are not reached when the jump host refuses the login', async () => {
    const open = session(`-J nobody@127.0.0.1:${bastion.port}`);
    const fault = await rejected(open.channel(), 'host-key-unknown');
    expect(fault.message).to.contain(`web1 (jump host nobody@127.0.0.1:${bastion.port})`);
  });

  it('are lost with the jump host', async () => {
    const channel = await session('-J bastion').channel();
    const running = channel.run('m_0() { sleep 20; }; pb_run 0 "" 0');
    setTimeout(() => wire.cut(), 50);
    await rejected(running, 'connection-lost');
  });
});
