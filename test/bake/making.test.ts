/** The steps up to the launched machine, against scripted answers. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { accountOf } from '../../src/bake/journal/account.ts';
import { Steps } from '../../src/bake/step.ts';
import { resolveBase } from '../../src/bake/steps/base.ts';
import { createImage } from '../../src/bake/steps/image.ts';
import { launchBuildMachine } from '../../src/bake/steps/instance.ts';
import { makeKeyPair } from '../../src/bake/steps/key-pair.ts';
import { chooseName } from '../../src/bake/steps/name.ts';
import { makeSecurityGroup } from '../../src/bake/steps/security-group.ts';
import type { Cloud } from '../../src/cloud/cloud.ts';
import { dict, type Value } from '../../src/value/value.ts';
import { rejected } from '../support/rejected.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { Ec2Wire, element, set } from './support/ec2-wire.ts';
import { RUN, trial } from './support/work.ts';

const image = (id: string, created: string, name = `debian-${created}`) =>
  element({
    imageId: id,
    name,
    creationDate: `${created}T00:00:00.000Z`,
    imageState: 'available',
    architecture: 'x86_64',
  }) +
  element({ rootDeviceName: '/dev/xvda', rootDeviceType: 'ebs' }) +
  set('blockDeviceMapping', [
    '<deviceName>/dev/xvda</deviceName><ebs><snapshotId>snap-1</snapshotId><volumeSize>8</volumeSize></ebs>',
  ]);

describe('bake: making', () => {
  const root = temporaryDirectory();
  let wire: Ec2Wire;
  let cloud: Cloud;
  let project = '';
  let count = 0;
  beforeEach(async () => {
    project = join(root(), String(count++));
    wire = new Ec2Wire();
    cloud = await wire.open();
  });
  afterEach(() => {
    cloud.close();
    wire.close();
  });
  const search = (more: Readonly<Record<string, Value>> = {}) =>
    dict({ owner: 'self', filters: dict({ name: 'debian-*', ...more }), most_recent: true });
  const find = async (settings: Readonly<Record<string, Value>>) => {
    const { engine, journal } = trial(project, cloud, settings);
    try {
      return await Steps.from<object>().add(resolveBase).perform({}, engine);
    } finally {
      journal.close();
    }
  };

  describe('on a base image', () => {
    it('is the newest of all pages', async () => {
      wire.on('DescribeImages', (parameters) => {
        if (parameters.get('NextToken') === 'more') return set('imagesSet', [image('ami-3', '2026-03-01')]);
        return `${set('imagesSet', [image('ami-1', '2026-01-01'), image('ami-2', '2026-02-01')])}<nextToken>more</nextToken>`;
      });
      expect(await find({ base: search() })).to.deep.equal({
        base: {
          id: 'ami-3',
          name: 'debian-2026-03-01',
          architecture: 'x86_64',
          rootDevice: '/dev/xvda',
          disks: [{ device: '/dev/xvda', size: 8 }],
        },
      });
    });

    it('must not be one of several, unless the newest is wanted', async () => {
      wire.on('DescribeImages', () => set('imagesSet', [image('ami-1', '2026-01-01'), image('ami-2', '2026-02-01')]));
      const one = dict({ owner: 'self', filters: dict({ name: 'debian-*' }) });
      const fault = await rejected(find({ base: one }), 'base-ambiguous');
      expect(fault.message).to.equal(`2 images match name: debian-* of self:
  ami-2  2026-02-01T00:00:00.000Z  debian-2026-02-01
  ami-1  2026-01-01T00:00:00.000Z  debian-2026-01-01`);
    });

    it('must be there; what has the name alone is listed', async () => {
      wire.on('DescribeImages', (parameters) => {
        return [...parameters.values()].includes('arm64')
          ? set('imagesSet', [])
          : set('imagesSet', [image('ami-1', '2026-01-01')]);
      });
      const fault = await rejected(find({ base: search({ architecture: 'arm64' }) }), 'base-missing');
      expect(fault.message).to.contain('name: debian-*, architecture: arm64 of self:\n  ami-1 ');
    });

    it('may be named by its id', async () => {
      wire.on('DescribeImages', (parameters) => {
        return parameters.get('ImageId.1') === 'ami-00000001'
          ? set('imagesSet', [image('ami-00000001', '2026-01-01')])
          : { code: 'InvalidAMIID.NotFound' };
      });
      expect((await find({ base: 'ami-00000001' })).base.id).to.equal('ami-00000001');
      project = join(root(), String(count++));
      const fault = await rejected(find({ base: 'ami-00000002' }), 'base-missing');
      expect(fault.message).to.equal('there is no image ami-00000002 in eu-central-1');
    });

    it('has no default on aws', async () => {
      const fault = await rejected(find({}), 'config-invalid');
      expect(fault.message).to.contain('the image app has no base');
    });
  });

  it('takes no name that is taken, in no region', async () => {
    wire.on('DescribeImages', (_, nth) => set('imagesSet', nth === 1 ? [] : [element({ imageId: 'ami-9' })]));
    const { engine, journal } = trial(project, cloud, { name: 'app-1', regions: ['eu-west-1'] });
    const fault = await rejected(Steps.from<object>().add(chooseName).perform({}, engine), 'name-taken');
    expect(fault.message).to.equal('the image ami-9 in eu-west-1 is called app-1 already');
    journal.close();
  });

  it('tags the image and its snapshot with their name, unless the user has another', async () => {
    const base = { id: 'ami-1', name: 'debian', architecture: 'x86_64', rootDevice: '/dev/xvda', disks: [] } as const;
    wire.on('CreateImage', () => element({ imageId: 'ami-2' }));
    wire.on('DescribeImages', (parameters) =>
      set('imagesSet', parameters.has('Owner.1') ? [] : [element({ imageId: 'ami-2', imageState: 'available' })]),
    );
    const bake = async (tags: Readonly<Record<string, string>>) => {
      project = join(root(), String(count++));
      const { engine, journal } = trial(project, cloud, { tags: dict(tags) });
      const known = { instanceId: 'i-1', imageName: 'app-1', base };
      await Steps.from<typeof known>().add(createImage).perform(known, engine);
      journal.close();
      const sent = wire.called('CreateImage').at(-1)?.parameters ?? new URLSearchParams();
      return [1, 2].map((nth) => {
        const name = [1, 2, 3].find((at) => sent.get(`TagSpecification.${nth}.Tag.${at}.Key`) === 'Name');
        return [
          sent.get(`TagSpecification.${nth}.ResourceType`),
          sent.get(`TagSpecification.${nth}.Tag.${name}.Value`),
        ];
      });
    };
    expect(await bake({ Team: 'web' })).to.deep.equal([
      ['image', 'app-1'],
      ['snapshot', 'app-1'],
    ]);
    expect(await bake({ Name: 'mine' })).to.deep.equal([
      ['image', 'mine'],
      ['snapshot', 'mine'],
    ]);
  });

  describe('a machine', () => {
    const STEPS = Steps.from<object>().add(resolveBase).add(makeKeyPair).add(makeSecurityGroup).add(launchBuildMachine);
    const script = () => {
      wire.on('DescribeImages', () => set('imagesSet', [image('ami-00000001', '2026-01-01')]));
      wire.on('ImportKeyPair', () => element({ keyPairId: 'key-1' }));
      wire.on('DescribeVpcs', () => set('vpcSet', [element({ vpcId: 'vpc-1' })]));
      wire.on('CreateSecurityGroup', () => element({ groupId: 'sg-1' }));
      wire.on('RunInstances', () => set('instancesSet', [element({ instanceId: 'i-1' })]));
    };

    it('is launched with all that it must have from the first moment', async () => {
      script();
      const { engine, journal } = trial(project, cloud, { base: 'ami-00000001', volume_size: 20, encrypted: true });
      await STEPS.perform({}, engine);
      const sent = wire.called('RunInstances')[0]?.parameters ?? new URLSearchParams();
      const expected = {
        ImageId: 'ami-00000001',
        ClientToken: `playbake-${RUN}-build`,
        InstanceType: 't3.small',
        KeyName: `playbake-${RUN}`,
        'SecurityGroupId.1': 'sg-1',
        'MetadataOptions.HttpTokens': 'required',
        InstanceInitiatedShutdownBehavior: 'stop',
        'BlockDeviceMapping.1.Ebs.VolumeSize': '20',
        'BlockDeviceMapping.1.Ebs.Encrypted': 'true',
        'BlockDeviceMapping.1.Ebs.DeleteOnTermination': 'true',
        'TagSpecification.1.ResourceType': 'instance',
        'TagSpecification.2.ResourceType': 'volume',
        'TagSpecification.3.ResourceType': 'network-interface',
        'TagSpecification.1.Tag.2.Key': 'playbake:run',
        'TagSpecification.1.Tag.2.Value': RUN,
      };
      expect(Object.fromEntries(Object.keys(expected).map((name) => [name, sent.get(name)]))).to.deep.equal(expected);
      expect((sent.get('ClientToken') ?? '').length).to.be.at.most(64);
      const userData = Buffer.from(sent.get('UserData') ?? '', 'base64').toString();
      expect(userData)
        .to.match(/^#cloud-config\n/)
        .and.to.contain('ed25519_public: ssh-ed25519 AAAA');
      expect(accountOf(journal.entries).left.map(({ resource }) => resource.id)).to.deep.equal([
        'key-1',
        'sg-1',
        'i-1',
      ]);
      journal.close();
    });

    it('is launched once by a run that is killed and resumed, whatever the moment', async () => {
      script();
      const first = trial(project, cloud, { base: 'ami-00000001' });
      await STEPS.perform({}, first.engine);
      first.journal.close();
      // Killed after the calls, before their ends were noted.
      const file = first.journal.file;
      const lines = readFileSync(file, 'utf8').split('\n');
      const kept = lines.filter(
        (line) => !/"type":"(?:made|done)","step":"(?:key-pair|security-group|instance)"/.test(line),
      );
      writeFileSync(file, kept.join('\n'));
      wire.on('ImportKeyPair', () => ({ code: 'InvalidKeyPair.Duplicate' }));
      wire.on('CreateSecurityGroup', () => ({ code: 'InvalidGroup.Duplicate' }));
      wire.on('DescribeSecurityGroups', () => set('securityGroupInfo', [element({ groupId: 'sg-1' })]));
      const second = trial(project, cloud, { base: 'ami-00000001' });
      const state = await STEPS.perform({}, second.engine);
      expect(state).to.deep.include({ instanceId: 'i-1', group: { groupId: 'sg-1', temporary: true } });
      const [one, other] = wire.called('RunInstances').map(({ parameters }) => parameters.toString());
      expect(other).to.equal(one);
      const keys = wire.called('ImportKeyPair').map(({ parameters }) => parameters.get('PublicKeyMaterial'));
      expect(keys[1]).to.equal(keys[0]);
      second.journal.close();
    });

    it('that the cloud refuses leaves nothing to look for', async () => {
      script();
      wire.on('RunInstances', () => ({ code: 'InsufficientInstanceCapacity' }));
      const { engine, journal } = trial(project, cloud, { base: 'ami-00000001' });
      const fault = await rejected(STEPS.perform({}, engine), 'cloud-refused');
      expect(fault.hint).to.contain('another instance_type');
      expect(accountOf(journal.entries).left.map(({ resource }) => resource.kind)).to.deep.equal([
        'key-pair',
        'security-group',
      ]);
      journal.close();
    });

    it("is in the user's own security group where one is named", async () => {
      script();
      const { engine, journal } = trial(project, cloud, {
        base: 'ami-00000001',
        security_group: 'sg-0abc',
        subnet: 'subnet-1',
        ssh_address: 'public',
      });
      await STEPS.perform({}, engine);
      const sent = wire.called('RunInstances')[0]?.parameters;
      expect(wire.called('CreateSecurityGroup')).to.deep.equal([]);
      expect(sent?.get('NetworkInterface.1.SecurityGroupId.1')).to.equal('sg-0abc');
      expect(sent?.get('NetworkInterface.1.SubnetId')).to.equal('subnet-1');
      expect(sent?.get('NetworkInterface.1.AssociatePublicIpAddress')).to.equal('true');
      journal.close();
    });

    it('is still launched when each third call is throttled', async function () {
      this.timeout(120_000);
      script();
      const { engine, journal } = trial(project, cloud, { base: 'ami-00000001' });
      let calls = 0;
      for (const action of ['DescribeImages', 'ImportKeyPair', 'DescribeVpcs', 'CreateSecurityGroup', 'RunInstances']) {
        const own = wire.scriptOf(action);
        wire.on(action, (parameters, nth) => {
          calls += 1;
          return calls % 3 === 0 ? { code: 'RequestLimitExceeded', status: 503 } : own(parameters, nth);
        });
      }
      expect((await STEPS.perform({}, engine)).instanceId).to.equal('i-1');
      journal.close();
    });
  });
});
