import {
  CreateLaunchTemplateCommand,
  CreateLaunchTemplateVersionCommand,
  DeleteLaunchTemplateCommand,
  DeleteLaunchTemplateVersionsCommand,
  DescribeLaunchTemplatesCommand,
  DescribeLaunchTemplateVersionsCommand,
  type EC2Client,
  GetLaunchTemplateDataCommand,
  ModifyLaunchTemplateCommand,
  type RequestLaunchTemplateData,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import type { Context } from '../../../src/sandbox/cloud/action.ts';
import { launchTemplateData } from '../../../src/sandbox/cloud/launch-template-data.ts';
import { newId } from '../../../src/sandbox/cloud/resource-ids.ts';
import { type CloudServer, codeOf, startCloudServer } from '../../support/cloud-server.ts';
import { instanceRecord } from '../../support/instance-record.ts';

/** Something of every shape that a template can hold: lists, structures, texts, times. */
const DATA: RequestLaunchTemplateData = {
  ImageId: 'ami-00000000',
  InstanceType: 't3.micro',
  UserData: Buffer.from('#!/bin/sh\n').toString('base64'),
  BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 9, DeleteOnTermination: true } }],
  NetworkInterfaces: [{ DeviceIndex: 0, Groups: ['sg-00000000'], AssociatePublicIpAddress: true }],
  MetadataOptions: { HttpTokens: 'required', HttpEndpoint: 'enabled' },
  IamInstanceProfile: { Name: 'web' },
  TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web' }] }],
  InstanceMarketOptions: { MarketType: 'spot', SpotOptions: { ValidUntil: new Date('2030-01-01T00:00:00Z') } },
};

