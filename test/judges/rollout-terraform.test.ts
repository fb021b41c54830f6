import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AttachVolumeCommand,
  CreateLaunchTemplateCommand,
  CreateTagsCommand,
  CreateVolumeCommand,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { exportVerb } from '../../src/cli/rollout/export.ts';
import { importVerb } from '../../src/cli/rollout/import.ts';
import { nextState } from '../../src/rollout/state/next-state.ts';
import { seedBaseImages } from '../../src/sandbox/cloud/base-images.ts';
import { said } from '../cli/rollout/session.ts';
import { runBin } from '../cli/run-bin.ts';
import { fleetOf } from '../rollout/support/states.ts';
import { type BalancedCloud, startBalancedCloud } from '../support/balanced-cloud.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { Terraform, terraformMissing } from '../support/terraform.ts';

const NASTY = `#!/bin/sh\necho "\${HOME} $\${HOME} %{if} %%{if} \\n \\"quoted\\" grün" > /tmp/a\ncat <<EOT\nEOT\n`;

/** As a user may have written it, who knows nothing of us but the variable. */
const ownConfiguration = (endpoint: string, subnet: string) => `terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}
variable "image_id" {
  type = string
}
provider "aws" {
  region                     = "us-east-1"
  access_key                 = "a"
  secret_key                 = "b"
  skip_metadata_api_check    = true
  skip_requesting_account_id = true
  endpoints {
    ec2 = "${endpoint}"
    sts = "${endpoint}"
    iam = "${endpoint}"
  }
}
resource "aws_instance" "web" {
  count         = 2
  ami           = var.image_id
  instance_type = "t3.micro"
  subnet_id     = "${subnet}"
  tags          = { Name = "web" }
  lifecycle {
    create_before_destroy = true
  }
}
`;

