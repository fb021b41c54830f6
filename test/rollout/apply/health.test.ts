import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { addressOf } from '../../../src/rollout/apply/health/address.ts';
import { Checks } from '../../../src/rollout/apply/health/checks.ts';
import { httpProbe, tcpProbe } from '../../../src/rollout/apply/health/probe.ts';
import { fleetOf } from './plans.ts';

describe('rollout: health checks', () => {
  let server: Server;
  let port = 0;
  let asked: string[] = [];
  before(async () => {
    server = createServer(({ url = '', headers }, response) => {
      asked.push(`${url} ${headers['user-agent']}`);
      if (url === '/never') return;
      response.writeHead(Number(url.slice(1)) || 200).end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = [];
  });

  const { signal } = new AbortController();
  const page = (path: string, status: readonly number[] = [], timeout = 2000) =>
    httpProbe({ port, path, status })('127.0.0.1', timeout, signal);

  it('take a page for healthy by its status', async () => {
    expect(await page('/')).to.equal(undefined);
    expect(await page('/302')).to.equal(undefined);
    expect(await page('/500')).to.equal(`http://127.0.0.1:${port}/500 answers 500`);
    expect(await page('/302', [200])).to.match(/answers 302$/);
    expect(await page('/404', [200, 404])).to.equal(undefined);
    expect(asked[0]).to.equal('/ playbake');
  });

  it('do not wait for an answer for ever', async () => {
    expect(await page('/never', [], 50)).to.equal(`http://127.0.0.1:${port}/never: no answer in 0.05 s`);
  });

  it('say why a port does not answer', async () => {
    expect(await tcpProbe({ port })('127.0.0.1', 1000, signal)).to.equal(undefined);
    const closed = createServer().listen(0, '127.0.0.1');
    await once(closed, 'listening');
    const gone = (closed.address() as AddressInfo).port;
    closed.close();
    await once(closed, 'close');
    expect(await tcpProbe({ port: gone })('127.0.0.1', 1000, signal)).to.match(
      /^port \d+ of 127.0.0.1: .*ECONNREFUSED/,
    );
    expect(await httpProbe({ port: gone, path: '/', status: [] })('127.0.0.1', 1000, signal)).to.match(/ECONNREFUSED/);
  });

  it('all hold before an instance is healthy', async () => {
    const fleet = (path: string) => {
      const health = { ...fleetOf().health, http: { port, path, status: [] }, tcp: { port } };
      return new Checks({
        fleet: fleetOf({ health }),
        directory: '/nonexistent',
        verify: { inventory: [], extraVars: [] },
      });
    };
    const instance = { PrivateIpAddress: '127.0.0.1' };
    expect(await fleet('/').look('i-1', instance, signal)).to.equal(undefined);
    expect(await fleet('/500').look('i-1', instance, signal)).to.match(/answers 500$/);
    expect(await fleet('/').look('i-1', {}, signal)).to.equal('it has no address');
  });

  it('go to the address that this machine reaches', () => {
    const both = { PublicIpAddress: '203.0.113.7', PrivateIpAddress: '10.0.0.7' };
    const ssh = { user: 'admin', privateKey: undefined };
    expect(addressOf(both, fleetOf())).to.equal('10.0.0.7');
    expect(addressOf(both, fleetOf({ publicAddress: true }))).to.equal('203.0.113.7');
    expect(addressOf(both, fleetOf({ publicAddress: true, ssh: { ...ssh, address: 'private' } }))).to.equal('10.0.0.7');
    expect(addressOf(both, fleetOf({ ssh: { ...ssh, address: 'public' } }))).to.equal('203.0.113.7');
  });
});
