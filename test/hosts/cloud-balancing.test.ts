import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EC2 } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect } from 'chai';
import { claimedSubnet } from '../../src/sandbox/register.ts';
import { namespaceOf, type Subnet } from '../../src/sandbox/subnet.ts';
import { CREDENTIALS } from '../support/cloud-server.ts';
import { type OwnSandbox, ownSandbox } from '../support/own-sandbox.ts';
import { type ServedCloud, serveCloud } from '../support/served-cloud.ts';

const exec = promisify(execFile);
const CLIENT = resolve(import.meta.dirname, '../../bench/steady-client.js');

/** A server of HTTP/1.1 that says the name of its machine. */
const USER_DATA = `#!/bin/sh
cat >/root/web.py <<'END'
import http.server, socket
class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_GET(self):
        body = socket.gethostname().encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer.request_queue_size = 128
http.server.ThreadingHTTPServer(('', 80), Web).serve_forever()
END
systemd-run --unit=web python3 /root/web.py
`;

/** Real machines behind real proxies and real packet filters. */
describe('load balancers of the cloud', function () {
  this.timeout(300_000);
  let own: OwnSandbox;
  let subnet: Subnet;
  let served: ServedCloud;
  let ec2: EC2;
  let elb: ElasticLoadBalancingV2;
  let image: string;
  let webGroup: string;
  let balancerGroup: string;
  let balancer: string;
  let targets: string;
  let host: string;
  const clients: ChildProcess[] = [];

  const connect = () => {
    const way = { endpoint: served.endpoint, region: 'us-east-1', credentials: CREDENTIALS };
    ec2 = new EC2(way);
    elb = new ElasticLoadBalancingV2(way);
  };

  before(async () => {
    own = await ownSandbox(1);
    const claimed = await claimedSubnet(own.home);
    if (claimed === undefined) throw new Error('the sandbox has no subnet');
    subnet = claimed;
    served = await serveCloud(own.home);
    connect();
    image = (await ec2.describeImages({ Owners: ['sandbox'] })).Images?.[0]?.ImageId ?? '';
    const group = async (name: string) => {
      return (await ec2.createSecurityGroup({ GroupName: name, Description: name })).GroupId ?? '';
    };
    [webGroup, balancerGroup] = [await group('web'), await group('balancer')];
    const port = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80 };
    const fromBalancer = { ...port, UserIdGroupPairs: [{ GroupId: balancerGroup }] };
    await ec2.authorizeSecurityGroupIngress({ GroupId: webGroup, IpPermissions: [fromBalancer] });
    await open(['0.0.0.0/0']);
    const { Subnets = [] } = await ec2.describeSubnets({});
    const made = await elb.createLoadBalancer({
      Name: 'web',
      Subnets: Subnets.map(({ SubnetId = '' }) => SubnetId),
      SecurityGroups: [balancerGroup],
    });
    balancer = made.LoadBalancers?.[0]?.LoadBalancerArn ?? '';
    host = made.LoadBalancers?.[0]?.DNSName ?? '';
    const { TargetGroups = [] } = await elb.createTargetGroup({
      ...{ Name: 'web', Protocol: 'HTTP', Port: 80, VpcId: Subnets[0]?.VpcId },
      ...{ HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 2, HealthyThresholdCount: 2 },
    });
    targets = TargetGroups[0]?.TargetGroupArn ?? '';
    await elb.modifyTargetGroupAttributes({
      TargetGroupArn: targets,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '3' }],
    });
    const DefaultActions = [{ Type: 'forward' as const, TargetGroupArn: targets }];
    await elb.createListener({ LoadBalancerArn: balancer, Protocol: 'HTTP', Port: 80, DefaultActions });
  });

  after(async () => {
    for (const client of clients) client.kill();
    ec2.destroy();
    elb.destroy();
    await served.stop();
    await own.sandbox.down({ purge: true });
  });

  /** Lets these networks ask the load balancer, and no others. */
  async function open(networks: readonly string[]): Promise<void> {
    const { SecurityGroups: [group] = [] } = await ec2.describeSecurityGroups({ GroupIds: [balancerGroup] });
    const before = group?.IpPermissions ?? [];
    if (before.length > 0) await ec2.revokeSecurityGroupIngress({ GroupId: balancerGroup, IpPermissions: before });
    const IpRanges = networks.map((CidrIp) => ({ CidrIp }));
    const rule = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges };
    await ec2.authorizeSecurityGroupIngress({ GroupId: balancerGroup, IpPermissions: [rule] });
  }

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (let round = 0; !(await holds()); round += 1) {
      if (round > 600) throw new Error(`it does not come true: ${what}`);
      await sleep(100);
    }
  }

  async function states(): Promise<ReadonlyMap<string, string>> {
    const { TargetHealthDescriptions = [] } = await elb.describeTargetHealth({ TargetGroupArn: targets });
    return new Map(
      TargetHealthDescriptions.map(({ Target, TargetHealth }) => [Target?.Id ?? '', TargetHealth?.State ?? '']),
    );
  }

  /** Instances that answer through the load balancer. */
  async function launch(count: number): Promise<readonly string[]> {
    const { Instances = [] } = await ec2.runInstances({
      ...{ ImageId: image, InstanceType: 't3.micro', MinCount: count, MaxCount: count },
      ...{ SecurityGroupIds: [webGroup], UserData: Buffer.from(USER_DATA).toString('base64') },
    });
    const InstanceIds = Instances.map(({ InstanceId = '' }) => InstanceId);
    await until('the instances run', async () => {
      const { InstanceStatuses = [] } = await ec2.describeInstanceStatus({ InstanceIds });
      return InstanceStatuses.filter(({ InstanceStatus }) => InstanceStatus?.Status === 'ok').length === count;
    });
    await elb.registerTargets({ TargetGroupArn: targets, Targets: InstanceIds.map((Id) => ({ Id })) });
    await until('the targets are healthy', async () => {
      const now = await states();
      return InstanceIds.every((id) => now.get(id) === 'healthy');
    });
    return InstanceIds;
  }

  async function retire(ids: readonly string[]): Promise<void> {
    await elb.deregisterTargets({ TargetGroupArn: targets, Targets: ids.map((Id) => ({ Id })) });
    await until('the targets have drained', async () => {
      const now = await states();
      return ids.every((id) => !now.has(id));
    });
    await ec2.terminateInstances({ InstanceIds: [...ids] });
    await until('the instances are gone', async () => {
      const { Reservations = [] } = await ec2.describeInstances({ InstanceIds: [...ids] });
      return Reservations.every(({ Instances = [] }) => Instances.every(({ State }) => State?.Name === 'terminated'));
    });
  }

  /** What an address answers: to this machine, to a host of `sandbox up`, or to an instance; empty when it does not. */
  async function asked(address: string, from = 'here'): Promise<string> {
    const words = ['curl', '--silent', '--max-time', '3', `http://${address}/`] as const;
    const inside = ['ip', 'netns', 'exec', namespaceOf(subnet, from), ...words];
    const elsewhere = async () => (from === 'web1' ? own.sandbox.sshCommand('web1', words) : inside);
    const [program = '', ...args] = from === 'here' ? words : await elsewhere();
    return exec(program, args).then(
      ({ stdout }) => stdout.trim(),
      () => '',
    );
  }

  const addressOf = async (id: string) => {
    const { Reservations = [] } = await ec2.describeInstances({ InstanceIds: [id] });
    return Reservations[0]?.Instances?.[0]?.PrivateIpAddress ?? '';
  };

  let current: readonly string[] = [];

  it('ask instances that let only them in, and are asked by those whom they let in', async () => {
    current = await launch(2);
    expect(await asked(host)).to.match(/^ip-/);
    expect(await asked(host, 'web1')).to.match(/^ip-/);
    expect(await asked(await addressOf(current[0] ?? ''))).to.equal('');
    const [instance = ''] = current;
    expect(await asked(host, instance)).to.match(/^ip-/);
    await open(['192.0.2.0/24']);
    expect(await Promise.all(['here', 'web1', instance].map((from) => asked(host, from)))).to.deep.equal(['', '', '']);
    const members = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: webGroup }] };
    await ec2.authorizeSecurityGroupIngress({ GroupId: balancerGroup, IpPermissions: [members] });
    expect(await asked(host)).to.equal('');
    expect(await asked(host, instance)).to.match(/^ip-/);
    const [web1] = await own.sandbox.status();
    await open([`${web1?.address}/32`]);
    expect(await asked(host)).to.equal('');
    expect(await asked(host, 'web1')).to.match(/^ip-/);
    await open(['0.0.0.0/0']);
  });

  it('lose no request of many while all instances are replaced', async () => {
    const client = spawn(process.execPath, [CLIENT, `http://${host}/`, '--rate', '200', '--quiet'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    clients.push(client);
    const said = text(client.stdout);
    await sleep(1000);
    for (let round = 0; round < 2; round++) {
      const before = current;
      current = await launch(2);
      await retire(before);
    }
    await sleep(1000);
    client.kill('SIGTERM');
    await once(client, 'close');
    const counted: { readonly requests: number; readonly failed: number; readonly answers: object } = JSON.parse(
      await said,
    );
    expect(counted.failed, JSON.stringify(counted)).to.equal(0);
    expect(counted.requests).to.be.greaterThan(1000);
    // Names follow from addresses, which the last two may have of the first two.
    expect(Object.keys(counted.answers).length).to.be.at.least(4);
  });

  it('come back as they were when their server is killed', async () => {
    await served.kill();
    expect(await asked(host)).to.equal('');
    served = await serveCloud(own.home);
    connect();
    expect(await asked(host)).to.match(/^ip-/);
    expect([...(await states()).values()]).to.deep.equal(['healthy', 'healthy']);
  });

  it('are shown by `sandbox status`, and leave no address behind', async () => {
    const playbake = join(import.meta.dirname, '../../bin/playbake.js');
    const env = { ...process.env, PLAYBAKE_SANDBOX: own.home };
    const { stdout } = await exec(process.execPath, [playbake, 'sandbox', 'status'], { env });
    expect(stdout).to.include(`Load balancer web (active, us-east-1): ${host}, HTTP:80\n  ${current[0]}:80 healthy\n`);
    const isThere = async () => {
      const [addresses, routes] = [
        await exec('ip', ['-4', 'addr']),
        await exec('ip', ['route', 'show', 'table', 'local']),
      ];
      return [addresses.stdout.includes(` ${host}/32 `), routes.stdout.includes(`local ${host} `)];
    };
    expect(await isThere()).to.deep.equal([true, true]);
    await elb.deleteLoadBalancer({ LoadBalancerArn: balancer });
    expect(await isThere()).to.deep.equal([false, false]);
    await elb.deleteTargetGroup({ TargetGroupArn: targets });
  });
});
