import { expect } from 'chai';
import { watchGroups } from '../../src/sandbox/cloud/scaling/watch-groups.ts';
import { python, pythonMissing } from '../support/python.ts';
import { type ScaledCloud, startScaledCloud } from '../support/scaled-cloud.ts';

const missing = await pythonMissing('boto3');
if (missing === undefined) {
  describe('Auto Scaling as boto3 sees it', () => {
    let cloud: ScaledCloud;
    before(async () => {
      cloud = await startScaledCloud();
    });
    after(() => cloud.stop());

    it('keeps groups, refreshes them, and refuses in the words of AWS', async () => {
      const watch = watchGroups(cloud.server.cloud, { interval: 50 });
      try {
        const { stdout, stderr } = await python('cloud-boto3-scaling.py', cloud.server.endpoint);
        expect(stdout + stderr).to.equal('');
      } finally {
        watch.stop();
      }
    });
  });
} else console.log(`  boto3 is not asked about Auto Scaling: ${missing}`);
