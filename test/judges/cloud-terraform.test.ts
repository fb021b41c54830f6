import { expect } from 'chai';
import { type CloudServer, startCloudServer } from '../support/cloud-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { Terraform, terraformMissing } from '../support/terraform.ts';

const KEY = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB+qMj2LsAIGfglTU21+KrIvQ4Y+V5iYI+12mlWYarrx me@here';

const missing = await terraformMissing();
if (missing === undefined) {
  describe('the API as Terraform sees it', function () {
    this.timeout(900_000);
    const folder = temporaryDirectory();
    let server: CloudServer;
    let terraform: Terraform;

    before(async () => {
      server = await startCloudServer();
      const variables = { endpoint: server.endpoint, public_key: KEY };
      terraform = await Terraform.init(folder(), 'network', variables);
    });
    after(() => server.stop());

    it('has a network, keys, groups and templates that are as they were planned, until they are destroyed', async () => {
      const before = structuredClone(server.resources('eu-west-1'));
      expect(await terraform.apply())
        .to.include('Plan: 16 to add, 0 to change, 0 to destroy.')
        .and.match(/default_subnets = 3\ntemplate_version = 1\n/);
      await terraform.same();
      terraform.set('port', '8080');
      expect(await terraform.applyKnown()).to.include('0 added, 3 changed, 0 destroyed');
      await terraform.same();
      expect(await terraform.destroyKnown()).to.include('Destroy complete! Resources: 16 destroyed.');
      expect(server.resources('eu-west-1')).to.deep.equal(before);
      expect(server.errors).to.deep.equal([]);
    });
  });
} else console.log(`  Terraform is not asked about the API: ${missing}`);
