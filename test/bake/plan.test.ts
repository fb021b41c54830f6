import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { fingerprintOf } from '../../src/bake/fingerprint.ts';
import { planBake } from '../../src/bake/plan.ts';
import { Records } from '../../src/bake/record/records.ts';
import { INPUTS_TAG } from '../../src/bake/tag-names.ts';
import type { Cloud } from '../../src/cloud/cloud.ts';
import { openCloud } from '../../src/cloud/open-cloud.ts';
import { seedBaseImages } from '../../src/sandbox/cloud/base-images.ts';
import { bakedImage } from '../support/baked-image.ts';
import { type CloudServer, CREDENTIALS, startCloudServer } from '../support/cloud-server.ts';
import { rejected } from '../support/rejected.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { request } from './support/work.ts';

const ID = `ami-${'2'.repeat(17)}`;

describe('a plan of a bake', () => {
  const project = temporaryDirectory();
  let server: CloudServer;
  let cloud: Cloud;
  let base = '';
  before(async () => {
    server = await startCloudServer();
    const { settings, bases } = server.home;
    seedBaseImages(server.cloud, { base: join(bases, 'abc'), settings: join(settings, 'abc-def'), hosts: [] });
    const access = { region: 'us-east-1', endpoint: server.endpoint, credentials: CREDENTIALS };
    cloud = await openCloud({ kind: 'sandbox', why: 'of a test', ...access });
    const { Images = [] } = await cloud.ec2().describeImages({ Filters: [{ Name: 'name', Values: ['debian-*'] }] });
    base = Images[0]?.ImageId ?? '';
  });
  after(() => {
    cloud.close();
    return server.stop();
  });

  function site(message: string): void {
    writeFileSync(join(project(), 'site.yml'), `- hosts: web\n  tasks:\n    - debug: { msg: ${message} }\n`);
  }

  const put = (tags: Readonly<Record<string, string>>) => bakedImage(server, { digit: '2', tags });

  const plan = () => {
    const asked = request(project(), { playbook: join(project(), 'site.yml'), base });
    return planBake({ request: asked, cloud, signal: new AbortController().signal, warn: () => undefined });
  };

  it('asks for a bake where there is no image, or none of the same content', async () => {
    site('one');
    expect((await plan()).verdict).to.deep.equal({ reason: 'there is no image of it yet' });
    put({});
    expect((await plan()).verdict).to.deep.equal({ reason: `what app-2 (${ID}) was made of is not on record here` });
  });

  it('asks for nothing where the tag of an image says that it is the same', async () => {
    site('one');
    const { inputs } = await plan();
    put({ [INPUTS_TAG]: inputs.digest });
    expect((await plan()).verdict.same?.imageId).to.equal(ID);
    site('two');
    expect((await plan()).verdict.same).to.equal(undefined);
    put({ [INPUTS_TAG]: inputs.digest, 'playbake:state': 'building' });
    site('one');
    expect((await plan()).verdict).to.deep.equal({ reason: 'there is no image of it yet' });
  });

  it('asks for nothing where the record of an image says so, and else names what has changed', async () => {
    site('one');
    put({});
    const { inputs } = await plan();
    const fingerprint = fingerprintOf(inputs, [], { host: 'app', project: project() });
    const os = { id: 'debian', version: '12', name: 'Debian', architecture: 'x86_64' };
    new Records(project()).write({
      ...{ version: 1, imageId: ID, region: 'us-east-1', fingerprint },
      manifest: {
        ...{
          version: 1,
          image: 'app',
          name: 'app-2',
          run: 'r',
          created: '',
          playbake: '',
          fingerprint: inputs.digest,
          os,
        },
        ...{ base: { id: inputs.base }, source: { playbook: 'site.yml', roles: [] }, tasks: [], files: [] },
        packages: { manager: 'none', list: [] },
      },
    });
    expect((await plan()).verdict.same?.name).to.equal('app-2');
    site('two');
    const { verdict } = await plan();
    expect(verdict.same === undefined && verdict.reason).to.equal(
      'the task "debug" (site.yml:3) has changed: argument msg',
    );
  });

  it('throws what is wrong with the playbook', async () => {
    writeFileSync(join(project(), 'site.yml'), '- hosts: web\n  tasks:\n    - debgu: { msg: x }\n');
    await rejected(plan(), 'module-unknown');
  });
});