const missing = await terraformMissing();
if (missing === undefined) {
  describe('what is exported, as Terraform sees it', function () {
    this.timeout(900_000);
    const folder = temporaryDirectory();
    let cloud: BalancedCloud;
    let group = '';
    let image = '';
    before(async () => {
      cloud = await startBalancedCloud();
      group = await cloud.group({ Port: 8080 });
      image = Object.keys(cloud.state().images)[0] ?? '';
    });
    after(() => cloud.stop());

    /** Instances of a fleet, each with a data volume, registered with the target group. */
    async function fleet(name: string, count: number, userData: string): Promise<readonly string[]> {
      const ids: string[] = [];
      for (let slot = 0; slot < count; slot += 1) {
        const { Instances = [] } = await cloud.ec2.send(
          new RunInstancesCommand({
            ...{ ImageId: image, InstanceType: 't3.micro', MinCount: 1, MaxCount: 1 },
            SubnetId: cloud.subnets[slot % 2],
            UserData: Buffer.from(userData).toString('base64'),
          }),
        );
        const id = Instances[0]?.InstanceId ?? '';
        const zone = Instances[0]?.Placement?.AvailabilityZone;
        const make = new CreateVolumeCommand({ Size: 2, AvailabilityZone: zone, VolumeType: 'gp3' });
        const { VolumeId = '' } = await cloud.ec2.send(make);
        await cloud.server.cloud.idle();
        await cloud.ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: id, Device: '/dev/xvdf' }));
        const Tags = [
          { Key: 'Name', Value: `${name}-${slot}` },
          { Key: 'Motto', Value: 'a "b" \\ ${c} %{d}' },
        ];
        await cloud.ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
        ids.push(id);
      }
      await cloud.server.cloud.idle();
      await cloud.elb.registerTargets({ TargetGroupArn: group, Targets: ids.map((Id) => ({ Id })) });
      return ids;
    }

    async function exported(name: string, more: string, ids: readonly string[]): Promise<Terraform> {
      const directory = join(folder(), name);
      mkdirSync(directory);
      writeFileSync(
        join(directory, 'playbake.yml'),
        `endpoint: ${cloud.server.endpoint}\nregion: us-east-1\nfleets:\n  ${name}: { image: ${image}, count: 3, ${more} }\n`,
      );
      const imported = await said(importVerb, directory, [name, ...ids]);
      expect(imported.code, imported.err).to.equal(0);
      const { code, out, err } = await said(exportVerb, directory, ['terraform', '-out=tf']);
      expect(code, err).to.equal(0);
      expect(out).to.include('Wrote tf/main.tf');
      return Terraform.in(join(directory, 'tf'));
    }

    it('is well written, and changes nothing of what runs', async () => {
      const ids = await fleet('web', 3, NASTY);
      const data = 'volumes: [{ device: /dev/xvdf, size: 2 }], strategy: { max_unavailable: 1 }';
      const terraform = await exported('web', `target_groups: [web], ${data}`, ids);
      await terraform.run(0, 'fmt', '-check', '-diff');
      const before = structuredClone(cloud.state());
      const targets = await cloud.elb.describeTargetHealth({ TargetGroupArn: group });
      expect(await terraform.apply())
        .to.include('Plan: 9 to import, 3 to add, 0 to change, 0 to destroy.')
        .and.include('9 imported, 3 added, 0 changed, 0 destroyed');
      await terraform.same();
      expect(cloud.state().instances).to.deep.equal(before.instances);
      expect(cloud.state().volumes).to.deep.equal(before.volumes);
      const after = await cloud.elb.describeTargetHealth({ TargetGroupArn: group });
      expect(after.TargetHealthDescriptions).to.deep.equal(targets.TargetHealthDescriptions);
    });

    it('has nothing to add where no target group is in it', async () => {
      const ids = await fleet('api-v2', 2, 'no lines');
      await cloud.elb.deregisterTargets({ TargetGroupArn: group, Targets: ids.map((Id) => ({ Id })) });
      const terraform = await exported('api-v2', 'ssh: { user: admin }', ids);
      await terraform.run(0, 'fmt', '-check', '-diff');
      const plan = await terraform.run(2, 'plan', '-detailed-exitcode');
      expect(plan).to.include('Plan: 6 to import, 0 to add, 0 to change, 0 to destroy.');
    });

    it('knows Auto Scaling groups, and changes nothing but how they are refreshed', async () => {
      const directory = join(folder(), 'group');
      mkdirSync(directory);
      const tags = [
        { Key: 'Name', Value: 'web' },
        { Key: 'playbake:fleet', Value: 'web' },
      ];
      const { LaunchTemplate } = await cloud.ec2.send(
        new CreateLaunchTemplateCommand({
          LaunchTemplateName: 'playbake-web',
          VersionDescription: 'playbake 0123',
          TagSpecifications: [{ ResourceType: 'launch-template', Tags: tags.slice(1) }],
          LaunchTemplateData: {
            ImageId: image,
            InstanceType: 't3.micro',
            SecurityGroupIds: [Object.keys(cloud.state().securityGroups)[0] ?? ''],
            UserData: Buffer.from(NASTY).toString('base64'),
            TagSpecifications: [
              { ResourceType: 'instance', Tags: tags },
              { ResourceType: 'volume', Tags: tags },
            ],
          },
        }),
      );
      const launchTemplateId = LaunchTemplate?.LaunchTemplateId ?? '';
      const scaling = cloud.server.scaling('us-east-1');
      await scaling.createAutoScalingGroup({
        AutoScalingGroupName: 'playbake-web',
        LaunchTemplate: { LaunchTemplateId: launchTemplateId, Version: '1' },
        ...{ MinSize: 2, MaxSize: 3, DesiredCapacity: 2 },
        VPCZoneIdentifier: cloud.subnets.slice(0, 2).join(','),
        ...{ HealthCheckType: 'ELB', HealthCheckGracePeriod: 300, TargetGroupARNs: [group] },
        InstanceMaintenancePolicy: { MinHealthyPercentage: 100, MaxHealthyPercentage: 150 },
        Tags: [{ Key: 'playbake:fleet', Value: 'web', PropagateAtLaunch: false }],
      });
      const kept = { name: 'playbake-web', launchTemplateId, launchTemplateVersion: 1 };
      const fleets = { web: fleetOf([], { engine: 'autoscaling', group: kept }) };
      writeFileSync(join(directory, 'playbake.state.json'), JSON.stringify(nextState(undefined, fleets)));
      writeFileSync(
        join(directory, 'playbake.yml'),
        `endpoint: ${cloud.server.endpoint}\nregion: us-east-1\nfleets: { web: { image: ${image}, count: 2, engine: autoscaling } }\n`,
      );
      const { code, err } = await said(exportVerb, directory, ['terraform', '-out=tf']);
      expect(code, err).to.equal(0);
      const terraform = await Terraform.in(join(directory, 'tf'));
      await terraform.run(0, 'fmt', '-check', '-diff');
      const shown = async () => (await scaling.describeAutoScalingGroups({})).AutoScalingGroups;
      const before = await shown();
      const applied = await terraform.apply();
      expect(applied)
        .to.include('Plan: 2 to import, 0 to add, 1 to change, 0 to destroy.')
        .and.include('2 imported, 0 added, 1 changed, 0 destroyed');
      // All of it is Terraform's own: what the group is does not change.
      expect(applied.match(/^ +[~+-] .*/gm)?.map((line) => line.trim().replace(/ +=.*| \{$/, ''))).to.deep.equal([
        '~ update in-place',
        '~ resource "aws_autoscaling_group" "web"',
        '+ force_delete',
        '+ force_delete_warm_pool',
        '+ ignore_failed_scaling_activities',
        '+ wait_for_capacity_timeout',
        '+ instance_refresh',
        '+ strategy',
        '+ preferences',
        '+ auto_rollback',
        '+ max_healthy_percentage',
        '+ min_healthy_percentage',
        '+ scale_in_protected_instances',
        '+ skip_matching',
        '+ standby_instances',
        '+ web_group',
      ]);
      expect(await shown()).to.deep.equal(before);
      const { InstanceRefreshes } = await scaling.describeInstanceRefreshes({ AutoScalingGroupName: 'playbake-web' });
      expect(InstanceRefreshes).to.deep.equal([]);
      await terraform.same();
      scaling.destroy();
    });

    it('takes a new image from rollout apply --engine terraform, and keeps it', async () => {
      const directory = join(folder(), 'own');
      const infra = join(directory, 'infra');
      mkdirSync(infra, { recursive: true });
      const configure = (ami: string) =>
        writeFileSync(
          join(directory, 'playbake.yml'),
          `endpoint: ${cloud.server.endpoint}
region: us-east-1
fleets: { web: { image: ${ami}, count: 2, terraform: { directory: infra } } }
`,
        );
      writeFileSync(join(infra, 'main.tf'), ownConfiguration(cloud.server.endpoint, cloud.subnets[0] ?? ''));
      const byHand = await Terraform.in(infra);
      const env = { TF_CLI_CONFIG_FILE: '/dev/null', CHECKPOINT_DISABLE: '1', TF_CLI_ARGS: '-no-color' };
      const rollout = (...words: readonly string[]) =>
        runBin('rollout', [...words, '--engine', 'terraform'], { cwd: directory, env });
      const imagesOfWeb = () =>
        Object.values(cloud.state().instances)
          .filter(({ tags, state }) => tags['Name'] === 'web' && state === 'running')
          .map(({ imageId }) => imageId);

      configure(image);
      const first = await rollout('apply', '-auto-approve');
      expect(first.code, first.stderr + first.stdout).to.equal(0);
      expect(first.stdout).to.include('Plan: 2 to add').and.include('Apply complete! Resources: 2 added');
      expect(imagesOfWeb()).to.deep.equal([image, image]);
      expect((await rollout('plan', '-detailed-exitcode')).code).to.equal(0);

      const { bases, settings } = cloud.server.home;
      seedBaseImages(cloud.server.cloud, {
        base: join(bases, 'two'),
        settings: join(settings, 'two-2026-02-02'),
        hosts: [],
      });
      const newer = Object.keys(cloud.state().images).find((id) => id !== image) ?? '';
      configure(newer);
      const planned = await rollout('plan', '-detailed-exitcode');
      expect(planned.code, planned.stderr).to.equal(2);
      expect(planned.stdout)
        .to.include('# forces replacement')
        .and.include('Plan: 2 to add, 0 to change, 2 to destroy.');
      const second = await rollout('apply', '-auto-approve');
      expect(second.code, second.stderr).to.equal(0);
      await cloud.server.cloud.idle();
      expect(imagesOfWeb()).to.deep.equal([newer, newer]);
      // By hand, Terraform stays with that image.
      await byHand.same();
      const { fleets } = JSON.parse(readFileSync(join(directory, 'playbake.state.json'), 'utf8'));
      const releases: readonly { readonly image: { readonly id: string } }[] = fleets.web.history;
      expect(releases.map((release) => release.image.id)).to.deep.equal([image, newer]);
    });
  });
} else console.log(`  Terraform is not asked about what is exported: ${missing}`);
