import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  CreateKeyPairCommand,
  DeleteKeyPairCommand,
  DescribeKeyPairsCommand,
  type EC2Client,
  ImportKeyPairCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { type CloudServer, codeOf, startCloudServer } from '../../support/cloud-server.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';

const exec = promisify(execFile);

/** Keys with the fingerprints that `ssh-keygen -l` and `openssl rsa -pubout -outform DER | openssl md5 -c` say of them. */
const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIB+qMj2LsAIGfglTU21+KrIvQ4Y+V5iYI+12mlWYarrx me@here';
const RSA =
  `ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDZHf/FRutnoKd7t+npeJfdXToiJSV8m3Cer5ndO4A6QrmsGa/hcY4LkxZTbE5gXO8cpfU+cH
  66uSX9C9NbaFhBLj4CNF2IoQubn891bCYnxd5+2HEBRQK01yHtMhoAtMH4z47WeHwHN+/YZ7ojbrr9q5e9RlUezOvLX/HJJg5QQs460Qnwars3
  ltFj1YYnawmWJpTqdyK4KccwtJ05/xSMvNSM14sp7ohk23+odgJavXiExT65bJPXcM7Q3jEDEysMHb9FjZ5HqsmpNovHk7Su/LwJvL280AGabM
  vA0OumIMzdFp63HFZJigOVTnc9oDNIvoZ4yYblihgbSuYgjbSp me@here`.replaceAll(/\n *(?=\S)/g, '');
const FINGERPRINTS = {
  ed25519: 'ErWLMgfpgw3L64P2/lS714A5cEczTxMaPXEEq5Fe6bU=',
  rsa: 'f5:48:fa:be:e5:28:d2:3d:69:b3:bc:63:dd:6d:e3:27',
};

describe('key pairs', () => {
  const folder = temporaryDirectory();
  let server: CloudServer;
  let ec2: EC2Client;
  before(async () => {
    server = await startCloudServer();
    ec2 = server.ec2();
  });
  after(() => server.stop());

  async function keygen(name: string, ...words: readonly string[]): Promise<string> {
    const file = join(folder(), name);
    await exec('ssh-keygen', ['-q', '-N', '', '-C', 'me@here', '-f', file, ...words]);
    return file;
  }

  const importKey = (KeyName: string, text: string) =>
    ec2.send(new ImportKeyPairCommand({ KeyName, PublicKeyMaterial: Buffer.from(text) }));

  it('are imported: ed25519 has the fingerprint of OpenSSH, RSA that of its DER form', async () => {
    const [ed25519, rsa] = [await importKey('one', ED25519), await importKey('other', RSA)];
    expect({ ed25519: ed25519.KeyFingerprint, rsa: rsa.KeyFingerprint }).to.deep.equal(FINGERPRINTS);
  });

  it('are made: the private key is given once, and is the one of the public key', async () => {
    for (const KeyType of ['ed25519', 'rsa'] as const) {
      const KeyName = `made-${KeyType}`;
      const made = await ec2.send(new CreateKeyPairCommand({ KeyName, KeyType }));
      const file = join(folder(), KeyName);
      await writeFile(file, made.KeyMaterial ?? '', { mode: 0o600 });
      const pub = (await exec('ssh-keygen', ['-y', '-f', file])).stdout.trim().split(' ').slice(0, 2).join(' ');
      const { KeyPairs } = await ec2.send(new DescribeKeyPairsCommand({ KeyNames: [KeyName], IncludePublicKey: true }));
      expect(KeyPairs?.[0]?.PublicKey).to.equal(`${pub} ${KeyName}`);
      if (KeyType === 'ed25519') continue;
      await exec('ssh-keygen', ['-q', '-p', '-m', 'PKCS8', '-N', '', '-P', '', '-f', file]);
      const der = Buffer.from((await readFile(file, 'utf8')).replaceAll(/^-.*$/gm, ''), 'base64');
      const digest = createHash('sha1').update(der).digest('hex');
      expect(made.KeyFingerprint).to.equal(digest.match(/../g)?.join(':'));
    }
  });

  it('are found by name, id, fingerprint and tag, and deleted once and again', async () => {
    const file = await keygen('found', '-t', 'ed25519');
    const text = await readFile(`${file}.pub`);
    const Tags = [{ Key: 'run', Value: '7' }];
    const TagSpecifications = [{ ResourceType: 'key-pair' as const, Tags }];
    await ec2.send(new ImportKeyPairCommand({ KeyName: 'found', PublicKeyMaterial: text, TagSpecifications }));
    const { KeyPairs: [pair] = [] } = await ec2.send(new DescribeKeyPairsCommand({ KeyNames: ['found'] }));
    expect(pair).to.deep.include({ KeyName: 'found', KeyType: 'ed25519', Tags });
    expect(pair?.PublicKey).to.equal(undefined);
    for (const [Name, value] of [
      ['key-name', 'fou*'],
      ['fingerprint', pair?.KeyFingerprint],
      ['key-pair-id', pair?.KeyPairId],
      ['tag:run', '7'],
    ] as const) {
      const found = await ec2.send(new DescribeKeyPairsCommand({ Filters: [{ Name, Values: [value ?? ''] }] }));
      expect(found.KeyPairs, Name).to.have.length(1);
    }
    const remove = () => ec2.send(new DeleteKeyPairCommand({ KeyName: 'found' }));
    expect((await remove()).KeyPairId).to.equal(pair?.KeyPairId);
    expect((await remove()).KeyPairId).to.equal(undefined);
    expect(await codeOf(ec2.send(new DescribeKeyPairsCommand({ KeyNames: ['found'] })))).to.equal(
      'InvalidKeyPair.NotFound',
    );
  });

  it('are refused: names that are taken, keys that are none, private keys', async () => {
    const file = await keygen('refused', '-t', 'ed25519');
    const ecdsa = await keygen('ecdsa', '-t', 'ecdsa');
    await importKey('taken', await readFile(`${file}.pub`, 'utf8'));
    const codes = [
      codeOf(importKey('taken', await readFile(`${file}.pub`, 'utf8'))),
      codeOf(ec2.send(new CreateKeyPairCommand({ KeyName: 'taken' }))),
      codeOf(importKey('a', 'ssh-rsa AAAA')),
      codeOf(importKey('b', await readFile(file, 'utf8'))),
      codeOf(importKey('c', await readFile(`${ecdsa}.pub`, 'utf8'))),
      codeOf(importKey(' ', await readFile(`${file}.pub`, 'utf8'))),
      codeOf(ec2.send(new CreateKeyPairCommand({ KeyName: 'd', KeyFormat: 'ppk' }))),
      codeOf(ec2.send(new CreateKeyPairCommand({ KeyName: 'e', DryRun: true }))),
    ];
    expect(await Promise.all(codes)).to.deep.equal([
      'InvalidKeyPair.Duplicate',
      'InvalidKeyPair.Duplicate',
      'InvalidKey.Format',
      'InvalidKey.Format',
      'InvalidKey.Format',
      'InvalidParameterValue',
      'UnsupportedOperation',
      'DryRunOperation',
    ]);
  });
});
