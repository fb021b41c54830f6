import { createServer } from 'node:http';
import { expect } from 'chai';
import { addressOf } from '../../src/sandbox/subnet.ts';
import { type CloudServer, startCloudServer } from '../support/cloud-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { Terraform, terraformMissing } from '../support/terraform.ts';

const missing = await terraformMissing();
if (missing === undefined) {
  describe('load balancers as Terraform sees them', function () {
    this.timeout(900_000);
    const folder = temporaryDirectory();
    let server: CloudServer;
    let terraform: Terraform;
    const target = createServer((_, response) => response.end('the target'));

    before(async () => {
      server = await startCloudServer();
      const address = addressOf(server.cloud.subnet, 3000);
      target.listen(8081, server.addresses.reach(address));
      const variables = { endpoint: server.endpoint, network: server.cloud.subnet.network, address };
      terraform = await Terraform.init(folder(), 'balancing', variables);
    });
    after(async () => {
      target.close();
      await server.stop();
    });

    it('are as they were planned, and pass requests on, until they are destroyed', async () => {
      const before = structuredClone(server.resources('eu-west-1'));
      const said = await terraform.apply();
      expect(said).to.include('Apply complete! Resources: 14 added, 0 changed, 0 destroyed.');
      await terraform.same();
      const [, address = ''] = /address = "([^"]+)"/.exec(said) ?? [];
      expect(await (await fetch(`http://${address}:8080/`)).text()).to.equal('the target');
      for (const [name, value] of [
        ['path', '/'],
        ['idle', '30'],
        ['green', '100'],
      ] as const)
        terraform.set(name, value);
      expect(await terraform.applyKnown()).to.include('0 added, 4 changed, 0 destroyed');
      await terraform.same();
      expect((await fetch(`http://${address}:8080/`)).status).to.equal(503);
      expect(await terraform.destroyKnown()).to.include('Destroy complete! Resources: 14 destroyed.');
      expect(server.resources('eu-west-1')).to.deep.equal(before);
      expect([...server.addresses.raised]).to.deep.equal([]);
      expect(server.errors).to.deep.equal([]);
    });
  });
} else console.log(`  Terraform is not asked about load balancers: ${missing}`);
