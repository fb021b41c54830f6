import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import schema from '../../schemas/config.json' with { type: 'json' };
import { loadConfig } from '../../src/config/load-config.ts';
import { faultsOf } from '../../src/fault.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

describe('playbake.yml', () => {
  const directory = temporaryDirectory();

  function load(text: string) {
    writeFileSync(join(directory(), 'playbake.yml'), text);
    return loadConfig({ directory: directory() });
  }

  /** `line:column message (hint)` of each fault. */
  function faultsIn(text: string): readonly string[] {
    try {
      load(text);
    } catch (error) {
      return (faultsOf(error) ?? []).map(({ message, where, hint }) => {
        return `${where?.line}:${where?.column} ${message}${hint === undefined ? '' : ` (${hint})`}`;
      });
    }
    return [];
  }

  it('is a schema without mistakes', () => {
    const options = { strict: true, allowUnionTypes: true, strictTypes: false } as const;
    expect(() => new Ajv(options).compile(schema)).not.to.throw();
  });

  it('need not be there', () => {
    const empty = join(directory(), 'nothing');
    expect(loadConfig({ directory: empty })).to.deep.include({ file: undefined, cloud: undefined });
    expect(() => loadConfig({ directory: empty, file: 'other.yml' })).to.throw('other.yml could not be found');
  });

  describe('says where the state is', () => {
    const nothing = { region: undefined, endpoint: undefined, kmsKey: undefined };
    const s3 = { kind: 's3', bucket: 'my-bucket', key: 'web/prod.json', ...nothing };
    const file = (path: string) => ({ kind: 'file', path: join(directory(), path) });
    const places = [
      ['region: eu-west-1', () => file('playbake.state.json')],
      ['', () => file('playbake.state.json')],
      ['state: states/prod.json', () => file('states/prod.json')],
      ['state: /var/lib/state.json', () => ({ kind: 'file', path: '/var/lib/state.json' })],
      ['state: s3://my-bucket/web/prod.json', () => s3],
      ['state: { bucket: my-bucket }', () => ({ ...s3, key: 'playbake.state.json' })],
      [
        'state: { bucket: my-bucket, key: web/prod.json, region: eu-west-1, endpoint: "http://s3:9", kms_key: alias/me }',
        () => ({ ...s3, region: 'eu-west-1', endpoint: 'http://s3:9', kmsKey: 'alias/me' }),
      ],
    ] as const;
    for (const [text, place] of places) {
      it(`by ${text || 'nothing'}`, () => expect(load(text).state).to.deep.equal(place()));
    }

    it('where there is no playbake.yml', () => {
      const empty = join(directory(), 'nothing');
      const path = join(empty, 'playbake.state.json');
      expect(loadConfig({ directory: empty }).state).to.deep.equal({ kind: 'file', path });
    });

    const meant = 'state must be the path of a file, s3://BUCKET/KEY, or a mapping with bucket, key; it is';
    const wrong = {
      's3://bucket': `1:8 ${meant} "s3://bucket"`,
      's3://bucket/folder/': `1:8 ${meant} "s3://bucket/folder/"`,
      'gs://bucket/key': `1:8 ${meant} "gs://bucket/key"`,
      '{ key: a }': '1:8 state needs bucket',
      '{ bucket: a_b }': '1:18 state.bucket must be the name of a bucket; it is "a_b"',
      '{ bucket: abc, kms: a }':
        '1:23 a state in S3 has no key "kms" (its keys are bucket, key, region, endpoint, kms_key)',
    };
    for (const [value, fault] of Object.entries(wrong)) {
      it(`but not by ${value}`, () => expect(faultsIn(`state: ${value}`)).to.deep.equal([fault]));
    }
  });

  it('gives an image all its settings', () => {
    const config = load(`
cloud: aws
region: eu-central-1
profile: prod
endpoint: http://127.0.0.1:4577
ssh_from: 203.0.113.7/32
images:
  app:
    playbook: deploy/app.yml
    inventory: [inventory, "web1,"]
    base: { owner: "136693071363", filters: { name: "debian-12-*", state: [available] }, most_recent: true }
    instance_type: c7g.large
    subnet: subnet-0123abcd
    security_group: sg-0123abcd
    iam_profile: builder
    ssh_user: admin
    ssh_address: private
    regions: [eu-west-1, eu-west-1, us-east-1]
    accounts: ["123456789012"]
    encrypted: true
    kms_key: alias/images
    name: "app-{{ version }}"
    tags: { Team: web, Cost: "10" }
    deprecate_after: 90d
    volume_size: 20
    vars: { version: "1.2" }
    sanitise: { paths: [/srv/cache], keep: [machine-id] }
    scan: { ignore: [/etc/ssl/private/snakeoil.key] }
    timeouts: { boot: 90s, total: 2h }
`);
    const image = config.images.get('app');
    expect(config).to.deep.include({
      file: join(directory(), 'playbake.yml'),
      cloud: 'aws',
      region: 'eu-central-1',
      profile: 'prod',
      endpoint: 'http://127.0.0.1:4577',
      sshFrom: '203.0.113.7/32',
    });
    expect(image).to.deep.include({
      playbook: join(directory(), 'deploy/app.yml'),
      inventory: [join(directory(), 'inventory'), 'web1,'],
      base: {
        owners: ['136693071363'],
        filters: new Map([
          ['name', ['debian-12-*']],
          ['state', ['available']],
        ]),
        mostRecent: true,
      },
      instanceType: 'c7g.large',
      subnet: 'subnet-0123abcd',
      securityGroup: 'sg-0123abcd',
      iamProfile: 'builder',
      sshUser: 'admin',
      sshAddress: 'private',
      regions: ['eu-west-1', 'us-east-1'],
      accounts: ['123456789012'],
      encrypted: true,
      kmsKey: 'alias/images',
      nameTemplate: 'app-{{ version }}',
      tags: new Map([
        ['Team', 'web'],
        ['Cost', '10'],
      ]),
      deprecateAfter: 90 * 86_400_000,
      volumeSize: 20,
      vars: new Map([['version', '1.2']]),
      sanitise: { paths: ['/srv/cache'], keep: ['machine-id'] },
      scan: { ignore: ['/etc/ssl/private/snakeoil.key'] },
      timeouts: { boot: 90_000, stop: 600_000, image: 3_600_000, copy: 7_200_000, total: 7_200_000 },
    });
  });

  it('gives an image defaults for what it leaves out', () => {
    expect(load('images: { app: { playbook: app.yml } }').images.get('app')).to.deep.include({
      base: undefined,
      instanceType: undefined,
      nameTemplate: '{{ image }}-{{ timestamp }}',
      regions: [],
      vars: new Map(),
      encrypted: undefined,
    });
  });

  const wrong: readonly (readonly [text: string, faults: readonly string[]])[] = [
    [
      'cloud: asw\nregon: eu-west-1\nimages:\n  app:\n    playbok: a.yml\n',
      [
        '2:1 playbake.yml has no key "regon" (did you mean region?)',
        '1:8 cloud must be aws or sandbox: where images are baked and fleets are. Default: sandbox, Debian machines on this one; it is "asw"',
        '5:5 images.app needs playbook',
        '5:5 an image has no key "playbok" (did you mean playbook?)',
      ],
    ],
    [
      'images:\n  app:\n    playbook: a.yml\n    accounts: [123456789012]\n    regions: [no]\n',
      [
        '4:16 images.app.accounts.0 must be twelve digits in quotes; it is 123456789012',
        "5:15 images.app.regions.0 must be a region such as eu-central-1. Default: $AWS_REGION, then the profile's; it is false",
      ],
    ],
    [
      'cloud: aws\nimages:\n  app: { playbook: a.yml, base: debian }\n',
      [
        '3:33 images.app.base is debian, which only the sandbox has (for Debian\'s own on aws write  base: { owner: "136693071363", filters: { name: "debian-12-amd64-*" }, most_recent: true })',
      ],
    ],
    [
      'images:\n  app:\n    playbook: a.yml\n    base: { owner: me }\n    timeouts: { boot: 10 }\n',
      [
        '4:11 images.app.base needs filters',
        '4:20 images.app.base.owner must be whose images: an account in quotes, self, sandbox, amazon or aws-marketplace, or a list of these; it is "me"',
        '5:23 images.app.timeouts.boot must be a number with its unit: 90s, 15m, 2h or 30d; it is 10',
      ],
    ],
    [
      'images:\n  app:\n    playbook: a.yml\n    base: debian-12\n    tags: { "aws:x": "1", Team: 3 }\n',
      [
        '4:11 images.app.base must be `debian` (the sandbox\'s own), the id of an image (ami-...), or a mapping with owner, filters, most_recent; it is "debian-12"',
        '5:13 "aws:x" must be at most 128 characters that begin neither with aws: nor with playbake:, as the key of a tag',
        '5:33 images.app.tags.Team must be text in quotes; it is 3',
      ],
    ],
    ['- a\n', ['1:1 playbake.yml must be a mapping with cloud, region, images, fleets; it is a list']],
    ['cloud: sandbox\nprofile: prod\n', ['2:10 profile is for cloud: aws; this is cloud: sandbox']],
    [
      'images: { "my app": { playbook: a.yml } }\n',
      ['1:11 "my app" must be letters, digits, `-`, `_` and `.`, as the name of an image'],
    ],
  ];
  for (const [text, faults] of wrong) {
    it(`tells all that is wrong with ${JSON.stringify(text.slice(0, 50))}`, () => {
      expect(faultsIn(text)).to.have.members(faults);
    });
  }
});
