import { expect } from 'chai';
import { type CloudServer, startCloudServer } from '../support/cloud-server.ts';
import { python, pythonMissing } from '../support/python.ts';

const missing = await pythonMissing('boto3');
if (missing === undefined) {
  describe('the API as boto3 sees it', () => {
    let server: CloudServer;
    before(async () => {
      server = await startCloudServer();
    });
    after(() => server.stop());

    it('has networks, keys, groups, tags and templates, and refuses in the words of AWS', async () => {
      const { stdout, stderr } = await python('cloud-boto3.py', server.endpoint);
      expect(stdout + stderr).to.equal('');
    });
  });
} else console.log(`  boto3 is not asked about the API: ${missing}`);
