import { createServer, type Socket } from 'node:net';
import { expect } from 'chai';
import type { Target } from '../../src/connection/connection.ts';
import { Session } from '../../src/connection/session.ts';
import { closing } from '../support/closing.ts';
import { rejected } from '../support/rejected.ts';
import { freePort } from '../support/ssh-server.ts';

describe('hosts that cannot be reached', () => {
  const noted = closing();
  const session = (target: Partial<Target>) =>
    noted(
      new Session(
        { name: 'web1', kind: 'ssh', address: '127.0.0.1', hostKeyChecking: true, sshArgs: '-F none', ...target },
        {},
      ),
    );

  it('because nobody listens', async () => {
    const port = await freePort();
    const fault = await rejected(session({ port }).channel(), 'host-unreachable');
    expect(fault.message).to.equal(`web1: cannot connect to 127.0.0.1 port ${port}: connection refused`);
  });

  it('because the name is not known', async () => {
    const fault = await rejected(session({ address: 'nowhere.invalid' }).channel(), 'host-unresolved');
    expect(fault.message).to.equal('web1: the host name nowhere.invalid cannot be resolved');
  });

  it('because the kind of connection is not known', async () => {
    const fault = await rejected(session({ kind: 'carrier-pigeon' }).channel(), 'value-invalid');
    expect(fault.message).to.equal('web1: there is no connection kind "carrier-pigeon"');
  });

  it('because the ssh arguments are none', async () => {
    const fault = await rejected(session({ sshArgs: 'StrictHostKeyChecking=no' }).channel(), 'value-invalid');
    expect(fault.message).to.contain('"StrictHostKeyChecking=no" is not an option of ssh');
  });

  describe('because of who answers', () => {
    const sockets = new Set<Socket>();
    let greet: (socket: Socket) => void = () => undefined;
    let calls = 0;
    const server = createServer((socket) => {
      calls++;
      sockets.add(socket);
      socket.on('error', () => undefined);
      greet(socket);
    });
    let port = 0;

    before((done) => {
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        port = typeof address === 'object' && address ? address.port : 0;
        done();
      });
    });

    after((done) => {
      for (const socket of sockets) socket.destroy();
      server.close(done);
    });

    beforeEach(() => {
      calls = 0;
    });

    it('who accepts and then says nothing', async () => {
      greet = () => undefined;
      const start = Date.now();
      const fault = await rejected(session({ port, timeout: 0.3 }).channel(), 'connection-timeout');
      expect(Date.now() - start).to.be.within(250, 2000);
      expect(fault.message).to.equal(
        `web1: 127.0.0.1 port ${port} accepts connections but does not answer as SSH within 0.3 s`,
      );
    });

    it('who closes at once', async () => {
      greet = (socket) => socket.destroy();
      const fault = await rejected(session({ port }).channel(), 'host-unreachable');
      expect(fault.message).to.contain(`127.0.0.1 port ${port} broke off before the login`);
      // sshd does so to those who come while too many log in, so it is tried again for a while.
      expect(calls).to.equal(6);
    });

    it('who is no SSH server', async () => {
      greet = (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      await rejected(session({ port }).channel(), 'host-unreachable');
    });

    it('who is asked again as often as the inventory says', async () => {
      greet = (socket) => socket.destroy();
      await rejected(session({ port, retries: 2 }).channel(), 'host-unreachable');
      expect(calls).to.equal(3);
    });
  });
});
