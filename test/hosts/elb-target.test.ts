import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { EC2 } from '@aws-sdk/client-ec2';
import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { expect } from 'chai';
import { runBin } from '../cli/run-bin.ts';
import { CREDENTIALS } from '../support/cloud-server.ts';
import { type OwnSandbox, ownSandbox } from '../support/own-sandbox.ts';
import { type ServedCloud, serveCloud } from '../support/served-cloud.ts';

const CLIENT = resolve(import.meta.dirname, '../../bench/steady-client.js');

const SERVER = `
import http.server, sys
class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def do_GET(self):
        body = sys.argv[1].encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *_): pass
http.server.ThreadingHTTPServer.request_queue_size = 128
http.server.ThreadingHTTPServer(('', 8000), Web).serve_forever()
`;

/** The play of a user who updates hosts one after the other behind a load balancer. */
const UPDATE = `
- hosts: ec2_instances
  gather_facts: false
  serial: 1
  become: true
  tasks:
    - name: Leave the load balancer
      community.aws.elb_target:
        { target_group_name: app, target_id: "{{ ansible_host }}", state: absent, target_status: unused }
    - name: Install the release
      copy:
        dest: /etc/systemd/system/app.service
        content: |
          [Service]
          ExecStart=/usr/bin/python3 /opt/app.py {{ release }}
    - copy: { src: app.py, dest: /opt/app.py }
    - systemd: { name: app, state: restarted, daemon_reload: true }
    - name: Come back
      community.aws.elb_target: { target_group_name: app, target_id: "{{ ansible_host }}", state: present, target_status: healthy }
`;

describe('a play behind a load balancer', function () {
  this.timeout(300_000);
  let own: OwnSandbox;
  let served: ServedCloud;
  let ec2: EC2;
  let elb: ElasticLoadBalancingV2;
  let url: string;

  before(async () => {
    own = await ownSandbox(2);
    served = await serveCloud(own.home);
    const way = { endpoint: served.endpoint, region: 'us-east-1', credentials: CREDENTIALS };
    ec2 = new EC2(way);
    elb = new ElasticLoadBalancingV2(way);
    const { Subnets = [] } = await ec2.describeSubnets({});
    const { GroupId = '' } = await ec2.createSecurityGroup({ GroupName: 'balancer', Description: 'all may ask' });
    const all = { IpProtocol: 'tcp', FromPort: 80, ToPort: 80, CidrIp: '0.0.0.0/0' };
    await ec2.authorizeSecurityGroupIngress({ GroupId, ...all });
    const { LoadBalancers: [balancer] = [] } = await elb.createLoadBalancer({
      Name: 'app',
      Subnets: Subnets.map(({ SubnetId = '' }) => SubnetId),
      SecurityGroups: [GroupId],
    });
    const { TargetGroups: [group] = [] } = await elb.createTargetGroup({
      ...{ Name: 'app', Protocol: 'HTTP', Port: 8000, TargetType: 'ip', VpcId: Subnets[0]?.VpcId },
      ...{ HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 2 },
    });
    await elb.modifyTargetGroupAttributes({
      TargetGroupArn: group?.TargetGroupArn,
      Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value: '2' }],
    });
    await elb.createListener({
      ...{ LoadBalancerArn: balancer?.LoadBalancerArn, Protocol: 'HTTP', Port: 80 },
      DefaultActions: [{ Type: 'forward', TargetGroupArn: group?.TargetGroupArn }],
    });
    url = `http://${balancer?.DNSName}/`;
    writeFileSync(join(own.home, 'app.py'), SERVER);
    writeFileSync(join(own.home, 'update.yml'), UPDATE);
  });
  after(async () => {
    ec2.destroy();
    elb.destroy();
    await served.stop();
    await own.sandbox.down({ purge: true });
  });

  const update = (release: string) =>
    runBin('play', ['update.yml', '--inventory', own.sandbox.inventoryFile, '-e', `release=${release}`], {
      cwd: own.home,
      env: {
        AWS_ENDPOINT_URL: served.endpoint,
        AWS_REGION: 'us-east-1',
        AWS_ACCESS_KEY_ID: CREDENTIALS.accessKeyId,
        AWS_SECRET_ACCESS_KEY: CREDENTIALS.secretAccessKey,
      },
    });

  it('updates the hosts one after the other, and who asks 50 times a second loses nothing', async () => {
    const first = await update('one');
    expect(first.code, first.stdout + first.stderr).to.equal(0);
    const client = spawn(process.execPath, [CLIENT, url, '--rate', '50', '--quiet'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const said = text(client.stdout);
    await sleep(1000);
    const second = await update('two');
    expect(second.code, second.stdout + second.stderr).to.equal(0);
    await sleep(500);
    client.kill('SIGTERM');
    await once(client, 'close');
    const counted: { readonly requests: number; readonly failed: number; readonly answers: object } = JSON.parse(
      await said,
    );
    expect(counted.failed, JSON.stringify(counted)).to.equal(0);
    expect(Object.keys(counted.answers)).to.deep.equal(['one', 'two']);
    expect(await (await fetch(url)).text()).to.equal('two');
  });
});
