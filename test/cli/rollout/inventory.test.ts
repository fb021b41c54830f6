import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DescribeInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { importVerb } from '../../../src/cli/rollout/import.ts';
import { inventory } from '../../../src/cli/rollout/inventory.ts';
import { hostKeyArguments } from '../../../src/rollout/apply/health/target.ts';
import { type BalancedCloud, startBalancedCloud } from '../../support/balanced-cloud.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { runBin } from '../run-bin.ts';
import { said } from './session.ts';

const exec = promisify(execFile);
const ansible = await exec('ansible-inventory', ['--version']).then(
  () => true,
  () => false,
);

describe('rollout inventory', function () {
  this.timeout(120_000);
  const root = temporaryDirectory();
  let cloud: BalancedCloud;
  let ids: readonly string[] = [];
  let addresses: readonly string[] = [];
  before(async () => {
    cloud = await startBalancedCloud();
    ids = await cloud.run(4);
    const image = Object.keys(cloud.state().images)[0];
    const { Reservations = [] } = await cloud.ec2.send(new DescribeInstancesCommand({ InstanceIds: [...ids] }));
    const all = Reservations.flatMap(({ Instances = [] }) => Instances);
    addresses = ids.map((id) => all.find(({ InstanceId }) => InstanceId === id)?.PrivateIpAddress ?? '');
    mkdirSync(join(root(), 'keys'));
    writeFileSync(join(root(), 'keys/web'), '');
    writeFileSync(
      join(root(), 'playbake.yml'),
      `endpoint: ${cloud.server.endpoint}
region: us-east-1
fleets:
  web-app:
    { image: ${image}, count: 3, tags: { Team: web }, ssh: { user: admin, private_key: keys/web, address: private } }
  api: { image: ${image}, count: 1 }
`,
    );
    await said(importVerb, root(), ['web-app', ...ids.slice(0, 3), 'api', ids[3] ?? '']);
    await cloud.ec2.send(new TerminateInstancesCommand({ InstanceIds: ids.slice(2, 3) }));
    await cloud.server.cloud.idle();
  });
  after(() => cloud.stop());
  const run = (...args: readonly string[]) => said(inventory, root(), args);

  it('lists a group for each fleet, and all hosts in ec2_instances', async () => {
    const { code, out } = await run('--list');
    expect(code).to.equal(0);
    const { _meta, ...groups } = JSON.parse(out);
    expect(groups).to.deep.equal({
      ec2_instances: { children: ['api', 'web_app'] },
      api: { hosts: ['api-0'] },
      web_app: { hosts: ['web-app-0', 'web-app-1'] },
    });
    expect(Object.keys(_meta.hostvars)).to.deep.equal(['api-0', 'web-app-0', 'web-app-1']);
    expect(_meta.hostvars['web-app-1']).to.deep.equal({
      ansible_host: addresses[1],
      ansible_user: 'admin',
      ansible_ssh_private_key_file: join(root(), 'keys/web'),
      ansible_ssh_common_args: hostKeyArguments(ids[1] ?? '', join(root(), '.playbake')),
      ec2_instance_id: ids[1],
      ec2_image_id: Object.keys(cloud.state().images)[0],
      ec2_image_name: 'debian-12-amd64-sandbox',
      ec2_instance_type: 't3.micro',
      ec2_availability_zone: 'us-east-1a',
      ec2_private_ip_address: addresses[1],
      ec2_public_ip_address: _meta.hostvars['web-app-1'].ec2_public_ip_address,
      ec2_tags: {},
      fleet: 'web-app',
      fleet_slot: 1,
      fleet_in_service: true,
    });
    expect(_meta.hostvars['api-0']).to.include({ ansible_host: addresses[3] }).and.not.have.property('ansible_user');
  });

  it('lists the fleets that are named', async () => {
    const { out } = await run('api');
    expect(JSON.parse(out)).to.have.all.keys('_meta', 'ec2_instances', 'api');
    expect((await run('apj')).err).to.include('the state has no fleet apj\n  hint: did you mean api?');
  });

  it('tells the variables of a host, and none of one that is not there', async () => {
    const { out } = await run('--host', 'api-0');
    expect(JSON.parse(out)).to.include({ ec2_instance_id: ids[3] });
    expect((await run('--host', 'web-app-2')).out).to.equal('{}\n');
  });

  describe('of an executable file', () => {
    let script = '';
    before(() => {
      const directory = join(root(), 'inventory');
      mkdirSync(directory);
      script = join(directory, 'ec2_instances');
      const bin = join(import.meta.dirname, '../../../bin/rollout.js');
      const call = `"${process.execPath}" "${bin}" inventory --config "${join(root(), 'playbake.yml')}"`;
      writeFileSync(script, `#!/bin/sh\nexec ${call} "$@"\n`, { mode: 0o755 });
    });

    it('is read by play', async () => {
      const playbook = join(root(), 'say.yml');
      const message = '{{ inventory_hostname }} {{ ansible_host }} {{ fleet_slot }} {{ group_names }}';
      writeFileSync(
        playbook,
        `- hosts: ec2_instances\n  gather_facts: false\n  tasks: [{ debug: { msg: "${message}" } }]\n`,
      );
      const { code, stdout, stderr } = await runBin('play', [playbook, '-i', script], { cwd: root() });
      expect(code, stderr).to.equal(0);
      for (const line of [
        `api-0 ${addresses[3]} 0 ['api', 'ec2_instances']`,
        `web-app-0 ${addresses[0]} 0 ['ec2_instances', 'web_app']`,
        `web-app-1 ${addresses[1]} 1 ['ec2_instances', 'web_app']`,
      ]) {
        expect(stdout).to.include(line);
      }
    });

    if (ansible) {
      it('is read by Ansible to the same effect', async () => {
        const env = { ...process.env, ANSIBLE_LOCALHOST_WARNING: 'False', ANSIBLE_INVENTORY_UNPARSED_WARNING: 'False' };
        const { stdout, stderr } = await exec('ansible-inventory', ['-i', script, '--list'], { env });
        const ours = JSON.parse((await run()).out);
        expect(JSON.parse(stdout)._meta.hostvars).to.deep.equal(ours._meta.hostvars);
        expect(JSON.parse(stdout).web_app).to.deep.equal(ours.web_app);
        expect(stderr).to.equal('');
      });
    } else console.log('  ansible-inventory is not there to read the inventory');
  });
});