describe('launch templates', () => {
  let server: CloudServer;
  let ec2: EC2Client;
  before(async () => {
    server = await startCloudServer();
    ec2 = server.ec2();
  });
  after(() => server.stop());

  async function make(LaunchTemplateName: string, data: RequestLaunchTemplateData = DATA): Promise<string> {
    const made = await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName, LaunchTemplateData: data }));
    return made.LaunchTemplate?.LaunchTemplateId ?? '';
  }

  const addVersion = (LaunchTemplateId: string, data: RequestLaunchTemplateData, SourceVersion?: string) =>
    ec2.send(new CreateLaunchTemplateVersionCommand({ LaunchTemplateId, LaunchTemplateData: data, SourceVersion }));

  async function versions(LaunchTemplateId: string, ...Versions: readonly string[]) {
    const input = { LaunchTemplateId, ...(Versions.length > 0 ? { Versions: [...Versions] } : {}) };
    return (await ec2.send(new DescribeLaunchTemplateVersionsCommand(input))).LaunchTemplateVersions ?? [];
  }

  it('give back what was put into them, also after the server ended', async () => {
    const id = await make('whole');
    expect((await versions(id))[0]?.LaunchTemplateData).to.deep.equal(DATA);
    await server.restart();
    ec2 = server.ec2();
    const [version] = await versions(id, '$Latest');
    expect(version).to.deep.include({ VersionNumber: 1, DefaultVersion: true, LaunchTemplateData: DATA });
  });

  it('have versions: on top of another, or on none; the default one is chosen', async () => {
    const id = await make('versions');
    const second = await addVersion(id, { InstanceType: 't3.small' }, '1');
    expect(second.LaunchTemplateVersion?.LaunchTemplateData).to.include({
      ImageId: 'ami-00000000',
      InstanceType: 't3.small',
    });
    await addVersion(id, { InstanceType: 'm5.large' });
    const numbers = async (...asked: readonly string[]) =>
      (await versions(id, ...asked)).map(({ VersionNumber }) => VersionNumber);
    expect(await numbers()).to.deep.equal([3, 2, 1]);
    expect(await numbers('$Latest', '$Default', '1')).to.deep.equal([3, 1]);
    const changed = await ec2.send(new ModifyLaunchTemplateCommand({ LaunchTemplateId: id, DefaultVersion: '2' }));
    expect(changed.LaunchTemplate).to.include({ DefaultVersionNumber: 2, LatestVersionNumber: 3 });
    expect(await numbers('$Default')).to.deep.equal([2]);
    expect(await codeOf(versions(id, '9'))).to.equal('InvalidLaunchTemplateId.VersionNotFound');
  });

  it('lose versions, but not the default one, and do not give a number twice', async () => {
    const id = await make('losing');
    await addVersion(id, { KeyName: 'me' }, '1');
    const input = { LaunchTemplateId: id, Versions: ['1', '2', '7'] };
    const answer = await ec2.send(new DeleteLaunchTemplateVersionsCommand(input));
    const deleted = answer.SuccessfullyDeletedLaunchTemplateVersions?.map(({ VersionNumber }) => VersionNumber);
    const refused = answer.UnsuccessfullyDeletedLaunchTemplateVersions?.map((item) => [
      item.VersionNumber,
      item.ResponseError?.Code,
    ]);
    expect(deleted).to.deep.equal([2]);
    expect(refused).to.deep.equal([
      [1, 'unexpectedError'],
      [7, 'launchTemplateVersionDoesNotExist'],
    ]);
    expect((await addVersion(id, { KeyName: 'you' }, '$Latest')).LaunchTemplateVersion?.VersionNumber).to.equal(3);
  });

  it('are found by name and id, each name once', async () => {
    const id = await make('found');
    const { LaunchTemplates } = await ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ['found'] }));
    expect(LaunchTemplates?.map(({ LaunchTemplateId }) => LaunchTemplateId)).to.deep.equal([id]);
    const codes = [
      codeOf(make('found')),
      codeOf(make('no spaces')),
      codeOf(ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateNames: ['none'] }))),
      codeOf(ec2.send(new DescribeLaunchTemplatesCommand({ LaunchTemplateIds: ['lt-00000000'] }))),
      codeOf(ec2.send(new DescribeLaunchTemplateVersionsCommand({ Versions: ['1'] }))),
      codeOf(ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateId: id, LaunchTemplateName: 'found' }))),
    ];
    expect(await Promise.all(codes)).to.deep.equal([
      'InvalidLaunchTemplateName.AlreadyExistsException',
      'InvalidLaunchTemplateName.MalformedException',
      'InvalidLaunchTemplateName.NotFoundException',
      'InvalidLaunchTemplateId.NotFound',
      'InvalidParameterCombination',
      'InvalidParameterCombination',
    ]);
    await ec2.send(new DeleteLaunchTemplateCommand({ LaunchTemplateName: 'found' }));
    expect(await codeOf(versions(id))).to.equal('InvalidLaunchTemplateId.NotFound');
  });

  it('can be made of an instance', async () => {
    const InstanceId = newId('instances');
    const given = {
      type: 't3.nano',
      imageId: 'ami-00000000',
      groupIds: ['sg-00000000'],
      keyName: 'me',
      tags: { Name: 'web' },
    };
    server.cloud.region('us-east-1').put('instances', instanceRecord({ id: InstanceId, ...given }));
    const { LaunchTemplateData } = await ec2.send(new GetLaunchTemplateDataCommand({ InstanceId }));
    expect(LaunchTemplateData).to.include({ InstanceType: 't3.nano', KeyName: 'me', ImageId: 'ami-00000000' });
    expect(LaunchTemplateData?.NetworkInterfaces?.[0]?.Groups).to.deep.equal(['sg-00000000']);
    expect(LaunchTemplateData?.TagSpecifications?.[0]?.Tags).to.deep.equal([{ Key: 'Name', Value: 'web' }]);
  });

  it('are what a launch means by them', async () => {
    const id = await make('meant');
    await addVersion(id, { KeyName: 'me' });
    const regionNamed = (name: string) => server.cloud.region(name);
    const { cloud } = server;
    const region = regionNamed('us-east-1');
    const context: Context = { cloud, region, regionNamed, seen: cloud.store.state, now: 1 };
    expect(launchTemplateData(context, { LaunchTemplateId: id }).ImageId).to.equal('ami-00000000');
    const newest = launchTemplateData(context, { LaunchTemplateName: 'meant', Version: '$Latest' });
    expect(newest).to.deep.equal({ KeyName: 'me' });
  });
});
