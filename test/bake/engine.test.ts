import { join } from 'node:path';
import { expect } from 'chai';
import { accountOf } from '../../src/bake/journal/account.ts';
import { removeAll } from '../../src/bake/remove/remove-all.ts';
import { type Step, Steps } from '../../src/bake/step.ts';
import type { Cloud } from '../../src/cloud/cloud.ts';
import { Fault } from '../../src/fault.ts';
import { rejected } from '../support/rejected.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { Ec2Wire, set } from './support/ec2-wire.ts';
import { trial } from './support/work.ts';

const REGION = 'eu-central-1';

describe('bake: steps', () => {
  const root = temporaryDirectory();
  const wire = new Ec2Wire();
  let cloud: Cloud;
  let count = 0;
  let project = '';
  const done: string[] = [];

  before(async () => {
    cloud = await wire.open();
  });
  after(() => {
    cloud.close();
    wire.close();
  });
  beforeEach(() => {
    project = join(root(), String(count++));
    done.length = 0;
  });

  const number: Step<object, { readonly number: number }> = {
    id: 'number',
    title: 'Find a number',
    async run(_, work) {
      done.push('number');
      work.note('it is 7');
      return { number: 7 };
    },
  };
  const twice: Step<{ readonly number: number }, { readonly double: number }> = {
    id: 'twice',
    title: 'Double it',
    async run({ number }) {
      done.push('twice');
      return { double: 2 * number };
    },
  };

  it('know what earlier ones gave, and a resumed run knows it from the journal', async () => {
    const first = trial(project, cloud);
    expect(await Steps.from<object>().add(number).perform({}, first.engine)).to.deep.equal({ number: 7 });
    first.journal.close();
    const second = trial(project, cloud);
    expect(await Steps.from<object>().add(number).add(twice).perform({}, second.engine)).to.deep.equal({
      number: 7,
      double: 14,
    });
    expect(done).to.deep.equal(['number', 'twice']);
    expect(
      second.events.map((event) => ('status' in event ? `${event.type} ${event.status}` : event.type)),
    ).to.deep.equal(['step-end resumed', 'step-start', 'step-end done']);
    second.journal.close();
  });

  it('whose work is in memory are done again until what needs it was begun', async () => {
    const memory = { ...number, againUntil: 'twice' };
    const first = trial(project, cloud);
    await Steps.from<object>().add(memory).perform({}, first.engine);
    first.journal.close();
    for (let run = 0; run < 2; run++) {
      const { engine, journal } = trial(project, cloud);
      await Steps.from<object>().add(memory).add(twice).perform({}, engine);
      journal.close();
    }
    expect(done).to.deep.equal(['number', 'number', 'twice']);
  });

  it('that have nothing to do say so', async () => {
    const { engine, events, journal } = trial(project, cloud);
    const idle = { ...twice, skip: () => ({ double: 0 }) };
    expect(await Steps.from<object>().add(number).add(idle).perform({}, engine)).to.deep.equal({
      number: 7,
      double: 0,
    });
    expect(events.at(-1)).to.deep.include({ type: 'step-end', status: 'skipped' });
    journal.close();
  });

  it('are two of one name for no moment', () => {
    expect(() => Steps.from<object>().add(number).add(number)).to.throw('two steps are called number');
  });

  it('are stopped by a Ctrl-C before the next', async () => {
    const controller = new AbortController();
    const { engine, journal } = trial(project, cloud, {}, controller.signal);
    const stopping: typeof number = {
      ...number,
      async run() {
        controller.abort();
        return { number: 1 };
      },
    };
    await rejected(Steps.from<object>().add(stopping).add(twice).perform({}, engine), 'interrupted');
    expect(done).to.deep.equal([]);
    journal.close();
  });

  it('note what they make before it is there, and it is removed in reverse', async () => {
    const { engine, journal, events } = trial(project, cloud);
    const making: Step<object, object> = {
      id: 'making',
      title: 'Make things',
      async run(_, work) {
        const group = { kind: 'security-group', region: REGION, name: 'g' } as const;
        const key = { kind: 'key-pair', region: REGION, name: 'k' } as const;
        work.intend(group);
        expect(accountOf(journal.entries).left.map(({ resource }) => resource)).to.deep.equal([group]);
        work.made({ ...group, id: 'sg-1' });
        work.intend(key);
        work.made({ ...key, id: 'key-1' });
        throw new Fault('cloud-lost', 'it is gone');
      },
    };
    await rejected(Steps.from<object>().add(making).perform({}, engine), 'cloud-lost');
    wire.on('DeleteKeyPair', () => '<return>true</return>');
    wire.on('DeleteSecurityGroup', (_, nth) => (nth === 1 ? { code: 'DependencyViolation' } : '<return>true</return>'));
    const { signal } = new AbortController();
    const faults = await removeAll({
      cloud,
      run: 'r',
      left: accountOf(journal.entries).left,
      why: 'failure',
      emit: (event) => events.push(event),
      signal,
      onRemoved: (resource) => journal.add({ type: 'removed', resource }),
    });
    expect(faults).to.deep.equal([]);
    expect(wire.calls.map(({ action }) => action)).to.deep.equal([
      'DeleteKeyPair',
      'DeleteSecurityGroup',
      'DeleteSecurityGroup',
    ]);
    expect(accountOf(journal.entries).left).to.deep.equal([]);
    journal.close();
  });

  it('remove no image but their own, with its snapshots', async () => {
    const { journal } = trial(project, cloud);
    journal.add({ type: 'intend', step: 'image', resource: { kind: 'image', region: REGION, name: 'app-1' } });
    wire.on('DescribeImages', () => {
      const ebs = '<deviceName>/dev/xvda</deviceName><ebs><snapshotId>snap-1</snapshotId></ebs>';
      return set('imagesSet', [`<imageId>ami-1</imageId>${set('blockDeviceMapping', [ebs])}`]);
    });
    wire.on('DeregisterImage', () => '<return>true</return>');
    wire.on('DeleteSnapshot', (_, nth) =>
      nth === 1 ? { code: 'InvalidSnapshot.InUse' } : { code: 'InvalidSnapshot.NotFound' },
    );
    wire.on('DescribeSnapshots', () => set('snapshotSet', []));
    const { signal } = new AbortController();
    const common = { cloud, run: 'r', why: 'failure', emit: () => {}, signal, onRemoved: () => {} } as const;
    expect(await removeAll({ ...common, left: accountOf(journal.entries).left })).to.deep.equal([]);
    const [search] = wire.called('DescribeImages');
    expect([...(search?.parameters ?? [])].filter(([name]) => name.startsWith('Filter'))).to.deep.equal([
      ['Filter.1.Name', 'name'],
      ['Filter.1.Value.1', 'app-1'],
      ['Filter.2.Name', 'tag:playbake:run'],
      ['Filter.2.Value.1', 'r'],
    ]);
    expect(wire.called('DeregisterImage').map(({ parameters }) => parameters.get('ImageId'))).to.deep.equal(['ami-1']);
    expect(wire.called('DeleteSnapshot').map(({ parameters }) => parameters.get('SnapshotId'))).to.deep.equal([
      'snap-1',
      'snap-1',
    ]);
    journal.close();
  });

  it('keep going when one thing cannot be removed', async () => {
    const { journal } = trial(project, cloud);
    for (const name of ['a', 'b']) {
      journal.add({ type: 'made', step: 'x', resource: { kind: 'key-pair', region: REGION, name, id: name } });
    }
    wire.on('DeleteKeyPair', (_, nth) =>
      nth % 2 === 0 ? { code: 'UnauthorizedOperation', status: 403 } : '<return>true</return>',
    );
    const removed: string[] = [];
    const { signal } = new AbortController();
    const onRemoved = ({ name }: { readonly name: string }) => void removed.push(name);
    const common = { cloud, run: 'r', why: 'failure', emit: () => {}, signal, onRemoved } as const;
    const faults = await removeAll({ ...common, left: accountOf(journal.entries).left });
    expect(faults.map(({ code }) => code)).to.deep.equal(['cloud-denied']);
    expect(removed).to.have.length(1);
    journal.close();
  });
});
