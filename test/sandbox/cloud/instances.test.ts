import { join } from 'node:path';
import {
  AssociateIamInstanceProfileCommand,
  CreateKeyPairCommand,
  CreateLaunchTemplateCommand,
  CreateSecurityGroupCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstanceCreditSpecificationsCommand,
  DescribeInstanceStatusCommand,
  DescribeInstancesCommand,
  DescribeVolumesCommand,
  type EC2Client,
  GetConsoleOutputCommand,
  type Instance,
  ModifyInstanceAttributeCommand,
  ModifyInstanceMetadataOptionsCommand,
  RebootInstancesCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  StartInstancesCommand,
  StopInstancesCommand,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { seedBaseImages } from '../../../src/sandbox/cloud/base-images.ts';
import { watchInstances } from '../../../src/sandbox/cloud/watch-instances.ts';
import { type CloudServer, codeOf, startCloudServer } from '../../support/cloud-server.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('instances', () => {
  let server: CloudServer;
  let ec2: EC2Client;
  let image: string;

  beforeEach(async () => {
    server = await startCloudServer();
    const { bases, settings } = server.home;
    seedBaseImages(server.cloud, { base: join(bases, 'one'), settings: join(settings, 'one-2026-01-01'), hosts: [] });
    ec2 = server.ec2();
    image = Object.keys(server.cloud.region('us-east-1').state.images)[0] ?? '';
  });
  afterEach(() => server.stop());

  type Launch = Partial<RunInstancesCommandInput>;
  const run = async (input: Launch = {}): Promise<readonly Instance[]> => {
    const wanted = { ImageId: image, InstanceType: 't3.micro' as const, MinCount: 1, MaxCount: 1, ...input };
    return (await ec2.send(new RunInstancesCommand(wanted))).Instances ?? [];
  };
  const runOne = async (input: Launch = {}): Promise<Instance & { readonly InstanceId: string }> => {
    const [instance] = await run(input);
    await server.cloud.idle();
    return { ...instance, InstanceId: instance?.InstanceId ?? '' };
  };
  const refusal = (input: Launch) => codeOf(run(input));
  const describe = async (input = {}): Promise<readonly Instance[]> => {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand(input));
    return Reservations.flatMap(({ Instances = [] }) => Instances);
  };
  const shown = async (id: string): Promise<Instance | undefined> => (await describe({ InstanceIds: [id] }))[0];

  it('are launched as they are asked for, and shown', async () => {
    await ec2.send(new CreateKeyPairCommand({ KeyName: 'me', KeyType: 'ed25519' }));
    const { GroupId = '' } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'web', Description: 'web' }));
    const { InstanceId, State } = await runOne({
      KeyName: 'me',
      SecurityGroupIds: [GroupId],
      UserData: base64('#!/bin/sh\n'),
      Placement: { AvailabilityZone: 'us-east-1b' },
      MetadataOptions: { HttpTokens: 'required', InstanceMetadataTags: 'enabled' },
      BlockDeviceMappings: [
        { DeviceName: '/dev/xvda', Ebs: { VolumeSize: 20 } },
        { DeviceName: '/dev/sdf', Ebs: { VolumeSize: 5, VolumeType: 'gp3', DeleteOnTermination: false } },
      ],
      TagSpecifications: [
        { ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'web' }] },
        { ResourceType: 'volume', Tags: [{ Key: 'of', Value: 'web' }] },
        { ResourceType: 'network-interface', Tags: [{ Key: 'card', Value: 'first' }] },
      ],
    });
    expect(State).to.deep.equal({ Code: 0, Name: 'pending' });
    const instance = await shown(InstanceId);
    expect(instance).to.deep.include({
      State: { Code: 16, Name: 'running' },
      ImageId: image,
      InstanceType: 't3.micro',
      KeyName: 'me',
      SecurityGroups: [{ GroupId, GroupName: 'web' }],
      Tags: [{ Key: 'Name', Value: 'web' }],
      Placement: { AvailabilityZone: 'us-east-1b', GroupName: '', Tenancy: 'default' },
      PublicIpAddress: instance?.PrivateIpAddress,
      PrivateDnsName: `ip-${instance?.PrivateIpAddress?.replaceAll('.', '-')}.ec2.internal`,
    });
    expect(instance?.MetadataOptions).to.include({
      HttpTokens: 'required',
      HttpPutResponseHopLimit: 1,
      State: 'applied',
    });
    const { Volumes = [] } = await ec2.send(
      new DescribeVolumesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [InstanceId] }] }),
    );
    const volumes = Volumes.map(({ Size, State: state, Attachments, Tags }) => [
      Size,
      state,
      Attachments?.[0]?.Device,
      Tags,
    ]);
    expect(volumes).to.have.deep.members([
      [20, 'in-use', '/dev/xvda', [{ Key: 'of', Value: 'web' }]],
      [5, 'in-use', '/dev/sdf', [{ Key: 'of', Value: 'web' }]],
    ]);
    const record = server.cloud.region('us-east-1').state.instances[InstanceId];
    expect(record?.publicKey).to.match(/^ssh-ed25519 /);
    expect(record?.layers).to.deep.equal(['settings/one-2026-01-01', 'base/one']);
    expect(record?.interfaceTags).to.deep.equal({ card: 'first' });
  });

  it('are launched from a template, which the call goes before', async () => {
    const data = {
      ImageId: image,
      InstanceType: 't3.small' as const,
      UserData: base64('one'),
      TagSpecifications: [
        {
          ResourceType: 'instance' as const,
          Tags: [
            { Key: 'a', Value: 'template' },
            { Key: 'b', Value: 'template' },
          ],
        },
      ],
    };
    await ec2.send(new CreateLaunchTemplateCommand({ LaunchTemplateName: 'web', LaunchTemplateData: data }));
    const { InstanceId } = await runOne({
      ImageId: undefined,
      InstanceType: undefined,
      // As Terraform says that it wants none.
      Placement: { AvailabilityZone: '' },
      UserData: base64('two'),
      LaunchTemplate: { LaunchTemplateName: 'web', Version: '$Latest' },
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'a', Value: 'call' }] }],
    });
    const instance = await shown(InstanceId);
    expect(instance).to.include({ ImageId: image, InstanceType: 't3.small' });
    const tags = Object.fromEntries((instance?.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]));
    expect(tags).to.include({ a: 'call', b: 'template', 'aws:ec2launchtemplate:version': '1' });
    expect(tags['aws:ec2launchtemplate:id']).to.match(/^lt-/);
    expect(server.cloud.region('us-east-1').state.instances[InstanceId]?.userData).to.equal(base64('two'));
  });

  it('are refused in the words of EC2', async () => {
    const missing = 'ami-0123456789abcdef0';
    const cases: readonly (readonly [Launch, string])[] = [
      [{ ImageId: missing }, 'InvalidAMIID.NotFound'],
      [{ ImageId: 'nothing' }, 'InvalidAMIID.Malformed'],
      [{ ImageId: undefined }, 'MissingParameter'],
      [{ KeyName: 'nobody' }, 'InvalidKeyPair.NotFound'],
      [{ SecurityGroupIds: ['sg-0123456789abcdef0'] }, 'InvalidGroup.NotFound'],
      [{ SubnetId: 'subnet-0123456789abcdef0' }, 'InvalidSubnetID.NotFound'],
      [{ UserData: '***' }, 'InvalidParameterValue'],
      [{ UserData: base64('x'.repeat(16_385)) }, 'InvalidParameterValue'],
      [{ MinCount: 2 }, 'InvalidParameterValue'],
      [{ MinCount: 0 }, 'InvalidParameterValue'],
      [{ IamInstanceProfile: { Name: 'nobody' } }, 'InvalidParameterValue'],
      [{ PrivateIpAddress: '10.1.1.1' }, 'InvalidParameterValue'],
      [{ MetadataOptions: { HttpPutResponseHopLimit: 65 } }, 'InvalidParameterValue'],
      [{ BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: 1 } }] }, 'InvalidBlockDeviceMapping'],
      [{ BlockDeviceMappings: [{ DeviceName: '/dev/xvda', NoDevice: '' }] }, 'InvalidBlockDeviceMapping'],
      [{ InstanceMarketOptions: { MarketType: 'spot' } }, 'UnsupportedOperation'],
      [{ Placement: { Tenancy: 'dedicated' } }, 'UnsupportedOperation'],
      [{ TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'a', Value: 'b' }] }] }, 'InvalidParameterValue'],
      [{ DryRun: true }, 'DryRunOperation'],
    ];
    for (const [input, code] of cases) expect(await refusal(input), JSON.stringify(input)).to.equal(code);
    expect(await describe()).to.deep.equal([]);
    expect(server.machines.asked).to.deep.equal([]);
  });

  it('are refused when their image is not available', async () => {
    server.cloud.region('us-east-1').change('images', image, (now) => ({ ...now, state: 'pending' }));
    expect(await refusal({})).to.equal('InvalidAMIID.Unavailable');
  });

  it('are the same for a call that is repeated with its token', async () => {
    const again = { ClientToken: 'once', MinCount: 2, MaxCount: 2 };
    const [first, second] = await Promise.all([run(again), run(again)]);
    const idsOf = (instances: readonly Instance[]) => instances.map(({ InstanceId }) => InstanceId);
    expect(idsOf(first ?? []))
      .to.have.length(2)
      .and.deep.equal(idsOf(second ?? []));
    expect(idsOf(await run(again))).to.deep.equal(idsOf(first ?? []));
    expect(await refusal({ ...again, InstanceType: 't3.small' })).to.equal('IdempotentParameterMismatch');
    expect(await describe()).to.have.length(2);
  });

  it('have addresses of their own, also when calls come together', async () => {
    const many = await Promise.all([
      run({ MinCount: 3, MaxCount: 3 }),
      run(),
      run(),
      run({ MinCount: 2, MaxCount: 2 }),
    ]);
    const addresses = many.flat().map(({ PrivateIpAddress }) => PrivateIpAddress);
    expect(new Set(addresses).size).to.equal(7);
    const [address = ''] = addresses;
    expect(await refusal({ PrivateIpAddress: address })).to.equal('InvalidIPAddress.InUse');
  });

  it('are found by filters, page by page, with those that were launched together', async () => {
    await run({
      MinCount: 4,
      MaxCount: 4,
      TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'k', Value: 'a' }] }],
    });
    await run({ MinCount: 2, MaxCount: 2 });
    await server.cloud.idle();
    const first = await ec2.send(new DescribeInstancesCommand({ MaxResults: 5 }));
    expect(first.Reservations?.map(({ Instances = [] }) => Instances.length)).to.deep.equal([4, 1]);
    const rest = await ec2.send(new DescribeInstancesCommand({ MaxResults: 5, NextToken: first.NextToken }));
    expect(rest.Reservations?.map(({ Instances = [] }) => Instances.length)).to.deep.equal([1]);
    const by = async (Name: string, ...Values: string[]) => (await describe({ Filters: [{ Name, Values }] })).length;
    expect(await by('tag:k', 'a')).to.equal(4);
    expect(await by('instance-state-name', 'running')).to.equal(6);
    expect(await by('instance-state-name', 'stopped', 'pending')).to.equal(0);
    expect(await by('image-id', 'ami-*')).to.equal(6);
    expect(await by('launch-index', '1')).to.equal(2);
    expect(await codeOf(describe({ Filters: [{ Name: 'colour', Values: ['red'] }] }))).to.equal(
      'InvalidParameterValue',
    );
    expect(await codeOf(describe({ InstanceIds: ['i-0123456789abcdef0'] }))).to.equal('InvalidInstanceID.NotFound');
    expect(await codeOf(describe({ InstanceIds: ['nothing'] }))).to.equal('InvalidInstanceID.Malformed');
    expect(await codeOf(describe({ InstanceIds: ['i-0123456789abcdef0'], MaxResults: 5 }))).to.equal(
      'InvalidParameterCombination',
    );
  });

  it('stop, start, reboot and end', async () => {
    const { InstanceId } = await runOne();
    const ids = { InstanceIds: [InstanceId] };
    const stop = await ec2.send(new StopInstancesCommand(ids));
    expect(stop.StoppingInstances).to.deep.equal([
      { InstanceId, CurrentState: { Code: 64, Name: 'stopping' }, PreviousState: { Code: 16, Name: 'running' } },
    ]);
    await server.cloud.idle();
    const stopped = await shown(InstanceId);
    expect(stopped?.State?.Name).to.equal('stopped');
    expect(stopped?.StateReason?.Code).to.equal('Client.UserInitiatedShutdown');
    expect(stopped?.StateTransitionReason).to.match(/^User initiated \(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d GMT\)$/);
    expect(stopped).not.to.have.property('PublicIpAddress');
    expect(await codeOf(ec2.send(new RebootInstancesCommand(ids)))).to.equal('IncorrectInstanceState');
    await ec2.send(new StartInstancesCommand(ids));
    await server.cloud.idle();
    expect((await shown(InstanceId))?.State?.Name).to.equal('running');
    await ec2.send(new RebootInstancesCommand(ids));
    expect(await codeOf(ec2.send(new TerminateInstancesCommand({ ...ids, DryRun: true })))).to.equal('DryRunOperation');
    await ec2.send(new TerminateInstancesCommand(ids));
    await server.cloud.idle();
    const ended = await shown(InstanceId);
    expect(ended?.State?.Name).to.equal('terminated');
    expect(ended).not.to.have.property('PrivateIpAddress');
    expect(await codeOf(ec2.send(new StartInstancesCommand(ids)))).to.equal('IncorrectInstanceState');
    const again = await ec2.send(new TerminateInstancesCommand(ids));
    expect(again.TerminatingInstances?.[0]?.CurrentState?.Name).to.equal('terminated');
    const asked = ['start', 'stop', 'start', 'reboot', 'stop', 'remove'].map((what) => `${what} ${InstanceId}`);
    expect(server.machines.asked).to.deep.equal(asked);
  });

  it('are kept from what is forbidden for them', async () => {
    const { InstanceId } = await runOne({ DisableApiTermination: true, DisableApiStop: true });
    const ids = { InstanceIds: [InstanceId] };
    expect(await codeOf(ec2.send(new TerminateInstancesCommand(ids)))).to.equal('OperationNotPermitted');
    expect(await codeOf(ec2.send(new StopInstancesCommand(ids)))).to.equal('OperationNotPermitted');
    const modify = new ModifyInstanceAttributeCommand({ InstanceId, DisableApiTermination: { Value: false } });
    await ec2.send(modify);
    expect(await codeOf(ec2.send(new TerminateInstancesCommand(ids)))).to.equal('');
  });

  it('pass their checks when they answer', async () => {
    server.machines.answering = false;
    const { InstanceId } = await runOne();
    const status = async () => {
      const { InstanceStatuses = [] } = await ec2.send(
        new DescribeInstanceStatusCommand({ InstanceIds: [InstanceId] }),
      );
      return InstanceStatuses[0]?.InstanceStatus;
    };
    expect(await status()).to.deep.equal({
      Status: 'initializing',
      Details: [{ Name: 'reachability', Status: 'initializing' }],
    });
    server.machines.answering = true;
    const watch = watchInstances(server.cloud, { interval: 1_000_000 });
    await watch.look();
    watch.stop();
    expect((await status())?.Status).to.equal('ok');
    await ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
    await server.cloud.idle();
    expect(await status()).to.equal(undefined);
    const all = await ec2.send(new DescribeInstanceStatusCommand({ IncludeAllInstances: true }));
    expect(all.InstanceStatuses?.[0]?.InstanceStatus?.Status).to.equal('not-applicable');
  });

  it('show their console', async () => {
    const { InstanceId } = await runOne();
    const { Output = '' } = await ec2.send(new GetConsoleOutputCommand({ InstanceId }));
    expect(Buffer.from(Output, 'base64').toString()).to.equal(`console of ${InstanceId}\n`);
  });

  it('have attributes that can be read and changed', async () => {
    const { InstanceId } = await runOne({ UserData: base64('one') });
    const read = async (Attribute: string) => {
      const input = { InstanceId, Attribute } as ConstructorParameters<typeof DescribeInstanceAttributeCommand>[0];
      const { $metadata: _, InstanceId: __, ...rest } = await ec2.send(new DescribeInstanceAttributeCommand(input));
      return rest;
    };
    expect(await read('userData')).to.deep.equal({ UserData: { Value: base64('one') } });
    expect(await read('disableApiStop')).to.deep.equal({ DisableApiStop: { Value: false } });
    expect(await read('instanceInitiatedShutdownBehavior')).to.deep.equal({
      InstanceInitiatedShutdownBehavior: { Value: 'stop' },
    });
    expect(await codeOf(read('colour'))).to.equal('InvalidParameterValue');
    const modify = (changes: object) => ec2.send(new ModifyInstanceAttributeCommand({ InstanceId, ...changes }));
    await modify({ InstanceInitiatedShutdownBehavior: { Value: 'terminate' } });
    await modify({ Attribute: 'sourceDestCheck', Value: 'false' });
    expect(await read('instanceInitiatedShutdownBehavior')).to.have.nested.property(
      'InstanceInitiatedShutdownBehavior.Value',
      'terminate',
    );
    expect(await read('sourceDestCheck')).to.deep.equal({ SourceDestCheck: { Value: false } });
    expect(await codeOf(modify({}))).to.equal('InvalidParameterCombination');
    expect(await codeOf(modify({ InstanceType: { Value: 't3.small' } }))).to.equal('IncorrectInstanceState');
    await ec2.send(new StopInstancesCommand({ InstanceIds: [InstanceId] }));
    await server.cloud.idle();
    await modify({ InstanceType: { Value: 't3.small' } });
    await modify({ UserData: { Value: Buffer.from('two') } });
    expect(await read('instanceType')).to.deep.equal({ InstanceType: { Value: 't3.small' } });
    expect(await read('userData')).to.deep.equal({ UserData: { Value: base64('two') } });
  });

  it('have options with calls of their own', async () => {
    const { InstanceId } = await runOne();
    await ec2.send(new ModifyInstanceMetadataOptionsCommand({ InstanceId, HttpTokens: 'required' }));
    expect((await shown(InstanceId))?.MetadataOptions).to.include({ HttpTokens: 'required', HttpEndpoint: 'enabled' });
    const credits = new DescribeInstanceCreditSpecificationsCommand({ InstanceIds: [InstanceId] });
    expect((await ec2.send(credits)).InstanceCreditSpecifications).to.deep.equal([
      { InstanceId, CpuCredits: 'unlimited' },
    ]);
    const profile = { InstanceId, IamInstanceProfile: { Name: 'nobody' } };
    expect(await codeOf(ec2.send(new AssociateIamInstanceProfileCommand(profile)))).to.equal('InvalidParameterValue');
  });
});
