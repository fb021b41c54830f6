import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { type BalancedCloud, describeBalancing, startBalancedCloud } from '../../../support/balanced-cloud.ts';
import { codeOf } from '../../../support/cloud-server.ts';
import { type Answer, serveTarget, type TargetServer } from '../../../support/target-server.ts';
import { until } from '../../../support/until.ts';

describeBalancing('an application load balancer', () => {
  let cloud: BalancedCloud;
  let balancer: string;
  let group: string;
  let listener: string;
  let host: string;
  const targets: TargetServer[] = [];

  beforeEach(async () => {
    cloud = await startBalancedCloud();
    balancer = await cloud.balancer();
    group = await cloud.group({ HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 2 });
    listener = await cloud.listener(balancer, group);
    const { LoadBalancers = [] } = await cloud.elb.describeLoadBalancers({});
    host = LoadBalancers[0]?.DNSName ?? '';
    expect(LoadBalancers[0]?.State?.Code).to.equal('active');
  });
  afterEach(async () => {
    for (const target of targets.splice(0)) target.stop();
    await cloud.stop();
    expect(cloud.server.errors).to.deep.equal([]);
  });

  /** Registers instances with a server each, and waits until they are healthy. */
  async function serve(count: number, answer?: Answer): Promise<readonly (TargetServer & { readonly id: string })[]> {
    const ids = await cloud.run(count);
    const served = await Promise.all(
      ids.map(async (id) => Object.assign(await serveTarget(cloud, id, answer), { id })),
    );
    targets.push(...served);
    await register(...ids);
    await until(() => ids.every((id) => stateOf(id) === 'healthy'));
    return served;
  }

  const register = (...ids: readonly string[]) =>
    cloud.elb.registerTargets({ TargetGroupArn: group, Targets: ids.map((Id) => ({ Id })) });
  const deregister = (...ids: readonly string[]) =>
    cloud.elb.deregisterTargets({ TargetGroupArn: group, Targets: ids.map((Id) => ({ Id })) });
  const stateOf = (id: string) => cloud.state().targetGroups[group]?.targets.find((target) => target.id === id)?.health;
  const set = (Key: string, Value: string) =>
    cloud.elb.modifyTargetGroupAttributes({ TargetGroupArn: group, Attributes: [{ Key, Value }] });

  interface Answered {
    readonly status: number;
    readonly headers: IncomingMessage['headers'];
    readonly body: string;
  }

  interface Ask {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly agent?: Agent;
  }

  async function ask(path = '/', { method = 'GET', headers = {}, body, agent }: Ask = {}): Promise<Answered> {
    const asked = request({ host, port: 8080, path, method, headers, ...(agent && { agent }) });
    asked.end(body);
    const [answer]: [IncomingMessage] = (await once(asked, 'response')) as [IncomingMessage];
    return { status: answer.statusCode ?? 0, headers: answer.headers, body: await text(answer) };
  }

  it('passes requests on in turn, to targets that are healthy, and tells them who asks', async () => {
    const heard: IncomingMessage[] = [];
    const [one, two] = await serve(2, (message, response) => {
      heard.push(message);
      response.setHeader('X-Target', message.socket.localAddress ?? '').end(`${message.url}`);
    });
    const answers = [await ask('/a?b=c', { headers: { Host: 'example.com' } }), await ask('/d'), await ask('/e')];
    expect(answers.map(({ body }) => body)).to.deep.equal(['/a?b=c', '/d', '/e']);
    const names = answers.map(({ headers }) => headers['x-target']);
    expect(new Set(names.slice(0, 2))).to.deep.equal(new Set([one?.address, two?.address]));
    expect(names[2]).to.equal(names[0]);
    expect(heard[0]?.headers).to.include({
      host: 'example.com',
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-port': '8080',
    });
    expect(heard[0]?.headers['x-amzn-trace-id']).to.match(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24}$/);
    expect(heard.map(({ socket }) => socket.remoteAddress)).to.deep.equal([host, host, host]);
    expect(one?.checks[0]?.headers['user-agent']).to.equal('ELB-HealthChecker/2.0');
  });

  it('streams bodies both ways, and keeps connections for the next request', async () => {
    const sockets = new Set<unknown>();
    await serve(1, (message, response) => {
      sockets.add(message.socket);
      response.writeHead(200, { 'Content-Type': 'text/x' });
      message.pipe(response);
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const asked = request({ host, port: 8080, method: 'POST', agent });
    asked.write('first ');
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    // The answer begins before the request has ended.
    expect(String((await once(answer, 'data'))[0])).to.equal('first ');
    asked.end('last');
    expect(await text(answer)).to.equal('last');
    expect((await ask('/', { method: 'PUT', body: 'x'.repeat(1 << 20), agent })).body).to.have.length(1 << 20);
    for (let count = 0; count < 3; count++) await ask('/', { agent });
    // Each with a body has had one of its own; the others have shared one.
    expect(sockets.size).to.equal(3);
    agent.destroy();
  });

  it('asks again on a new connection when the target has closed the old one, but never says twice what may be said once', async () => {
    const [target] = await serve(1);
    const said = new Map<unknown, number>();
    target?.stop();
    const rude = await serveTarget(cloud, target?.id ?? '', (message, response) => {
      const count = (said.get(message.socket) ?? 0) + 1;
      said.set(message.socket, count);
      // The second request on a connection finds it closed.
      if (count > 1) message.socket.destroy();
      else response.end('ok');
    });
    targets.push(rude);
    for (let count = 0; count < 10; count++) {
      expect((await ask(`/${count}`)).status).to.equal(200);
      expect((await ask('/', { method: 'POST', body: 'x' })).status).to.equal(200);
    }
    expect(rude.asked.filter((line) => line === 'POST /')).to.have.length(10);
  });

  it('answers 503 without a target, and 502 when the target does not answer', async () => {
    expect(await ask()).to.deep.include({ status: 503 });
    const [target] = await serve(1, (message, response) => {
      if (message.url === '/cut') message.socket.destroy();
      else if (message.url === '/half') {
        response.writeHead(200, { 'Content-Length': 100 });
        response.write('half', () => message.socket.destroy());
      } else message.socket.end('SMTP?\r\n\r\n');
    });
    expect(await ask('/cut')).to.deep.include({ status: 502 });
    expect(await ask('/wrong')).to.deep.include({ status: 502 });
    const [error] = await Promise.allSettled([ask('/half')]);
    expect(error?.status).to.equal('rejected');
    target?.stop();
    expect(await ask('/')).to.deep.include({ status: 502 });
    expect((await ask('/')).body).to.include('<h1>502 Bad Gateway</h1>');
  });

  it('answers 504 when a target says nothing for too long', async () => {
    await cloud.elb.modifyLoadBalancerAttributes({
      LoadBalancerArn: balancer,
      Attributes: [{ Key: 'idle_timeout.timeout_seconds', Value: '1' }],
    });
    await serve(1, () => {});
    expect(await ask()).to.deep.include({ status: 504 });
  });

  it('does what the first rule says that is for the request, else what the listener does', async () => {
    await serve(1);
    const other = await cloud.group({ Name: 'other' });
    const rule = (Priority: number, Field: string, value: string, body: string) =>
      cloud.elb.createRule({
        ListenerArn: listener,
        Priority,
        Conditions: [{ Field, Values: [value] }],
        Actions: [
          {
            Type: 'fixed-response',
            FixedResponseConfig: { StatusCode: '200', MessageBody: body, ContentType: 'text/css' },
          },
        ],
      });
    await rule(20, 'path-pattern', '/s*', 'second');
    await rule(10, 'path-pattern', '/st?tic', 'first');
    await rule(30, 'host-header', '*.example.com', 'host');
    await cloud.elb.createRule({
      ListenerArn: listener,
      Priority: 40,
      Conditions: [{ Field: 'query-string', QueryStringConfig: { Values: [{ Key: 'to', Value: 'empty' }] } }],
      Actions: [{ Type: 'forward', TargetGroupArn: other }],
    });
    await cloud.elb.createRule({
      ListenerArn: listener,
      Priority: 50,
      Conditions: [{ Field: 'path-pattern', Values: ['/old/*'] }],
      Actions: [
        {
          Type: 'redirect',
          RedirectConfig: {
            Protocol: 'HTTPS',
            Port: '443',
            Host: 'www.#{host}',
            Path: '/new/#{path}',
            StatusCode: 'HTTP_301',
          },
        },
      ],
    });
    expect((await ask('/static')).body).to.equal('first');
    expect(await ask('/sites')).to.deep.include({ body: 'second' });
    expect((await ask('/', { headers: { Host: 'a.EXAMPLE.com:8080' } })).body).to.equal('host');
    expect((await ask('/?to=empty')).status).to.equal(503);
    expect((await ask('/')).body).to.match(/^i-/);
    const moved = await ask('/old/x?y=z', { headers: { Host: 'example.org' } });
    expect(moved.status).to.equal(301);
    expect(moved.headers.location).to.equal('https://www.example.org:443/new/old/x?y=z');
  });

  it('sends new requests elsewhere as soon as a target is deregistered, and lets those under way finish', async () => {
    let go = () => {};
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const [one, two] = await serve(2, async (message, response) => {
      if (message.url === '/slow') await gate;
      response.end(message.socket.localAddress);
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const slow = [ask('/slow'), ask('/slow')];
    await until(() => (one?.asked.length ?? 0) + (two?.asked.length ?? 0) === 2);
    await deregister(one?.id ?? '');
    for (let count = 0; count < 4; count++) expect((await ask('/', { agent })).body).to.equal(two?.address);
    go();
    const bodies = (await Promise.all(slow)).map(({ body }) => body);
    expect(new Set(bodies)).to.deep.equal(new Set([one?.address, two?.address]));
    // It drains for the whole delay, whatever is under way.
    const { TargetHealthDescriptions = [] } = await cloud.elb.describeTargetHealth({ TargetGroupArn: group });
    expect(TargetHealthDescriptions.map(({ TargetHealth }) => TargetHealth?.State).sort()).to.deep.equal([
      'draining',
      'healthy',
    ]);
    agent.destroy();
  });

  it('cuts off what is under way when the delay is over, and the target is gone', async () => {
    await set('deregistration_delay.timeout_seconds', '1');
    const [one] = await serve(1, () => {});
    const asked = ask('/');
    await until(() => one?.asked.length === 1);
    await deregister(one?.id ?? '');
    expect((await asked).status).to.equal(502);
    await until(() => cloud.state().targetGroups[group]?.targets.length === 0);
    expect((await ask('/')).status).to.equal(503);
  });

  it('loses no request while its targets are replaced by others, over and over', async () => {
    await set('deregistration_delay.timeout_seconds', '1');
    let current = await serve(2);
    let isOver = false;
    const statuses: number[] = [];
    const agent = new Agent({ keepAlive: true, maxSockets: 8 });
    const clients = Array.from({ length: 8 }, async (_, index) => {
      while (!isOver) {
        const method = index % 2 === 0 ? 'GET' : 'POST';
        statuses.push((await ask('/', { method, agent, ...(method === 'POST' && { body: 'x' }) })).status);
      }
    });
    for (let round = 0; round < 3; round++) {
      const next = await serve(2);
      const ids = current.map(({ id }) => id);
      await deregister(...ids);
      await until(() => ids.every((id) => stateOf(id) === undefined));
      for (const { stop } of current) stop();
      await cloud.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids }));
      current = next;
    }
    isOver = true;
    await Promise.all(clients);
    agent.destroy();
    expect(statuses.filter((status) => status !== 200)).to.deep.equal([]);
    expect(statuses.length).to.be.greaterThan(50);
  });

  it('takes a target out after enough bad checks, says why, and asks all when none is healthy', async () => {
    const [one, two] = await serve(2);
    if (one === undefined || two === undefined) throw new Error('two were asked for');
    // Shorter than any that AWS lets be asked for.
    cloud.server.cloud.region('us-east-1').change('targetGroups', group, (record) => {
      return { ...record, check: { ...record.check, interval: 0.1 } };
    });
    one.health = 500;
    await until(() => stateOf(one.id) === 'unhealthy');
    const { TargetHealthDescriptions = [] } = await cloud.elb.describeTargetHealth({
      TargetGroupArn: group,
      Targets: [{ Id: one.id }],
    });
    expect(TargetHealthDescriptions[0]?.TargetHealth).to.deep.equal({
      State: 'unhealthy',
      Reason: 'Target.ResponseCodeMismatch',
      Description: 'Health checks failed with these codes: [500]',
    });
    for (let count = 0; count < 4; count++) expect((await ask()).body).to.equal(two.id);
    two.stop();
    await until(() => stateOf(two.id) === 'unhealthy');
    const bodies = await Promise.all([ask(), ask(), ask(), ask()]);
    expect(bodies.map(({ status }) => status).sort()).to.deep.equal([200, 200, 502, 502]);
  });

  it('forgets an instance that is terminated, and sends it nothing from the moment that it ends', async () => {
    const [one, two] = await serve(2);
    await cloud.ec2.send(new TerminateInstancesCommand({ InstanceIds: [one?.id ?? ''] }));
    for (let count = 0; count < 4; count++) expect((await ask()).body).to.equal(two?.id);
    await until(() => cloud.state().targetGroups[group]?.targets.length === 1);
  });

  it('goes on as it was after the server is started anew', async () => {
    const [one] = await serve(1);
    await cloud.server.restart();
    expect((await ask()).body).to.equal(one?.id);
    await until(() => (one?.checks.length ?? 0) > 1);
  });

  it('lets a client meet the same target again by its cookie', async () => {
    await set('stickiness.enabled', 'true');
    await serve(3);
    const first = await ask();
    const cookie = first.headers['set-cookie']?.[0] ?? '';
    expect(cookie).to.match(/^AWSALB=[^;]+; Expires=[^;]+; Path=\/$/);
    const headers = { Cookie: `a=b; ${cookie.split(';', 1)[0]}` };
    for (let count = 0; count < 4; count++) expect((await ask('/', { headers })).body).to.equal(first.body);
    await deregister(first.body);
    const moved = await ask('/', { headers });
    expect(moved.body).not.to.equal(first.body);
    expect(moved.headers['set-cookie']?.[0]).to.match(/^AWSALB=/);
  });

  it('divides requests over groups by their weights', async () => {
    await serve(1);
    const other = await cloud.group({ Name: 'other' });
    const forward = (weight: number) => ({
      ListenerArn: listener,
      DefaultActions: [
        {
          Type: 'forward' as const,
          ForwardConfig: {
            TargetGroups: [
              { TargetGroupArn: group, Weight: weight },
              { TargetGroupArn: other, Weight: 100 - weight },
            ],
          },
        },
      ],
    });
    const statuses = async () => {
      const answers = await Promise.all(Array.from({ length: 60 }, () => ask()));
      return new Set(answers.map(({ status }) => status));
    };
    await cloud.elb.modifyListener(forward(0));
    expect(await statuses()).to.deep.equal(new Set([503]));
    await cloud.elb.modifyListener(forward(50));
    expect(await statuses()).to.deep.equal(new Set([200, 503]));
    await cloud.elb.modifyListener(forward(100));
    expect(await statuses()).to.deep.equal(new Set([200]));
  });

  it('checks a target anew when its group comes into use again', async () => {
    const [one] = await serve(1);
    await cloud.elb.deleteListener({ ListenerArn: listener });
    await until(() => stateOf(one?.id ?? '') === 'initial');
    one?.stop();
    await cloud.listener(balancer, group, 8083);
    expect(stateOf(one?.id ?? '')).to.equal('initial');
  });

  it('passes an early answer on to who is still sending, and headers as it is told to', async () => {
    const set = (Key: string, Value: string) =>
      cloud.elb.modifyLoadBalancerAttributes({ LoadBalancerArn: balancer, Attributes: [{ Key, Value }] });
    const heard: IncomingMessage[] = [];
    await serve(1, (message, response) => {
      heard.push(message.resume());
      response.writeHead(413, { Server: 'mine', 'X-Odd': 'yes' }).end('too much');
    });
    const early = await ask('/', { method: 'POST', body: 'x'.repeat(4 << 20) });
    expect([early.status, early.body, early.headers.server]).to.deep.equal([413, 'too much', 'mine']);
    const headers = { 'X-Forwarded-For': '192.0.2.1', X_Odd: 'yes', Connection: 'keep-alive, X-Hop', 'X-Hop': 'mine' };
    await ask('/', { headers });
    expect(heard[1]?.headers).to.include({ 'x-forwarded-for': '192.0.2.1, 127.0.0.1', x_odd: 'yes' });
    expect(heard[1]?.headers).not.to.have.property('x-hop');
    await set('routing.http.drop_invalid_header_fields.enabled', 'true');
    await set('routing.http.xff_header_processing.mode', 'preserve');
    await ask('/', { headers });
    expect(heard[2]?.headers).to.include({ 'x-forwarded-for': '192.0.2.1' });
    expect(heard[2]?.headers).not.to.have.property('x_odd');
    await set('routing.http.xff_header_processing.mode', 'remove');
    const Attributes = [{ Key: 'routing.http.response.server.enabled', Value: 'false' }];
    await cloud.elb.modifyListenerAttributes({ ListenerArn: listener, Attributes });
    const { headers: said } = await ask('/', { headers });
    expect(heard[3]?.headers).not.to.have.property('x-forwarded-for');
    expect(said).to.include({ 'x-odd': 'yes' });
    expect(said).not.to.have.property('server');
  });

  it('speaks to old clients, and of answers without content', async () => {
    await serve(1, (message, response) => {
      if (message.url === '/empty') response.writeHead(204).end();
      else if (message.method === 'HEAD') response.writeHead(200, { 'Content-Length': 12 }).end();
      else
        response.end(`${message.method} ${message.headers['content-length']} ${message.headers['transfer-encoding']}`);
    });
    expect(await ask('/', { method: 'HEAD' })).to.deep.include({ status: 200, body: '' });
    expect((await ask('/', { method: 'HEAD' })).headers['content-length']).to.equal('12');
    expect(await ask('/empty')).to.deep.include({ status: 204, body: '' });
    expect((await ask('/', { method: 'POST' })).body).to.match(/^POST (?:0 undefined|undefined chunked)$/);
    expect((await ask('/', { method: 'PUT', headers: { 'Content-Length': '2' }, body: 'ab' })).body).to.equal(
      'PUT 2 undefined',
    );
    const socket = connect(8080, host);
    socket.write('GET / HTTP/1.0\r\n\r\n');
    const said = await text(socket);
    expect(said).to.match(/^HTTP\/1\.1 200 OK\r\n/);
    expect(said.split('\r\n\r\n')[1]).to.equal('GET undefined undefined');
  });

  it('passes upgraded connections on, both ways', async () => {
    await serve(1);
    const socket = connect(8080, host);
    socket.write('GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    let said = '';
    socket.setEncoding('utf8').on('data', (data: string) => {
      said += data;
      if (said.endsWith('hello http ')) socket.write('and back');
    });
    await until(() => said.endsWith('and back'));
    expect(said).to.match(/^HTTP\/1.1 101 Switching Protocols\r\n/);
    socket.destroy();
  });

  it('closes its port when the listener goes, and its address when it goes itself', async () => {
    expect([...cloud.server.addresses.raised]).to.have.length(1);
    await cloud.elb.deleteListener({ ListenerArn: listener });
    const [refused] = await Promise.allSettled([ask()]);
    expect(refused).to.have.nested.property('reason.code', 'ECONNREFUSED');
    await cloud.elb.deleteLoadBalancer({ LoadBalancerArn: balancer });
    expect([...cloud.server.addresses.raised]).to.deep.equal([]);
  });

  it('refuses a listener whose port another program has', async () => {
    const other = createServer().listen(8082, host);
    await once(other, 'listening');
    const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn: group }];
    const create = () =>
      cloud.elb.createListener({ LoadBalancerArn: balancer, Port: 8082, Protocol: 'HTTP', DefaultActions });
    expect(await codeOf(create())).to.equal('UnsupportedOperation');
    expect(Object.keys(cloud.state().listeners)).to.deep.equal([listener]);
    other.close();
    await once(other, 'close');
    await create();
  });
});
