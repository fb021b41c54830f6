import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { withDefaultNetworks } from '../../../src/sandbox/cloud/default-network.ts';
import type { InstanceRecord } from '../../../src/sandbox/cloud/instance-record.ts';
import { metadataAnswer } from '../../../src/sandbox/cloud/metadata-answer.ts';
import { MetadataTokens } from '../../../src/sandbox/cloud/metadata-token.ts';
import { EMPTY } from '../../../src/sandbox/cloud/state.ts';
import { subnetOf } from '../../../src/sandbox/subnet.ts';
import { instanceRecord } from '../../support/instance-record.ts';

describe('instance metadata', () => {
  const subnet = subnetOf(0);
  const networks = withDefaultNetworks(EMPTY, subnet.network);
  const own = networks.regions['us-east-1'];
  const vpcId = Object.keys(own?.vpcs ?? {})[0] ?? '';
  const group = Object.values(own?.securityGroups ?? {})[0]?.id ?? '';
  let folder: string;
  let tokens: MetadataTokens;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'playbake-metadata-'));
    tokens = await MetadataTokens.open(join(folder, 'secret'));
  });
  after(() => rmSync(folder, { recursive: true }));

  const open = { endpoint: 'enabled', tokens: 'optional', hopLimit: 1, tags: 'enabled' } as const;
  const instance = (given: Partial<InstanceRecord> = {}) =>
    instanceRecord({
      state: 'running',
      groupIds: [group],
      vpcId,
      metadata: open,
      tags: { Name: 'web', role: 'db' },
      ...given,
    });

  function ask(path: string, of = instance(), headers: Readonly<Record<string, string>> = {}, method = 'GET') {
    const profiles = { app: { name: 'app', id: 'AIPA1', path: '/', createdAt: 0, tags: {}, role: 'reader' } };
    const state = { ...networks, iam: { roles: {}, profiles } };
    return metadataAnswer({ instance: of, region: 'us-east-1', state, subnet }, tokens, { method, path, headers });
  }
  const read = (path: string, of?: InstanceRecord) => {
    const { status, body } = ask(`/latest/${path}`, of);
    return status === 200 ? String(body) : status;
  };
  const TTL = 'x-aws-ec2-metadata-token-ttl-seconds';
  const TOKEN = 'x-aws-ec2-metadata-token';

  it('is a tree that says what the instance is', () => {
    const of = instance({
      keyName: 'me',
      publicKey: 'ssh-ed25519 AAAA me',
      userData: Buffer.from([0, 1, 255]).toString('base64'),
      hasPublicAddress: true,
      profile: { arn: 'arn:aws:iam::000000000000:instance-profile/app', id: 'AIPA1', associationId: 'iip-assoc-1' },
    });
    const mac = '02:70:62:00:01:00';
    const said: Readonly<Record<string, string>> = {
      'meta-data/instance-id': of.id,
      'meta-data/ami-id': of.imageId,
      'meta-data/instance-type': 't3.micro',
      'meta-data/local-ipv4': '10.77.1.10',
      'meta-data/public-ipv4': '10.77.1.10',
      'meta-data/hostname': 'ip-10-77-1-10.ec2.internal',
      'meta-data/mac': mac,
      'meta-data/placement/availability-zone': 'us-east-1a',
      'meta-data/placement/region': 'us-east-1',
      'meta-data/security-groups': 'default',
      'meta-data/public-keys/': '0=me',
      'meta-data/public-keys/0/': 'openssh-key',
      'meta-data/public-keys/0/openssh-key': 'ssh-ed25519 AAAA me\n',
      'meta-data/tags/instance': 'Name\nrole',
      'meta-data/tags/instance/role': 'db',
      'meta-data/network/interfaces/macs/': `${mac}/`,
      [`meta-data/network/interfaces/macs/${mac}/vpc-ipv4-cidr-block`]: subnet.network,
      'meta-data/iam/': 'info\nsecurity-credentials/',
      'meta-data/iam/security-credentials/': 'reader',
    };
    for (const [path, text] of Object.entries(said)) expect(read(path, of), path).to.equal(text);
    expect(read('meta-data', of))
      .to.match(/^ami-id\n/)
      .and.contain('\nplacement/\n')
      .and.contain('\nhostname\n');
    expect(ask('/latest/user-data', of).body).to.deep.equal(Buffer.from([0, 1, 255]));
    expect(JSON.parse(String(read('dynamic/instance-identity/document', of)))).to.include({
      instanceId: of.id,
      region: 'us-east-1',
      privateIp: '10.77.1.10',
    });
    expect(JSON.parse(String(read('meta-data/iam/security-credentials/reader', of)))).to.include({ Code: 'Success' });
  });

  it('has nothing where the instance has nothing', () => {
    const bare = instance({ metadata: { ...open, tags: 'disabled' } });
    for (const path of [
      'user-data',
      'meta-data/public-keys/',
      'meta-data/iam/info',
      'meta-data/tags/instance',
      'meta-data/no',
    ]) {
      expect(read(path, bare), path).to.equal(404);
    }
    expect(ask('/2019-10-01/meta-data/instance-id').status).to.equal(200);
    expect(ask('/tomorrow/meta-data/instance-id').status).to.equal(404);
  });

  it('asks for a token where it must, and takes only its own', () => {
    const strict = instance({ metadata: { ...open, tokens: 'required' } });
    const put = (headers: Readonly<Record<string, string>>) => ask('/latest/api/token', strict, headers, 'PUT');
    const get = (token: string, of = strict) => ask('/latest/meta-data/instance-id', of, { [TOKEN]: token });
    expect(read('meta-data/instance-id', strict)).to.equal(401);
    const { status, body: token, headers } = put({ [TTL]: '60' });
    expect([status, headers[TTL]]).to.deep.equal([200, '60']);
    expect(get(String(token))).to.deep.include({ status: 200, body: strict.id });
    expect(get(`${token}x`).status).to.equal(401);
    expect(get(String(token), { ...strict, id: 'i-00000000000000000' }).status).to.equal(401);
    expect(get('nonsense', instance()).status).to.equal(401);
    for (const wrong of ['0', '21601', 'soon']) expect(put({ [TTL]: wrong }).status).to.equal(400);
    expect(put({}).status).to.equal(400);
    expect(put({ [TTL]: '60', 'x-forwarded-for': '10.0.0.1' }).status).to.equal(403);
  });

  it('has tokens that end, and that outlive the server', async () => {
    const token = tokens.issue('i-1', 60, 1_000_000);
    expect(tokens.remaining('i-1', token, 1_059_000)).to.equal(1);
    expect(tokens.remaining('i-1', token, 1_060_000)).to.equal(undefined);
    const again = await MetadataTokens.open(join(folder, 'secret'));
    expect(again.remaining('i-1', token, 1_000_000)).to.equal(60);
  });

  it('can be switched off', () => {
    const off = instance({ metadata: { ...open, endpoint: 'disabled' } });
    expect(read('meta-data/instance-id', off)).to.equal(403);
    expect(ask('/latest/api/token', off, { [TTL]: '60' }, 'PUT').status).to.equal(403);
  });

  it('cannot be written', () => {
    expect(ask('/latest/meta-data/instance-id', instance(), {}, 'POST').status).to.equal(405);
    expect(ask('/latest/meta-data/instance-id', instance(), {}, 'PUT').status).to.equal(404);
  });
});
