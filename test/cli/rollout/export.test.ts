import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AttachVolumeCommand, CreateTagsCommand, CreateVolumeCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { exportVerb } from '../../../src/cli/rollout/export.ts';
import { importVerb } from '../../../src/cli/rollout/import.ts';
import { state } from '../../../src/cli/rollout/state.ts';
import { type BalancedCloud, startBalancedCloud } from '../../support/balanced-cloud.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { said } from './session.ts';

describe('rollout export', function () {
  this.timeout(60_000);
  const root = temporaryDirectory();
  let cloud: BalancedCloud;
  let ids: readonly string[] = [];
  let volume = '';
  let group = '';
  before(async () => {
    cloud = await startBalancedCloud();
    ids = await cloud.run(3);
    group = await cloud.group({ Port: 8080 });
    const image = Object.keys(cloud.state().images)[0];
    writeFileSync(
      join(root(), 'playbake.yml'),
      `endpoint: ${cloud.server.endpoint}
region: us-east-1
fleets:
  web: { image: ${image}, count: 2, target_groups: [web], volumes: [{ device: /dev/xvdf, size: 2 }], strategy: { max_unavailable: 1 } }
  api: { image: ${image}, count: 1 }
`,
    );
    const make = new CreateVolumeCommand({ Size: 2, AvailabilityZone: 'us-east-1a', VolumeType: 'gp2' });
    const { VolumeId = '' } = await cloud.ec2.send(make);
    volume = VolumeId;
    await cloud.server.cloud.idle();
    const attach = { VolumeId, InstanceId: ids[0] ?? '', Device: '/dev/xvdf' };
    await cloud.ec2.send(new AttachVolumeCommand(attach));
    for (const [slot, id] of ids.entries()) {
      const Tags = [
        { Key: 'Name', Value: `web-${slot}` },
        { Key: 'Team', Value: 'a "b"' },
      ];
      await cloud.ec2.send(new CreateTagsCommand({ Resources: [id], Tags }));
    }
    await cloud.server.cloud.idle();
    await cloud.elb.registerTargets({ TargetGroupArn: group, Targets: ids.slice(0, 2).map((Id) => ({ Id })) });
    const { code, err } = await said(importVerb, root(), ['web', ...ids.slice(0, 2), 'api', ids[2] ?? '']);
    expect(code, err).to.equal(0);
  });
  after(() => cloud.stop());
  const run = (...args: readonly string[]) => said(exportVerb, root(), args);
  const text = (name: string) => readFileSync(join(root(), name), 'utf8');

  it('writes what instances have now, with imports of them', async () => {
    const { code, out, err } = await run('terraform', 'web');
    expect(code, err).to.equal(0);
    expect(readdirSync(join(root(), 'terraform')).sort()).to.deep.equal(['main.tf', 'web.imports.tf', 'web.tf']);
    expect(statSync(join(root(), 'terraform/web.tf')).mode & 0o777).to.equal(0o600);
    expect(out).to.include('It should say: 4 to import, 2 to add (registrations that are there');
    expect(text('terraform/main.tf')).to.include(`provider "aws" {
  region                     = "us-east-1"
  access_key                 = "playbake"
  secret_key                 = "playbake"
  skip_metadata_api_check    = true
  skip_requesting_account_id = true

  endpoints {
    ec2         = "${cloud.server.endpoint}"
`);
    const web = text('terraform/web.tf');
    expect(web).to.include(`variable "web_image_id" {
  description = "The image of the fleet web."
  type        = string
  default     = "${Object.keys(cloud.state().images)[0]}" # debian-12-amd64-sandbox
}

locals {
  web = {
    "0" = {
      subnet_id = "${cloud.subnets[0]}"
    }
    "1" = {
      subnet_id = "${cloud.subnets[0]}"
    }
  }
}

resource "aws_instance" "web" {
  for_each = local.web

  ami                    = var.web_image_id
  instance_type          = "t3.micro"
  subnet_id              = each.value.subnet_id
`);
    expect(web).to.include(`
  tags = {
    Name = "web-$\{each.key}"
    Team = "a \\"b\\""
  }

  lifecycle {
    create_before_destroy = true
  }
}
`);
    expect(web).to.include(`
  target_group_arn = "${group}"
  target_id        = aws_instance.web[each.key].id
`);
    expect(web).to.include(`
resource "aws_ebs_volume" "web_xvdf" {
  for_each = local.web_xvdf

  availability_zone = each.value.availability_zone
  size              = 2
  type              = "gp2"
`);
    expect(
      text('terraform/web.imports.tf'),
    ).to.equal(`# What runs already. Once it is applied, this file may be removed.

import {
  to = aws_instance.web["0"]
  id = "${ids[0]}"
}

import {
  to = aws_instance.web["1"]
  id = "${ids[1]}"
}

import {
  to = aws_ebs_volume.web_xvdf["0"]
  id = "${volume}"
}

import {
  to = aws_volume_attachment.web_xvdf["0"]
  id = "/dev/xvdf:${volume}:${ids[0]}"
}
`);
  });

  it('writes all fleets where none is named', async () => {
    const { out } = await run('terraform', '-out=all');
    expect(out).to.include('Wrote all/api.tf\nWrote all/api.imports.tf\nWrote all/web.tf\n');
    expect(text('all/api.tf')).to.include('Name = "web-2"').and.not.include('target_group');
  });

  it('does not write over what others wrote', async () => {
    mkdirSync(join(root(), 'mine'));
    writeFileSync(join(root(), 'mine/main.tf'), 'mine');
    expect((await run('terraform', 'web', '-out', 'mine')).err).to.include('mine/main.tf is there already');
    expect(readdirSync(join(root(), 'mine'))).to.deep.equal(['main.tf']);
    expect((await run('terraform', 'web', '-out', 'mine', '-force')).code).to.equal(0);
    expect((await run('terraform', 'web', '-out', 'mine')).code).to.equal(0);
  });

  it('says what cannot be written', async () => {
    expect((await run()).err).to.include('rollout export takes what to write');
    expect((await run('pulumi')).err).to.include('rollout export cannot write "pulumi"');
    expect((await run('terraform', 'wbe')).err).to.include('the state has no fleet wbe');
    await cloud.ec2.send(new StopInstancesCommand({ InstanceIds: ids.slice(2) }));
    await cloud.server.cloud.idle();
    expect((await run('terraform', 'api')).err).to.include(`fleet.api[0]: the instance ${ids[2]} does not run`);
    await said(state, root(), ['rm', 'fleet.api[0]']);
    expect((await run('terraform', 'api')).err).to.include('the fleet api has no instances');
  });
});
