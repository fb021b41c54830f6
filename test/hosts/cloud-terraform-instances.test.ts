import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DescribeInstancesCommand, DescribeVolumesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { namesIn } from '../../src/sandbox/files.ts';
import { homeAt } from '../../src/sandbox/home.ts';
import { createKey } from '../../src/sandbox/machine.ts';
import { CREDENTIALS } from '../support/cloud-server.ts';
import { onInstance } from '../support/on-instance.ts';
import { type OwnSandbox, ownSandbox } from '../support/own-sandbox.ts';
import { type ServedCloud, serveCloud } from '../support/served-cloud.ts';
import { Terraform, terraformMissing } from '../support/terraform.ts';
import { until } from '../support/until.ts';

const missing = await terraformMissing();
if (missing === undefined) {
  describe('instances as Terraform sees them', function () {
    this.timeout(900_000);
    let own: OwnSandbox;
    let cloud: ServedCloud;
    /** Of the region that the configuration is for. */
    let ec2: EC2Client;
    let terraform: Terraform;
    let key: string;

    before(async () => {
      own = await ownSandbox(1);
      cloud = await serveCloud(own.home);
      ec2 = new EC2Client({ region: 'eu-west-1', endpoint: cloud.endpoint, credentials: CREDENTIALS });
      key = join(own.home, 'me');
      await createKey(key, 'me');
      const variables = { endpoint: cloud.endpoint, public_key: await readFile(`${key}.pub`, 'utf8') };
      terraform = await Terraform.init(join(own.home, 'terraform'), 'instance', variables);
    });
    after(async () => {
      await cloud.stop();
      await own.sandbox.down({ purge: true });
    });

    /** What a command says on an instance, once it succeeds there. */
    async function on(address: string, command: string): Promise<string> {
      let said: string | undefined;
      await until(async () => {
        said = await onInstance(address, key, command).catch(() => undefined);
        return said !== undefined;
      }, 500);
      return said ?? '';
    }

    async function states(): Promise<readonly (string | undefined)[]> {
      const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}));
      return Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name));
    }

    it('are machines, of a template or not, with disks and volumes, as planned, until they are destroyed', async () => {
      expect(await terraform.apply()).to.include('7 added, 0 changed, 0 destroyed');
      const address = await terraform.run(0, 'output', '-raw', 'address');
      expect(await on(address, 'cat /etc/told')).to.equal('told');
      expect(await on(address, 'ls -d /volumes/xvdf')).to.equal('/volumes/xvdf');
      expect(await states()).to.deep.equal(['running', 'running']);
      await terraform.same();
      terraform.set('role', 'data');
      expect(await terraform.applyKnown()).to.include('0 added, 1 changed, 0 destroyed');
      await terraform.same();
      expect(await terraform.destroyKnown()).to.include('Destroy complete! Resources: 7 destroyed.');
      expect(await states()).to.deep.equal(['terminated', 'terminated']);
      expect((await ec2.send(new DescribeVolumesCommand({}))).Volumes).to.deep.equal([]);
      expect(await namesIn(homeAt(own.home).instances)).to.deep.equal([]);
    });
  });
} else console.log(`  Terraform is not asked about instances: ${missing}`);
