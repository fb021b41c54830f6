import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { addressOf } from '../../src/sandbox/subnet.ts';
import { type CloudServer, startCloudServer } from '../support/cloud-server.ts';

const exec = promisify(execFile);

/** A Python that has boto3. */
const PYTHON = process.env['BOTO3_PYTHON'] || 'python3';

const installed = await exec(PYTHON, ['-c', 'import boto3']).then(
  () => true,
  () => false,
);

if (installed) {
  describe('load balancers as boto3 sees them', function () {
    this.timeout(60_000);
    let server: CloudServer;
    before(async () => {
      server = await startCloudServer();
    });
    after(() => server.stop());

    it('pass requests on to healthy targets, and refuse in the words of AWS', async () => {
      const script = join(import.meta.dirname, 'cloud-boto3-balancing.py');
      const target = addressOf(server.cloud.subnet, 3000);
      const words = [script, server.endpoint, target, server.addresses.reach(target)];
      const { stdout, stderr } = await exec(PYTHON, words);
      expect(stdout + stderr).to.equal('');
    });
  });
} else console.log(`  boto3 is not asked about load balancers: ${PYTHON} does not have it ($BOTO3_PYTHON)`);
