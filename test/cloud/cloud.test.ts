import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { expect } from 'chai';
import type { Cloud } from '../../src/cloud/cloud.ts';
import { asFault } from '../../src/cloud/cloud-error.ts';
import { openCloud } from '../../src/cloud/open-cloud.ts';
import { waitFor } from '../../src/cloud/wait-for.ts';
import { Fault } from '../../src/fault.ts';
import { type Answer, Ec2Wire, element, set } from '../bake/support/ec2-wire.ts';
import { rejected } from '../support/rejected.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('the cloud', () => {
  const wire = new Ec2Wire();
  let cloud: Cloud;
  before(async () => {
    cloud = await wire.open();
  });
  after(() => {
    cloud.close();
    wire.close();
  });
  const { signal } = new AbortController();
  const images = set('imagesSet', [element({ imageId: 'ami-1' })]);
  /** What `call` answers, or the fault that its error becomes. */
  const outcome = async (answer: Answer) => {
    wire.on('DescribeRegions', () => answer);
    try {
      return await cloud.ec2().describeRegions({});
    } catch (error) {
      return asFault(error);
    }
  };

  it('outlasts throttling', async function () {
    this.timeout(120_000);
    wire.on('DescribeImages', (_, nth) => (nth < 4 ? { code: 'RequestLimitExceeded', status: 503 } : images));
    const { Images = [] } = await cloud.ec2().describeImages({});
    expect(Images[0]?.ImageId).to.equal('ami-1');
  });

  it('has a client for each region', async () => {
    wire.on('DescribeVpcs', () => set('vpcSet', []));
    await cloud.ec2('us-west-2').describeVpcs({});
    await cloud.ec2().describeVpcs({});
    expect(wire.called('DescribeVpcs').map(({ region }) => region)).to.deep.equal(['us-west-2', 'eu-central-1']);
  });

  const refusals = [
    ['UnauthorizedOperation', 403, 'cloud-denied', 'DescribeRegions is not allowed: scripted'],
    ['RequestExpired', 400, 'cloud-credentials', 'the credentials for AWS have expired (DescribeRegions: scripted)'],
    ['AuthFailure', 401, 'cloud-credentials', 'AWS does not accept the credentials (DescribeRegions: scripted)'],
    [
      'InvalidParameterValue',
      400,
      'cloud-refused',
      'DescribeRegions was refused: InvalidParameterValue: scripted (request r)',
    ],
  ] as const;
  for (const [code, status, kind, message] of refusals) {
    it(`tells what ${code} means`, async () => {
      const fault = await outcome({ code, status });
      expect(fault).to.be.instanceOf(Fault).and.to.deep.include({ code: kind, message });
    });
  }

  it('that cannot be reached is told soon', async () => {
    const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
    const nowhere = await openCloud({
      kind: 'aws',
      why: '',
      region: 'eu-west-1',
      endpoint: 'http://127.0.0.1:9',
      credentials,
    });
    const error = await nowhere.account().catch(asFault);
    expect(error).to.be.instanceOf(Fault).and.to.have.property('code', 'cloud-unreachable');
    nowhere.close();
  });

  describe('finds its region', () => {
    const folder = temporaryDirectory();
    const NAMES = ['AWS_REGION', 'AWS_PROFILE', 'AWS_CONFIG_FILE'] as const;
    const kept = Object.fromEntries(NAMES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));
    beforeEach(() => {
      for (const name of NAMES) delete env[name];
      env['AWS_CONFIG_FILE'] = join(folder(), 'config');
      writeFileSync(env['AWS_CONFIG_FILE'], '[default]\n[profile ours]\nregion = sa-east-1\n');
    });
    afterEach(() => {
      for (const name of NAMES) delete env[name];
      Object.assign(env, kept);
    });
    const regions = async (options: { readonly region?: string; readonly profile?: string }) => {
      const opened = await openCloud({ kind: 'aws', why: '', ...options });
      const { region } = opened;
      const used = await Promise.all([opened.ec2().config.region(), opened.s3().config.region()]);
      opened.close();
      return [region, ...used];
    };

    it('where it is told, in the environment, or in a profile', async () => {
      expect(await regions({ profile: 'ours' })).to.deep.equal(['sa-east-1', 'sa-east-1', 'sa-east-1']);
      env['AWS_PROFILE'] = 'ours';
      expect(await regions({})).to.deep.equal(['sa-east-1', 'sa-east-1', 'sa-east-1']);
      env['AWS_REGION'] = 'eu-north-1';
      expect(await regions({})).to.deep.equal(['eu-north-1', 'eu-north-1', 'eu-north-1']);
      expect(await regions({ region: 'us-west-2' })).to.deep.equal(['us-west-2', 'us-west-2', 'us-west-2']);
    });

    it('or says that there is none', async () => {
      await rejected(regions({}), 'config-invalid');
      await rejected(regions({ region: 'no region' }), 'config-invalid');
    });
  });

  describe('waits', () => {
    const options = { what: 'it', timeout: 60_000, signal, progress: () => {}, first: 1, most: 5 };
    const failing = (code: string, status = 400) => {
      wire.on('DescribeInstances', () => ({ code, status }));
      return cloud.ec2().describeInstances({});
    };

    it('while something is not there yet, and says how far it is when that changes', async () => {
      const said: string[] = [];
      let looks = 0;
      const look = async () => {
        looks += 1;
        if (looks === 1) await failing('InvalidInstanceID.NotFound');
        return looks < 4 ? { pending: 'pending' } : { ready: looks };
      };
      expect(await waitFor(look, { ...options, progress: (text) => said.push(text) })).to.equal(4);
      expect(said).to.deep.equal(['not known yet', 'pending']);
    });

    it('not for what is still not there after its time to settle', async () => {
      const error = await waitFor(() => failing('InvalidInstanceID.NotFound').then(() => ({ ready: 1 })), {
        ...options,
        settling: 0,
      }).catch((thrown: unknown) => thrown);
      expect(error).to.have.property('name', 'InvalidInstanceID.NotFound');
    });

    it('not when it may not look', async () => {
      const before = wire.calls.length;
      const error = await waitFor(
        () => failing('UnauthorizedOperation', 403).then(() => ({ ready: 1 })),
        options,
      ).catch(asFault);
      expect(error).to.have.property('code', 'cloud-denied');
      expect(wire.calls.length - before).to.equal(1);
    });

    it('not for room that is not there, and tells why nothing was answered', async () => {
      const failed = (name: string) => Object.assign(new Error('no'), { name, $metadata: { httpStatusCode: 500 } });
      const look = (name: string) => () => Promise.reject(failed(name));
      const full = await waitFor(look('InsufficientInstanceCapacity'), options).catch(asFault);
      expect(full).to.include({ code: 'cloud-refused' }).and.to.have.property('hint').that.includes('instance_type');
      const broken = await waitFor(look('InternalError'), { ...options, timeout: 10 }).catch((error) => error);
      expect(broken).to.have.property('name', 'InternalError');
    });

    it('no longer than it may, and not after a Ctrl-C', async () => {
      const look = async () => ({ pending: 'pending' });
      const fault = await rejected(waitFor(look, { ...options, timeout: 10, hint: 'be patient' }), 'cloud-timeout');
      expect(fault.message).to.equal('waited 0 s for it; it is pending');
      expect(fault.hint).to.equal('be patient');
      await rejected(waitFor(look, { ...options, signal: AbortSignal.abort() }), 'interrupted');
    });
  });
});
