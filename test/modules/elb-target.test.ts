import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, get, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runBin } from '../cli/run-bin.ts';
import { type BalancedCloud, describeBalancing, startBalancedCloud } from '../support/balanced-cloud.ts';
import { CREDENTIALS } from '../support/cloud-server.ts';
import { serveTarget, type TargetServer } from '../support/target-server.ts';

/** Real plays that call the sandbox's API, in this process, in front of real servers. */
describeBalancing('elb_target', function () {
  this.timeout(60_000);
  let folder: string;
  let cloud: BalancedCloud;
  let group: string;
  let host: string;
  let ids: readonly string[];
  const servers: TargetServer[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'playbake-elb-'));
    cloud = await startBalancedCloud();
    group = await cloud.group({ HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 2 });
    await cloud.listener(await cloud.balancer(), group);
    const { LoadBalancers = [] } = await cloud.elb.describeLoadBalancers({});
    host = LoadBalancers[0]?.DNSName ?? '';
    await cloud.elb.modifyTargetGroupAttributes({
      TargetGroupArn: group,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '1' }],
    });
    ids = await cloud.run(2);
    for (const id of ids) servers.push(await serveTarget(cloud, id));
    const hosts = ids.map((id, index) => `web${index + 1} ansible_connection=local instance_id=${id}\n`);
    writeFileSync(join(folder, 'hosts.ini'), hosts.join(''));
  });
  after(async () => {
    for (const server of servers) server.stop();
    await cloud.stop();
    rmSync(folder, { recursive: true });
  });

  const state = (id = '') => cloud.state().targetGroups[group]?.targets.find((target) => target.id === id);

  async function play(tasks: string, options: readonly string[] = [], environment = {}) {
    const file = join(folder, 'play.yml');
    const keywords = '  hosts: all\n  gather_facts: false\n  serial: 1\n';
    writeFileSync(file, `-\n${keywords}  tasks:\n${tasks.trim().replaceAll(/^/gm, '    ')}\n`);
    const env = {
      AWS_ENDPOINT_URL: cloud.server.endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      ...environment,
    };
    return runBin('play', ['-i', join(folder, 'hosts.ini'), ...options, file], { cwd: folder, env });
  }

  const REGISTER =
    '- elb_target: { target_group_name: web, target_id: "{{ instance_id }}", state: present, target_status: healthy }';

  it('registers hosts and waits until they are healthy; again, it changes nothing', async () => {
    const foretold = await play(REGISTER, ['--check']);
    expect(foretold.stdout).to.match(/^web1 .*ok=1 +changed=1 .*failed=0/m);
    expect(ids.map((id) => state(id))).to.deep.equal([undefined, undefined]);
    const { stdout, code } = await play(REGISTER);
    expect(code, stdout).to.equal(0);
    expect(stdout).to.match(/^web2 .*ok=1 +changed=1 .*failed=0/m);
    expect(ids.map((id) => state(id)?.health)).to.deep.equal(['healthy', 'healthy']);
    expect((await play(REGISTER)).stdout).to.match(/^web1 .*ok=1 +changed=0 .*failed=0/m);
  });

  it('takes hosts out one after the other, so that who asks meanwhile loses nothing', async () => {
    let isOver = false;
    const statuses: number[] = [];
    const agent = new Agent({ keepAlive: true });
    const asking = (async () => {
      while (!isOver) {
        const [answer] = (await once(get({ host, port: 8080, agent }), 'response')) as [IncomingMessage];
        statuses.push(answer.statusCode ?? 0);
        answer.resume();
        await once(answer, 'close');
      }
    })();
    const { stdout, code } = await play(`
- community.aws.elb_target: { target_group_arn: ${group}, target_id: "{{ instance_id }}", state: absent, target_status: unused }
  delegate_to: localhost
  register: out
- debug: { msg: "{{ out.target_health_descriptions.target_health.reason }} {{ out.changed }}" }
${REGISTER}
`);
    isOver = true;
    await asking;
    agent.destroy();
    expect(code, stdout).to.equal(0);
    expect(stdout.match(/Target\.NotRegistered True/g)).to.have.length(2);
    expect(statuses.filter((status) => status !== 200)).to.deep.equal([]);
    expect(statuses.length).to.be.greaterThan(20);
    expect(ids.map((id) => state(id)?.health)).to.deep.equal(['healthy', 'healthy']);
  });

  it('takes the keys, the region and the endpoint as arguments', async () => {
    const access = `region: us-east-1, endpoint_url: "${cloud.server.endpoint}", access_key: AKIA, secret_key: hush-hush`;
    const task = `- elb_target: { target_group_name: web, target_id: "{{ instance_id }}", state: present, ${access} }`;
    const nothing = { AWS_ENDPOINT_URL: '', AWS_REGION: '', AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '' };
    const { stdout, code } = await play(task, ['-v'], nothing);
    expect(code, stdout).to.equal(0);
    expect(stdout).not.to.include('hush-hush');
  });

  it('says what is wrong', async () => {
    const fails = async (args: string, environment = {}) => {
      const { stdout, stderr } = await play(
        `- elb_target: { target_id: i-1, ${args} }`,
        ['--limit', 'web1'],
        environment,
      );
      return stdout + stderr;
    };
    expect(await fails('state: present, target_group_name: other')).to.include(
      'there is no target group other in us-east-1',
    );
    expect(await fails('state: present, target_group_name: web')).to.match(/FAILED! .*InvalidTarget.*i-1/s);
    expect(await fails('state: present')).to.include('one of target_group_arn and target_group_name is required');
    const late = `state: present, target_group_name: web, target_id: ${ids[0]}, target_status: unused, target_status_timeout: 1`;
    const said = await play(`- elb_target: { ${late} }`, ['--limit', 'web1']);
    expect(said.stdout).to.include('Status check timeout of 1 exceeded, last status was healthy');
    const nowhere = { AWS_REGION: '', AWS_CONFIG_FILE: '/dev/null', AWS_ENDPOINT_URL: '' };
    expect(await fails('state: present, target_group_name: web', nowhere)).to.match(/no region is given.*AWS_REGION/s);
  });
});
