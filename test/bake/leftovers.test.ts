import { join } from 'node:path';
import { expect } from 'chai';
import { Journal } from '../../src/bake/journal/journal.ts';
import { makeRunDirectory } from '../../src/bake/journal/run-directory.ts';
import { lockRun } from '../../src/bake/journal/run-lock.ts';
import { leftoversIn, runMeant } from '../../src/bake/leftovers.ts';
import { Fault } from '../../src/fault.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const KEY = { kind: 'key-pair', region: 'us-east-1', name: 'playbake-r', id: 'key-1' } as const;
const IMAGE = { kind: 'image', region: 'us-east-1', name: 'app-1', id: 'ami-1' } as const;

describe('bake: what runs have left', () => {
  const root = temporaryDirectory();
  let count = 0;
  let project = '';
  beforeEach(() => {
    project = join(root(), String(count++));
  });
  const run = (id: string, steps: readonly string[]) => {
    const directory = makeRunDirectory(project, id);
    const journal = new Journal(directory.journal);
    journal.add({ type: 'made', step: 'key-pair', resource: KEY });
    journal.add({ type: 'made', step: 'image', resource: IMAGE });
    for (const step of steps) journal.add({ type: 'done', step, seconds: 1, gives: {} });
    return { directory, journal };
  };
  const left = () =>
    leftoversIn(project).map(({ run: id, left: things }) => [id, things.map(({ resource }) => resource.id)]);

  it('is all that they have made, until the image is called good', () => {
    run('a', ['image']).journal.close();
    run('b', ['image', 'good']).journal.close();
    expect(left()).to.deep.equal([
      ['a', ['key-1', 'ami-1']],
      ['b', ['key-1']],
    ]);
  });

  it('is all of one that was being undone, whatever it had come to', () => {
    const { journal } = run('a', ['image', 'good']);
    journal.add({ type: 'undo' });
    expect(left()).to.deep.equal([['a', ['key-1', 'ami-1']]]);
    journal.add({ type: 'end', outcome: 'undone' });
    expect(left()).to.deep.equal([]);
    journal.close();
  });

  it('is meant by the id of a run, or by nothing where there is one that is not at work', () => {
    const first = run('a', []);
    run('b', []).journal.close();
    const meant = (id?: string) => runMeant(id, leftoversIn(project)).run;
    expect(meant('b')).to.equal('b');
    expect(() => meant())
      .to.throw(Fault, '2 runs are unfinished')
      .with.property('hint', 'name one: a, b');
    const unlock = lockRun(first.directory.lock, 'a');
    expect(meant()).to.equal('b');
    unlock();
    expect(() => meant('c'))
      .to.throw(Fault, 'there is no unfinished run c')
      .with.property('hint', 'there are a, b');
    first.journal.close();
  });
});
