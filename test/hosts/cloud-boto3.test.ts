import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { type CloudServer, startCloudServer } from '../support/cloud-server.ts';

const exec = promisify(execFile);

/** A Python that has boto3. */
const PYTHON = process.env['BOTO3_PYTHON'] || 'python3';

const installed = await exec(PYTHON, ['-c', 'import boto3']).then(
  () => true,
  () => false,
);

if (installed) {
  describe('the API as boto3 sees it', () => {
    let server: CloudServer;
    before(async () => {
      server = await startCloudServer();
    });
    after(() => server.stop());

    it('has networks, keys, groups, tags and templates, and refuses in the words of AWS', async () => {
      const script = join(import.meta.dirname, 'cloud-boto3.py');
      const { stdout, stderr } = await exec(PYTHON, [script, server.endpoint]);
      expect(stdout + stderr).to.equal('');
    });
  });
} else console.log(`  boto3 is not asked about the API: ${PYTHON} does not have it ($BOTO3_PYTHON)`);
