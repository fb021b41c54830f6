import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { Fault } from '../../src/fault.ts';
import type { PlayEvent } from '../../src/play/events.ts';
import { JsonReporter } from '../../src/report/json.ts';
import { memoryScreen } from './memory-screen.ts';
import { readEvents } from './read-events.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/events.json'), 'utf8'));
const validate = new Ajv2020({ discriminator: true }).compile(schema);

const where = { file: '/play/site.yml', line: 3, column: 7, text: 'the whole file' };
const task = { id: 1, name: 'copy it', action: 'copy', where, handler: false, check: false };
const hosts = ['web1', 'web2'];
const result = { changed: true, where: { text: 'kept' }, _ansible_no_log: false };
const diff = [{ before: 'a\n', after: 'b\n', beforeHeader: '/etc/a' }];
const stats = { ok: 1, changed: 1, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 };

/** One of each type: the compiler asks for the key, the test for the schema. */
const EVENTS: { readonly [T in PlayEvent['type']]: Extract<PlayEvent, { type: T }> } = {
  'run-start': { type: 'run-start', playbooks: ['site.yml'], check: false, diff: true },
  'playbook-start': { type: 'playbook-start', file: 'site.yml' },
  'play-start': { type: 'play-start', name: 'all', hosts, where },
  'no-hosts': { type: 'no-hosts', name: 'all', where },
  'task-start': { type: 'task-start', task, hosts },
  'host-start': { type: 'host-start', task, host: 'web1' },
  progress: { type: 'progress', task, host: 'web1', line: 'Unpacking…' },
  retry: { type: 'retry', task, host: 'web1', attempt: 1, retriesLeft: 2, result },
  item: { type: 'item', task, host: 'web1', status: 'changed', label: 'a', result, diff, ignored: false },
  result: {
    type: 'result',
    task,
    host: 'web1',
    status: 'changed',
    result,
    diff,
    delegatedTo: 'web2',
    ignored: false,
    loop: false,
    seconds: 0.25,
    fault: new Fault('template-undefined', "'a' is undefined", { where, hint: 'define it' }),
  },
  included: { type: 'included', task, file: 'more.yml', hosts, label: 'x' },
  note: { type: 'note', level: 2, message: 'NOTIFIED HANDLER restart for web1' },
  warning: { type: 'warning', message: 'a key stands twice', where, hint: 'remove one' },
  'no-hosts-left': { type: 'no-hosts-left' },
  prompt: { type: 'prompt', message: 'Press enter' },
  'run-end': { type: 'run-end', stats: new Map([['web1', stats]]), seconds: 2, interrupted: false, custom: { a: 1 } },
};

function written(events: readonly PlayEvent[]) {
  const screen = memoryScreen();
  const reporter = new JsonReporter(screen);
  for (const event of events) reporter.emit(event);
  return screen.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

describe('report: JSON lines', () => {
  for (const event of Object.values(EVENTS)) {
    it(`${event.type} is one line of the schema`, () => {
      const [line, ...more] = written([event]);
      expect(more).to.deep.equal([]);
      expect(validate(line), JSON.stringify(validate.errors)).to.equal(true);
    });
  }

  it('leaves out the text of files and private keys, and nothing of a result', () => {
    const [line] = written([EVENTS.result]);
    expect(line.task.where).to.deep.equal({ file: '/play/site.yml', line: 3, column: 7 });
    expect(line.fault.where).to.deep.equal({ file: '/play/site.yml', line: 3, column: 7 });
    expect(line.result).to.deep.equal({ changed: true, where: { text: 'kept' } });
  });

  it('has the recap by host', () => {
    expect(written([EVENTS['run-end']])[0].stats).to.deep.equal({ web1: stats });
  });

  it('holds for a recorded run', () => {
    const events = readEvents(readFileSync(join(import.meta.dirname, 'cases/handlers.events.jsonl'), 'utf8'));
    for (const line of written(events)) expect(validate(line), JSON.stringify(line)).to.equal(true);
  });

  it('the schema refuses what is no event', () => {
    expect(validate({ type: 'nothing' })).to.equal(false);
    expect(validate({ ...EVENTS.retry, attempt: 'one' })).to.equal(false);
    expect(validate({ type: 'task-start', hosts, task: { ...task, where: { line: 1 } } })).to.equal(false);
  });
});
