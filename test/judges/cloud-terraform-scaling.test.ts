import { expect } from 'chai';
import { watchGroups } from '../../src/sandbox/cloud/scaling/watch-groups.ts';
import { watchInstances } from '../../src/sandbox/cloud/watch-instances.ts';
import { type ScaledCloud, startScaledCloud } from '../support/scaled-cloud.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { Terraform, terraformMissing } from '../support/terraform.ts';

const missing = await terraformMissing();
if (missing === undefined) {
  describe('Auto Scaling as Terraform sees it', function () {
    this.timeout(900_000);
    const folder = temporaryDirectory();
    let cloud: ScaledCloud;
    let terraform: Terraform;
    let faster: NodeJS.Timeout;
    let watches: readonly { readonly stop: () => void }[] = [];

    before(async () => {
      cloud = await startScaledCloud();
      const { server } = cloud;
      const groups = watchGroups(server.cloud, { interval: 50, clock: server.clock });
      watches = [groups, watchInstances(server.cloud, { interval: 50 })];
      // A second is a minute: nobody waits for hooks as long as they may take.
      faster = setInterval(() => server.pass(5900), 100);
      terraform = await Terraform.init(folder(), 'scaling', { endpoint: server.endpoint, region: 'us-east-1' });
    });
    after(async () => {
      clearInterval(faster);
      for (const watch of watches) watch.stop();
      await cloud.stop();
    });

    /** What instances run, by the version of their template. */
    const versions = () =>
      Object.values(cloud.state().instances)
        .filter(({ state }) => state === 'running')
        .map(({ tags }) => tags['aws:ec2launchtemplate:version']);

    const targets = () => Object.values(cloud.state().targetGroups).flatMap((group) => group.targets);

    async function until(what: string, holds: () => boolean): Promise<void> {
      for (let round = 0; !holds(); round += 1) {
        if (round > 600) throw new Error(`it does not come true: ${what}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }

    it('keeps groups as they were planned, and refreshes them, until they are destroyed', async () => {
      expect(await terraform.apply()).to.include('5 added, 0 changed, 0 destroyed');
      expect(versions()).to.deep.equal(['1', '1']);
      expect(targets()).to.have.length(2);
      await terraform.same();
      terraform.set('type', 't3.small');
      terraform.set('desired', '3');
      expect(await terraform.applyKnown()).to.include('0 added, 2 changed, 0 destroyed');
      await until('the refresh is over', () => {
        return Object.values(cloud.state().instanceRefreshes).every(({ status }) => status === 'Successful');
      });
      await until('the old ones have ended', () => versions().length === 3);
      expect(versions()).to.deep.equal(['2', '2', '2']);
      expect(targets()).to.have.length(3);
      await terraform.same();
      expect(await terraform.destroyKnown()).to.include('Destroy complete! Resources: 5 destroyed.');
      expect(versions()).to.deep.equal([]);
      expect(cloud.state()).to.deep.include({
        scalingGroups: {},
        instanceRefreshes: {},
        targetGroups: {},
        volumes: {},
      });
      expect(cloud.server.errors).to.deep.equal([]);
    });
  });
} else console.log(`  Terraform is not asked about Auto Scaling: ${missing}`);
