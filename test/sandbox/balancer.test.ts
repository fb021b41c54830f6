import { expect } from 'chai';
import type { Cloud } from '../../src/cloud/cloud.ts';
import { openCloud } from '../../src/cloud/open-cloud.ts';
import { ensureBalancer } from '../../src/sandbox/balancer.ts';
import { type CloudServer, CREDENTIALS, startCloudServer } from '../support/cloud-server.ts';
import { makeKey } from '../support/ssh-keys.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('a load balancer of the sandbox for a fleet', () => {
  const directory = temporaryDirectory();
  let server: CloudServer;
  let cloud: Cloud;
  before(async () => {
    server = await startCloudServer();
    const way = { region: 'us-east-1', endpoint: server.endpoint, credentials: CREDENTIALS };
    cloud = await openCloud({ kind: 'sandbox', why: '', ...way });
  });
  after(async () => {
    cloud.close();
    await server.stop();
  });

  it('is made with all around it, once', async () => {
    const publicKey = `${(await makeKey(directory(), 'key')).path}.pub`;
    const options = { name: 'web', listen: 8000, port: 8080, path: '/health', publicKey };
    const first = await ensureBalancer(cloud, options);
    expect(first).to.include({ targetGroup: 'web', securityGroup: 'web', key: 'sandbox' });
    expect(first.url).to.match(/^http:\/\/[^/]+:8000\/$/);
    expect(await ensureBalancer(cloud, options)).to.deep.equal(first);

    const { TargetGroups: [group] = [] } = await cloud.elb().describeTargetGroups({ Names: ['web'] });
    expect(group).to.include({ Port: 8080, HealthCheckPath: '/health', TargetType: 'instance' });
    expect(group?.LoadBalancerArns).to.have.length(1);
    const { SecurityGroups = [] } = await cloud.ec2().describeSecurityGroups({
      Filters: [{ Name: 'group-name', Values: ['web', 'web-balancer'] }],
    });
    const inner = SecurityGroups.find(({ GroupName }) => GroupName === 'web');
    const own = SecurityGroups.find(({ GroupName }) => GroupName === 'web-balancer');
    const admitted = inner?.IpPermissions?.find(({ FromPort }) => FromPort === 8080)?.UserIdGroupPairs;
    expect(admitted?.map(({ GroupId }) => GroupId)).to.deep.equal([own?.GroupId]);
    const { KeyPairs = [] } = await cloud.ec2().describeKeyPairs({ KeyNames: ['sandbox'] });
    expect(KeyPairs).to.have.length(1);
  });
});
