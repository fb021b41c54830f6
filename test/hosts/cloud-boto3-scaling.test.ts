import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { watchGroups } from '../../src/sandbox/cloud/scaling/watch-groups.ts';
import { type ScaledCloud, startScaledCloud } from '../support/scaled-cloud.ts';

const exec = promisify(execFile);

/** A Python that has boto3. */
const PYTHON = process.env['BOTO3_PYTHON'] || 'python3';

const installed = await exec(PYTHON, ['-c', 'import boto3']).then(
  () => true,
  () => false,
);

if (installed) {
  describe('Auto Scaling as boto3 sees it', () => {
    let cloud: ScaledCloud;
    before(async () => {
      cloud = await startScaledCloud();
    });
    after(() => cloud.stop());

    it('keeps groups, refreshes them, and refuses in the words of AWS', async () => {
      const watch = watchGroups(cloud.server.cloud, { interval: 50 });
      const script = join(import.meta.dirname, 'cloud-boto3-scaling.py');
      try {
        const { stdout, stderr } = await exec(PYTHON, [script, cloud.server.endpoint]);
        expect(stdout + stderr).to.equal('');
      } finally {
        watch.stop();
      }
    });
  });
} else console.log(`  boto3 is not asked about Auto Scaling: ${PYTHON} does not have it ($BOTO3_PYTHON)`);
