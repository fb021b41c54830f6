/** One description, two ways: a host that was played, and an instance of the image that the same playbook was baked into. */

import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { homeAt } from '../../src/sandbox/home.ts';
import { createKey } from '../../src/sandbox/machine.ts';
import { runBin } from '../cli/run-bin.ts';
import { type OwnCloud, ownCloud } from '../support/own-cloud.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const exec = promisify(execFile);
const PLAYBOOKS = resolve(import.meta.dirname, '../../playbooks');

/** Every file with its kind, mode, owner and content, every package, and every unit that starts at boot or runs. */
const TELL = `
cd /
find . -xdev \\( -path ./proc -o -path ./sys -o -path ./dev -o -path ./run -o -path ./tmp \\) -prune -o -type f -printf '%m %u:%g ' -exec sha256sum {} \\; \\
  -o -type l -printf 'link %l  %p\\n' -o -printf '%y %m %u:%g  %p\\n'
dpkg-query -W -f 'package \${Package} \${Version} \${db:Status-Abbrev}\\n'
systemctl list-unit-files --no-legend --state=enabled | awk '{ print "enabled", $1 }'
systemctl list-units --no-legend --plain --type=service --state=running | awk '{ print "runs", $1 }'
`;

/** What may differ, and why. */
const MAY_DIFFER: readonly (readonly [RegExp, string])[] = [
  [/ \.\/etc\/(hostname|hosts|machine-id|resolv\.conf)$/, 'who the machine is'],
  [/ \.\/etc\/ssh\/ssh_host_/, 'its host keys'],
  [/ \.\/etc\/playbake(\/|$)/, 'the manifest of the image'],
  [/ \.\/(root|home\/\w+)\/\.ssh(\/|$)/, 'who may log in'],
  [/ \.\/home\/ops(\/|$)/, 'the keys of the sandbox that hosts are given'],
  [/ \.\/var\/log(\/|$)/, 'logs'],
  [/ \.\/var\/lib\/(systemd|dbus|private|playbake|cloud)(\/|$)/, 'what a boot leaves'],
  [/ \.\/var\/(cache|lib\/apt|lib\/dpkg\/lock\S*|spool|tmp|backups)(\/|$)/, 'caches, that an image is cleaned of'],
  [/\.pyc$|__pycache__/, 'compiled by the first run, with times in them'],
  [/ \.\/volumes$/, 'where data volumes are mounted'],
  [
    / \.\/etc\/systemd\/system\/\S*playbake|enabled playbake-|enabled ssh-host-keys/,
    'host keys that an image makes at its boot',
  ],
];

describe('a host that was played and an instance that was baked', function () {
  this.timeout(600_000);
  const directory = temporaryDirectory();
  let cloud: OwnCloud;
  before(async () => {
    cloud = await ownCloud();
  });
  after(() => cloud?.stop());

  it('are the same but for what makes a machine this machine', async () => {
    const project = join(directory(), 'project');
    cpSync(PLAYBOOKS, project, { recursive: true });
    const options = { cwd: project, env: { PLAYBAKE_SANDBOX: cloud.home } };
    const home = homeAt(cloud.home);
    const played = await runBin('play', ['app_update.yml', '--inventory', home.inventory], options);
    expect(played.code, played.stderr).to.equal(0);
    const baked = await runBin('bake', ['app_update.yml', '--json'], options);
    expect(baked.code, baked.stderr).to.equal(0);
    const { address } = JSON.parse(await cloud.sandbox('status', '--json'))[0];

    const host = await told(`ubuntu@${address}`, home.key);
    const instance = await told(`ubuntu@${await launched()}`, join(directory(), 'key'));
    const [one, other] = [new Set(host), new Set(instance)];
    const differing = [
      ...host.filter((line) => !other.has(line)).map((line) => `played: ${line}`),
      ...instance.filter((line) => !one.has(line)).map((line) => `baked:  ${line}`),
    ];
    expect(differing.filter((line) => !MAY_DIFFER.some(([pattern]) => pattern.test(line)))).to.deep.equal([]);
    // A reason that nothing needs any more is one that hides something tomorrow.
    const needless = MAY_DIFFER.filter(([pattern]) => !differing.some((line) => pattern.test(line)));
    expect(needless.map(([, reason]) => reason)).to.deep.equal([]);
    expect(host.length).to.be.above(5000);
    expect(host).to.include('runs app.service').and.to.include('enabled app.service');
  });

  /** The address of an instance of the newest image, once it answers. */
  async function launched(): Promise<string> {
    const { ec2 } = cloud;
    const key = join(directory(), 'key');
    await createKey(key, 'parity');
    await ec2.importKeyPair({ KeyName: 'parity', PublicKeyMaterial: await readFile(`${key}.pub`) });
    const { GroupId = '' } = await ec2.createSecurityGroup({ GroupName: 'parity', Description: 'parity' });
    const everywhere = { IpProtocol: '-1', CidrIp: '0.0.0.0/0' };
    await ec2.authorizeSecurityGroupIngress({ GroupId, ...everywhere });
    const { Images: [image] = [] } = await ec2.describeImages({ Owners: ['self'] });
    const { Instances: [instance] = [] } = await ec2.runInstances({
      ImageId: image?.ImageId,
      InstanceType: 't3.micro',
      MinCount: 1,
      MaxCount: 1,
      KeyName: 'parity',
      SecurityGroupIds: [GroupId],
    });
    const InstanceIds = [instance?.InstanceId ?? ''];
    for (let round = 0; round < 600; round += 1) {
      const { InstanceStatuses: [status] = [] } = await ec2.describeInstanceStatus({ InstanceIds });
      if (status?.InstanceStatus?.Status === 'ok') return instance?.PrivateIpAddress ?? '';
      await sleep(100);
    }
    throw new Error('the instance does not answer');
  }

  /** What the machine tells, once the application answers on it. */
  async function told(login: string, key: string): Promise<readonly string[]> {
    const ssh = [
      '-F',
      'none',
      '-o',
      'StrictHostKeyChecking=no',
      '-o',
      'UserKnownHostsFile=/dev/null',
      '-i',
      key,
      login,
    ];
    const ready = `for i in $(seq 100); do curl -fsS http://127.0.0.1:8080/ && break; sleep 0.2; done >/dev/null 2>&1`;
    const { stdout } = await exec('ssh', [...ssh, `${ready}; sudo sh -c '${TELL.replaceAll("'", `'\\''`)}'`], {
      maxBuffer: 1 << 26,
    });
    return stdout.trim().split('\n').sort();
  }
});
