import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { expect } from 'chai';
import { type BalancedCloud, describeBalancing, startBalancedCloud } from '../../../support/balanced-cloud.ts';
import { until } from '../../../support/until.ts';

describeBalancing('a network load balancer', () => {
  let cloud: BalancedCloud;
  let group: string;
  let host: string;
  const servers: Server[] = [];
  const sockets = new Set<Socket>();

  beforeEach(async () => {
    cloud = await startBalancedCloud();
    group = await cloud.group({ Name: 'tcp', Protocol: 'TCP' });
    await cloud.listener(await cloud.balancer({ Type: 'network' }), group, 8080, 'TCP');
    const { LoadBalancers = [] } = await cloud.elb.describeLoadBalancers({});
    host = LoadBalancers[0]?.DNSName ?? '';
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers.splice(0)) server.close();
    await cloud.stop();
    expect(cloud.server.errors).to.deep.equal([]);
  });

  const set = (Key: string, Value: string) =>
    cloud.elb.modifyTargetGroupAttributes({ TargetGroupArn: group, Attributes: [{ Key, Value }] });

  /** Registers an instance where `serve` answers; answers with its id. */
  async function target(serve: (socket: Socket) => void): Promise<string> {
    const [id = ''] = await cloud.run(1);
    const address = cloud.server.addresses.reach(cloud.state().instances[id]?.address ?? '');
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      serve(socket);
    });
    servers.push(server);
    server.listen(8081, address);
    await once(server, 'listening');
    await cloud.elb.registerTargets({ TargetGroupArn: group, Targets: [{ Id: id }] });
    await until(
      () =>
        cloud.state().targetGroups[group]?.targets.some((one) => one.id === id && one.health === 'healthy') === true,
    );
    return id;
  }

  function client(): {
    readonly socket: Socket;
    readonly said: () => string;
    readonly ended: () => string | undefined;
  } {
    let said = '';
    let ended: string | undefined;
    const socket = connect({ host, port: 8080, allowHalfOpen: true });
    sockets.add(socket);
    socket.setEncoding('utf8').on('data', (data: string) => {
      said += data;
    });
    socket.on('end', () => {
      ended = 'end';
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      ended = error.code;
    });
    return { socket, said: () => said, ended: () => ended };
  }

  it('passes bytes on, and the end of one way without the other', async () => {
    await target((socket) => {
      let heard = '';
      socket.setEncoding('utf8').on('data', (data: string) => {
        heard += data;
      });
      socket.on('end', () => socket.end(`heard ${heard}`));
    });
    const { socket, said, ended } = client();
    socket.end('all of it');
    await until(() => ended() !== undefined);
    expect([said(), ended()]).to.deep.equal(['heard all of it', 'end']);
  });

  it('resets connections when there is no target', async () => {
    const { ended } = client();
    await until(() => ended() !== undefined);
    expect(ended()).to.equal('ECONNRESET');
  });

  it('leaves connections to a deregistered target alone, unless it shall end them', async () => {
    await set('deregistration_delay.timeout_seconds', '0');
    const one = await target((socket) => socket.pipe(socket));
    const kept = client();
    kept.socket.write('a');
    await until(() => kept.said() === 'a');
    await cloud.elb.deregisterTargets({ TargetGroupArn: group, Targets: [{ Id: one }] });
    await until(() => cloud.state().targetGroups[group]?.targets.length === 0);
    kept.socket.write('b');
    await until(() => kept.said() === 'ab');
    await set('deregistration_delay.timeout_seconds', '1');
    await set('deregistration_delay.connection_termination.enabled', 'true');
    await cloud.elb.registerTargets({ TargetGroupArn: group, Targets: [{ Id: one }] });
    const cut = client();
    cut.socket.write('a');
    await until(() => cut.said() === 'a');
    await cloud.elb.deregisterTargets({ TargetGroupArn: group, Targets: [{ Id: one }] });
    await until(() => cut.ended() !== undefined);
    expect(cut.ended()).to.equal('ECONNRESET');
  });

  it('tells targets who asks by the PROXY protocol, where it is asked to', async () => {
    await set('proxy_protocol_v2.enabled', 'true');
    const heard: Buffer[] = [];
    await target((socket) => socket.on('data', (data) => heard.push(data)));
    const { socket } = client();
    socket.write('hello');
    await until(() => Buffer.concat(heard).length >= 33);
    const all = Buffer.concat(heard);
    expect(all.subarray(0, 16).toString('hex')).to.equal('0d0a0d0a000d0a515549540a2111000c');
    expect([...all.subarray(16, 24)].join('.')).to.equal(`127.0.0.1.${host}`);
    expect([all.readUInt16BE(24), all.readUInt16BE(26)]).to.deep.equal([socket.localPort, 8080]);
    expect(all.subarray(28).toString()).to.equal('hello');
  });
});
