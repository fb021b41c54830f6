import { expect } from 'chai';
import { addressOf } from '../../src/sandbox/subnet.ts';
import { type CloudServer, startCloudServer } from '../support/cloud-server.ts';
import { python, pythonMissing } from '../support/python.ts';

const missing = await pythonMissing('boto3');
if (missing === undefined) {
  describe('load balancers as boto3 sees them', function () {
    this.timeout(60_000);
    let server: CloudServer;
    before(async () => {
      server = await startCloudServer();
    });
    after(() => server.stop());

    it('pass requests on to healthy targets, and refuse in the words of AWS', async () => {
      const target = addressOf(server.cloud.subnet, 3000);
      const words = [server.endpoint, target, server.addresses.reach(target)];
      const { stdout, stderr } = await python('cloud-boto3-balancing.py', ...words);
      expect(stdout + stderr).to.equal('');
    });
  });
} else console.log(`  boto3 is not asked about load balancers: ${missing}`);
