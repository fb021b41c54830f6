import { setTimeout as sleep } from 'node:timers/promises';
import { AutoScaling, type RefreshPreferences } from '@aws-sdk/client-auto-scaling';
import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { namesIn } from '../../src/sandbox/files.ts';
import { homeAt } from '../../src/sandbox/home.ts';
import { CREDENTIALS } from '../support/cloud-server.ts';
import { type OwnSandbox, ownSandbox } from '../support/own-sandbox.ts';
import { type ServedCloud, serveCloud } from '../support/served-cloud.ts';
import { balancing, servingScript, type WebBalancer, webBalancer } from '../support/web-balancer.ts';

const WEB = { AutoScalingGroupName: 'web' };

const userData = (text: string | undefined) => Buffer.from(servingScript(text)).toString('base64');

/** Real machines in a group behind a real load balancer, with a server that is killed in the midst of it. */
describe('Auto Scaling of real machines', function () {
  this.timeout(600_000);
  let own: OwnSandbox;
  let cloud: ServedCloud;
  let scaling: AutoScaling;
  let web: WebBalancer;
  let LaunchTemplateId: string;

  const connect = async () => {
    cloud = await serveCloud(own.home);
    scaling = new AutoScaling({ region: 'us-east-1', endpoint: cloud.endpoint, credentials: CREDENTIALS });
  };
  const crash = async () => {
    await cloud.kill();
    await connect();
  };

  before(async () => {
    own = await ownSandbox(1);
    await connect();
    const { ec2 } = cloud;
    web = await webBalancer(cloud);
    const { imageId: ImageId, securityGroupId, targetGroup, subnets } = web;
    const data = { ImageId, InstanceType: 't3.micro' as const, SecurityGroupIds: [securityGroupId] };
    const template = await ec2.send(
      new CreateLaunchTemplateCommand({
        LaunchTemplateName: 'web',
        LaunchTemplateData: { ...data, UserData: userData('one') },
      }),
    );
    LaunchTemplateId = template.LaunchTemplate?.LaunchTemplateId ?? '';
    await scaling.createAutoScalingGroup({
      ...WEB,
      ...{ MinSize: 0, MaxSize: 4, DesiredCapacity: 2, VPCZoneIdentifier: subnets.join(',') },
      ...{ HealthCheckType: 'ELB', HealthCheckGracePeriod: 120, TargetGroupARNs: [targetGroup] },
      LaunchTemplate: { LaunchTemplateId, Version: '1' },
    });
  });

  after(async () => {
    await cloud.stop();
    await own.sandbox.down({ purge: true });
  });

  async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
    for (let round = 0; !(await holds()); round += 1) {
      if (round > 1200) throw new Error(`it does not come true: ${what}`);
      await sleep(100);
    }
  }

  const page = () => web.page();

  async function instances() {
    const { AutoScalingGroups: [group] = [] } = await scaling.describeAutoScalingGroups({
      AutoScalingGroupNames: ['web'],
    });
    return group?.Instances ?? [];
  }

  const inService = async () => (await instances()).filter(({ LifecycleState }) => LifecycleState === 'InService');

  /** Ids of the targets that the load balancer finds healthy. */
  async function healthy(): Promise<readonly string[]> {
    const elb = balancing(cloud);
    const { TargetHealthDescriptions = [] } = await elb.describeTargetHealth({ TargetGroupArn: web.targetGroup });
    elb.destroy();
    const found = TargetHealthDescriptions.filter(({ TargetHealth }) => TargetHealth?.State === 'healthy');
    return found.flatMap(({ Target }) => Target?.Id ?? []);
  }

  async function version(text: string | undefined): Promise<string> {
    const LaunchTemplateData = { UserData: userData(text) };
    const input = { LaunchTemplateId, SourceVersion: '1', LaunchTemplateData };
    const { LaunchTemplateVersion } = await cloud.ec2.send(new CreateLaunchTemplateVersionCommand(input));
    return String(LaunchTemplateVersion?.VersionNumber);
  }

  async function refresh(Version: string): Promise<void> {
    const Preferences: RefreshPreferences = {
      ...{ MinHealthyPercentage: 100, MaxHealthyPercentage: 150, InstanceWarmup: 0, AutoRollback: true },
    };
    const DesiredConfiguration = { LaunchTemplate: { LaunchTemplateId, Version } };
    await scaling.startInstanceRefresh({ ...WEB, DesiredConfiguration, Preferences });
  }

  async function status(): Promise<string> {
    const { InstanceRefreshes: [newest] = [] } = await scaling.describeInstanceRefreshes(WEB);
    return newest?.Status ?? '';
  }

  it('serves as many as it shall, and replaces what somebody ends', async () => {
    await until('both serve', async () => (await healthy()).length === 2);
    expect(await page()).to.equal('one');
    const [{ InstanceId: gone = '' } = {}] = await instances();
    await cloud.ec2.send(new TerminateInstancesCommand({ InstanceIds: [gone] }));
    await until('another serves', async () => {
      const ids = await healthy();
      return ids.length === 2 && !ids.includes(gone);
    });
  });

  it('refreshes them without a gap, although the server is killed', async () => {
    await refresh(await version('two'));
    const pages: string[] = [];
    let asks = true;
    const asking = (async () => {
      for (; asks; await sleep(50)) pages.push(await page());
    })();
    await until('a new one is there', async () => (await instances()).length === 3);
    asks = false;
    await asking;
    expect(pages.filter((text) => text !== 'one' && text !== 'two')).to.deep.equal([]);
    await crash();
    await until('half of it is done', async () => (await page()) === 'two');
    await crash();
    await until('the refresh is over', async () => (await status()) === 'Successful');
    await until('the old ones are gone', async () => (await instances()).length === 2);
    await until('all pages are new', async () => (await page()) === 'two' && (await page()) === 'two');
    expect((await instances()).map(({ LaunchTemplate }) => LaunchTemplate?.Version)).to.deep.equal(['2', '2']);
  });

  it('goes back from what does not serve, and never stops serving', async () => {
    await refresh(await version(undefined));
    await until('a new one is there', async () => (await inService()).length === 3);
    await sleep(3000);
    expect(await status()).to.equal('InProgress');
    await scaling.rollbackInstanceRefresh(WEB);
    await until('it is back', async () => (await status()) === 'RollbackSuccessful');
    expect(await page()).to.equal('two');
    expect((await inService()).map(({ LaunchTemplate }) => LaunchTemplate?.Version)).to.deep.equal(['2', '2']);
  });

  it('leaves nothing when it is deleted', async () => {
    await scaling.deleteAutoScalingGroup({ ...WEB, ForceDelete: true });
    await until('it is gone', async () => {
      return ((await scaling.describeAutoScalingGroups({})).AutoScalingGroups ?? []).length === 0;
    });
    expect(await namesIn(homeAt(own.home).instances)).to.deep.equal([]);
  });
});
