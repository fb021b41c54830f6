import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { accountOf } from '../../src/bake/journal/account.ts';
import { Journal, readJournal } from '../../src/bake/journal/journal.ts';
import { makeRunDirectory, removeSecrets, runsIn } from '../../src/bake/journal/run-directory.ts';
import { newRunId } from '../../src/bake/journal/run-id.ts';
import { isLocked, lockRun } from '../../src/bake/journal/run-lock.ts';
import { Fault } from '../../src/fault.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';

const KEY = { kind: 'key-pair', region: 'eu-central-1', name: 'playbake-r' } as const;
const MACHINE = { kind: 'instance', region: 'eu-central-1', name: 'token' } as const;

describe('bake: the journal', () => {
  const directory = temporaryDirectory();
  const open = (name: string) => new Journal(join(directory(), name));

  it('has each entry on the disk when add returns', () => {
    const journal = open('one');
    journal.add({ type: 'begin', step: 'key-pair' });
    expect(readJournal(journal.file)).to.deep.equal(journal.entries);
    expect(statSync(journal.file).mode & 0o777).to.equal(0o600);
    journal.close();
  });

  it('goes on after a kill in mid-line as if the line had not been begun', () => {
    const first = open('torn');
    first.add({ type: 'begin', step: 'key-pair' });
    first.close();
    const whole = readFileSync(first.file, 'utf8');
    appendFileSync(first.file, '{"type":"intend","step":"key');
    const second = open('torn');
    expect(second.entries).to.have.length(1);
    second.add({ type: 'begin', step: 'base' });
    second.close();
    expect(readFileSync(second.file, 'utf8').startsWith(`${whole}{"type":"begin","step":"base"`)).to.equal(true);
    expect(readJournal(second.file).map(({ type }) => type)).to.deep.equal(['begin', 'begin']);
  });

  it('names the line that is no entry', () => {
    writeFileSync(join(directory(), 'bad'), '{"type":"begin","at":"2026","step":"a"}\nnonsense\n');
    expect(() => open('bad'))
      .to.throw(Fault)
      .with.nested.property('where.line', 2);
  });

  it('says what is done, what is left and where it was', () => {
    const journal = open('account');
    journal.add({ type: 'begin', step: 'key-pair' });
    journal.add({ type: 'intend', step: 'key-pair', resource: KEY });
    journal.add({ type: 'made', step: 'key-pair', resource: { ...KEY, id: 'key-1' } });
    journal.add({ type: 'done', step: 'key-pair', seconds: 1, gives: { keyName: 'playbake-r' } });
    journal.add({ type: 'begin', step: 'instance' });
    journal.add({ type: 'intend', step: 'instance', resource: MACHINE });
    const account = accountOf(journal.entries);
    expect(account.done.get('key-pair')).to.deep.equal({ keyName: 'playbake-r' });
    expect(account.left.map(({ step, resource }) => [step, resource])).to.deep.equal([
      ['key-pair', { ...KEY, id: 'key-1' }],
      ['instance', MACHINE],
    ]);
    expect(account).to.deep.include({ open: 'instance', undoing: false, outcome: undefined });
    journal.add({ type: 'removed', resource: KEY });
    journal.add({ type: 'undo' });
    journal.add({ type: 'end', outcome: 'undone' });
    expect(accountOf(journal.entries)).to.deep.include({ undoing: true, outcome: 'undone' });
    expect(accountOf(journal.entries).left.map(({ resource }) => resource)).to.deep.equal([MACHINE]);
    journal.close();
  });

  it('keeps an id that was noted when the same thing is noted again without it', () => {
    const journal = open('again');
    journal.add({ type: 'made', step: 'key-pair', resource: { ...KEY, id: 'key-1' } });
    journal.add({ type: 'intend', step: 'key-pair', resource: KEY });
    expect(accountOf(journal.entries).left.map(({ resource }) => resource)).to.deep.equal([{ ...KEY, id: 'key-1' }]);
    journal.close();
  });
});

describe('bake: runs', () => {
  const project = temporaryDirectory();

  it('have directories for nobody else, of which a repository takes the records of images alone', () => {
    const id = newRunId(new Date('2026-11-26T02:15:00Z'));
    expect(id).to.match(/^20261126-021500-[0-9a-f]{6}$/);
    const run = makeRunDirectory(project(), id);
    expect(runsIn(project())).to.deep.equal([]);
    new Journal(run.journal).close();
    expect(runsIn(project())).to.deep.equal([id]);
    expect(statSync(run.secrets).mode & 0o777).to.equal(0o700);
    expect(readFileSync(join(project(), '.playbake/.gitignore'), 'utf8')).to.equal('/*\n!/.gitignore\n!/images/\n');
    removeSecrets(run);
    expect(existsSync(run.secrets)).to.equal(false);
  });

  it('are worked on by one process at a time', () => {
    const file = join(project(), 'lock');
    const unlock = lockRun(file, 'r');
    expect(isLocked(file)).to.equal(true);
    expect(() => lockRun(file, 'r'))
      .to.throw(Fault)
      .with.property('code', 'run-busy');
    unlock();
    expect(isLocked(file)).to.equal(false);
    lockRun(file, 'r')();
  });

  it('are free when their process is dead, or its number is another process now', () => {
    const file = join(project(), 'stale');
    for (const holder of [`999999999 5 ${hostname()}`, `${process.pid} 5 ${hostname()}`]) {
      writeFileSync(file, `${holder}\n`);
      expect(isLocked(file), holder).to.equal(false);
      lockRun(file, 'r')();
    }
    writeFileSync(file, '1 5 another-machine\n');
    expect(isLocked(file)).to.equal(true);
  });
});
