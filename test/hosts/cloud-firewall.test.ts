import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { loadFirewall } from '../../src/sandbox/cloud/firewall.ts';
import { firewallProgram } from '../../src/sandbox/cloud/firewall-program.ts';
import type { InstanceRecord } from '../../src/sandbox/cloud/instance-record.ts';
import type { SecurityGroupRuleRecord } from '../../src/sandbox/cloud/network-records.ts';
import { EMPTY, EMPTY_REGION } from '../../src/sandbox/cloud/state.ts';
import { createNamespace, removeNamespace } from '../../src/sandbox/network.ts';
import { claimedSubnet } from '../../src/sandbox/register.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { addressOf, namespaceOf, type Subnet } from '../../src/sandbox/subnet.ts';
import { instanceRecord } from '../support/instance-record.ts';
import { ownSandbox } from '../support/own-sandbox.ts';

const exec = promisify(execFile);

/** Real links, sockets and packets; who sends them is a process in the namespace that an instance would have. */
describe('security groups in force', () => {
  const LISTEN = `for (const port of [22, 80]) require('node:net').createServer((socket) => socket.pipe(socket)).listen(port, '0.0.0.0', () => console.log(port))`;
  const NUMBERS = { one: 300, two: 301, far: 302 } as const;
  type Name = keyof typeof NUMBERS;
  const NAMES: readonly Name[] = ['one', 'two', 'far'];
  let sandbox: Sandbox;
  let subnet: Subnet;
  const servers: ChildProcess[] = [];

  before(async () => {
    const own = await ownSandbox(1);
    sandbox = own.sandbox;
    const claimed = await claimedSubnet(own.home);
    if (claimed === undefined) throw new Error('the sandbox has no subnet');
    subnet = claimed;
    for (const name of NAMES) {
      await createNamespace(subnet, name, NUMBERS[name]);
      const inside = ['netns', 'exec', namespaceOf(subnet, name)];
      const server = spawn('ip', [...inside, process.execPath, '-e', LISTEN], { stdio: ['ignore', 'pipe', 'inherit'] });
      servers.push(server);
      if (server.stdout !== null) await once(server.stdout, 'data');
    }
  });

  after(async () => {
    for (const server of servers) server.kill();
    for (const name of NAMES) await removeNamespace(subnet, name);
    await sandbox.down({ purge: true });
  });

  const at = (name: Name) => addressOf(subnet, NUMBERS[name]);

  type Terms = Partial<SecurityGroupRuleRecord> & Pick<SecurityGroupRuleRecord, 'groupId' | 'peer'>;

  /** `one` has the group a, `two` has b, both in one VPC; `far` has a too, in another VPC. */
  async function enforce(...rules: readonly Terms[]): Promise<void> {
    const instance = (name: Name, groupId: string, vpcId: string): InstanceRecord =>
      instanceRecord({ id: name, number: NUMBERS[name], address: at(name), vpcId, groupIds: [groupId] });
    const records = rules.map((terms, index) => {
      const plain = { tags: {}, createdAt: 0, egress: false, protocol: 'tcp', from: 22, to: 22 };
      return [`sgr-${index}`, { ...plain, id: `sgr-${index}`, ...terms }] as const;
    });
    const region = {
      ...EMPTY_REGION,
      instances: { one: instance('one', 'sg-a', 'vpc-1'), two: instance('two', 'sg-b', 'vpc-1') },
      securityGroupRules: Object.fromEntries(records),
    };
    const other = { ...EMPTY_REGION, instances: { far: instance('far', 'sg-a', 'vpc-2') } };
    await loadFirewall(firewallProgram({ ...EMPTY, regions: { here: region, there: other } }, subnet));
  }

  const OPEN = { protocol: '-1', egress: true, peer: { ipv4: '0.0.0.0/0' } };

  /** Whether a connection comes about: from an instance, from this machine, or from a host of `sandbox up`. */
  async function reaches(from: Name | 'here' | 'web1', address: string, port: number): Promise<boolean> {
    const ask = ['timeout', '2', 'bash', '-c', `: </dev/tcp/${address}/${port}`];
    const via = from === 'here' ? [] : ['ip', 'netns', 'exec', namespaceOf(subnet, from)];
    const words = from === 'web1' ? await sandbox.sshCommand('web1', [`${ask.slice(0, 4).join(' ')} '${ask[4]}'`]) : [];
    const [program = '', ...args] = from === 'web1' ? words : [...via, ...ask];
    return exec(program, args).then(
      () => true,
      () => false,
    );
  }

  it('let in from this machine what they name, and nothing else', async () => {
    await enforce({ groupId: 'sg-a', peer: { ipv4: `${subnet.gateway}/32` } });
    expect(await reaches('here', at('one'), 22)).to.equal(true);
    const others = [reaches('here', at('one'), 80), reaches('here', at('two'), 22), reaches('web1', at('one'), 22)];
    expect(await Promise.all(others)).to.deep.equal([false, false, false]);
    await enforce({ groupId: 'sg-a', peer: { ipv4: '0.0.0.0/0' } });
    expect(await reaches('web1', at('one'), 22)).to.equal(true);
    await enforce({ groupId: 'sg-a', peer: { ipv4: '192.0.2.0/24' } });
    expect(await reaches('here', at('one'), 22)).to.equal(false);
  });

  it('let members of a group in, one way, and let answers pass', async () => {
    // `two` may not begin anything: what it says to `one` are answers.
    await enforce({ groupId: 'sg-a', ...OPEN }, { groupId: 'sg-b', from: 80, to: 80, peer: { groupId: 'sg-a' } });
    expect(await reaches('one', at('two'), 80)).to.equal(true);
    const others = [reaches('one', at('two'), 22), reaches('two', at('one'), 80), reaches('here', at('two'), 80)];
    expect(await Promise.all(others)).to.deep.equal([false, false, false]);
  });

  it('keep an instance from asking for what no rule lets out', async () => {
    const into = { groupId: 'sg-b', protocol: '-1', peer: { ipv4: '0.0.0.0/0' } };
    await enforce(into, { groupId: 'sg-a', egress: true, from: 80, to: 80, peer: { groupId: 'sg-b' } });
    expect(await reaches('one', at('two'), 80)).to.equal(true);
    expect(await reaches('one', at('two'), 22)).to.equal(false);
  });

  it('keep other VPCs out, whatever they let in', async () => {
    const all = { protocol: '-1', peer: { ipv4: '0.0.0.0/0' } };
    await enforce(
      { groupId: 'sg-a', ...OPEN },
      { groupId: 'sg-b', ...OPEN },
      { groupId: 'sg-a', ...all },
      { groupId: 'sg-b', ...all },
    );
    expect(await reaches('one', at('two'), 80)).to.equal(true);
    const others = [reaches('far', at('two'), 80), reaches('two', at('far'), 80)];
    expect(await Promise.all(others)).to.deep.equal([false, false]);
  });

  it('leave the hosts of `sandbox up` alone, which instances reach too', async () => {
    await enforce({ groupId: 'sg-a', ...OPEN });
    const [host] = await sandbox.status();
    const address = host?.address ?? '';
    expect(await Promise.all([reaches('here', address, 22), reaches('one', address, 22)])).to.deep.equal([true, true]);
    expect(await reaches('two', address, 22)).to.equal(false);
  });
});
