/** Plays made by chance, in lock step and as a stream: what they do, show and count is the same. */

import { join } from 'node:path';
import { expect } from 'chai';
import { makeKey } from '../support/ssh-keys.ts';
import { startSshServer } from '../support/ssh-server.ts';
import { temporaryDirectory } from '../support/temporary-directory.ts';
import { observe } from './streaming/observed.ts';
import { randomPlaybook } from './streaming/random-playbook.ts';
import { Wire } from './streaming/wire.ts';

/** More of them, or others: `STREAMED_PLAYS=2000 STREAMED_FROM=1 npx mocha test/play/streaming.test.ts`. */
const PLAYS = Number(process.env['STREAMED_PLAYS'] ?? 100);
const FROM = Number(process.env['STREAMED_FROM'] ?? 1);

/** Of how many plays each frame is cut. */
const CUT = Math.ceil(PLAYS / 50);

/** Plays on one host that end with it: it is not asked for again when it was lost. */
function oneHostSeeds(count: number): readonly number[] {
  const seeds: number[] = [];
  for (let seed = FROM; seeds.length < count; seed++) {
    const book = randomPlaybook(seed);
    const text = JSON.stringify(book);
    const tasks = text.match(/"shell"/g)?.length ?? 0;
    if (book.hosts.length > 1 || /ignore_unreachable|clear_host_errors/.test(text)) continue;
    if (tasks > 8 && tasks < 20) seeds.push(seed);
  }
  return seeds;
}

describe('a play as a stream', () => {
  const directory = temporaryDirectory();

  it(`does what it does in lock step: ${PLAYS} plays by chance, from ${FROM}`, async function () {
    this.timeout(PLAYS * 2000);
    for (let seed = FROM; seed < FROM + PLAYS; seed++) {
      const book = randomPlaybook(seed);
      const at = join(directory(), 'play');
      const forks = seed % 7 === 0 ? 1 : 50;
      const lockStep = await observe(book, at, { lockStep: true, wire: new Wire(), forks });
      const streamed = await observe(book, at, { lockStep: false, wire: new Wire({ delay: 2, seed }), forks });
      expect(streamed, `seed ${seed}`).to.deep.equal(lockStep);
    }
  });

  it('does what it does in lock step, over ssh', async function () {
    this.timeout(120_000);
    const key = await makeKey(directory(), 'key');
    const server = await startSshServer({ directory: directory(), authorized: [key.public] });
    const options = '-F none -o UserKnownHostsFile=/dev/null -o StrictHostKeyChecking=no';
    const variables = [
      `ansible_host=127.0.0.1 ansible_port=${server.port}`,
      `ansible_ssh_private_key_file=${key.path} ansible_ssh_common_args="${options}"`,
    ].join(' ');
    const books = Array.from({ length: 20 }, (_, index) => randomPlaybook(FROM + index));
    try {
      for (const book of books.filter((one) => !JSON.stringify(one).includes('become')).slice(0, 5)) {
        const at = join(directory(), 'ssh');
        const lockStep = await observe(book, at, { lockStep: true, variables });
        expect(await observe(book, at, { lockStep: false, variables })).to.deep.equal(lockStep);
      }
    } finally {
      await server.stop();
    }
  });

  it(`ends where the wire is cut, whichever frame was the last: ${CUT} plays`, async function () {
    this.timeout(CUT * 120_000);
    for (const seed of oneHostSeeds(CUT)) {
      const book = randomPlaybook(seed);
      const at = join(directory(), 'cut');
      const uncut = new Wire();
      const whole = await observe(book, at, { lockStep: true, wire: uncut });
      for (let cutAfter = 1; cutAfter <= uncut.frames; cutAfter++) {
        const wire = new Wire({ delay: 2, seed, cutAfter });
        const { code, logs, recap, shown } = await observe(book, at, { lockStep: false, wire });
        const which = `seed ${seed}, cut after ${cutAfter} of ${uncut.frames}`;
        const log = logs['h1'] ?? [];
        expect(log, which).to.deep.equal(whole.logs['h1']?.slice(0, log.length));
        if (code !== 4) {
          // No program was under way: the host was connected to anew.
          expect([code, shown], which).to.deep.equal([whole.code, whole.shown]);
          continue;
        }
        expect(recap.join(), which).to.include('"unreachable":1');
        const end = shown.findIndex((line) => line.includes(' unreachable '));
        expect(shown.slice(0, end), which).to.deep.equal(whole.shown.slice(0, end));
      }
    }
  });

  /** Two hosts, of which the second answers late. */
  async function both(tasks: readonly object[], more: object = {}) {
    const book = { hosts: ['h1', 'h2'], files: {}, plays: [{ hosts: 'all', gather_facts: false, ...more, tasks }] };
    const at = join(directory(), 'both');
    const late = { h1: 1, h2: 20 };
    const lockStep = await observe(book, at, { lockStep: true, wire: new Wire({ late }) });
    const streamed = await observe(book, at, { lockStep: false, wire: new Wire({ late }) });
    expect(streamed).to.deep.equal(lockStep);
    return streamed;
  }

  const note = (what: string) => ({
    shell: `echo T '${what}' >>{{ log }}/{{ inventory_hostname }}; echo {{ inventory_hostname }}`,
  });

  /**
   * One host, which answers nothing before so many programs were sent to it; gives the most that were under way.
   * @param from the number of the program from which on it does so.
   */
  async function held(holdUntil: number, tasks: readonly object[], more: object = {}, from = 1) {
    const book = { hosts: ['h1'], files: {}, plays: [{ hosts: 'all', gather_facts: false, ...more, tasks }] };
    const wire = new Wire({ holdUntil: holdUntil + from - 1, holdFrom: from });
    const { code } = await observe(book, join(directory(), 'held'), { lockStep: false, wire });
    expect(code).to.equal(0);
    return wire.mostUnderWay;
  }

  it('is sent before it is answered, and one by one where the play says so', async () => {
    const tasks = Array.from({ length: 24 }, (_, index) => note(String(index)));
    expect(await held(20, tasks)).to.be.at.least(20);
    expect(await held(1, tasks.slice(0, 5), { strategy: 'linear' })).to.equal(1);
  });

  it('shows templates what other hosts register', async () => {
    const { logs } = await both([
      { ...note('first'), register: 'result' },
      note("{{ hostvars['h2'].result.stdout | default('nothing') }}"),
      note("{{ (vars['result'] | default({'stdout': 'nothing'})).stdout }}"),
      { ...note('second'), register: 'late' },
      // By now this host is done with that task, the other not yet.
      ...Array.from({ length: 10 }, () => note('between')),
      note("{{ hostvars['h2'].late.stdout | default('nothing') }}"),
    ]);
    expect([logs['h1']?.slice(0, 3), logs['h1']?.at(-1)]).to.deep.equal([['T first', 'T h2', 'T h1'], 'T h2']);
  });

  it('shows templates the facts that are being gathered, and sends what needs none', async () => {
    const gathering = { gather_facts: true, gather_subset: ['!all'] };
    const tasks = [note('plain'), note('{{ ansible_facts.system }} {{ ansible_system }}')];
    const other = note("{{ hostvars['h2'].ansible_system | default('not yet') }}");
    const { logs } = await both([...tasks, other], gathering);
    expect(logs['h1']).to.deep.equal(['T plain', 'T Linux Linux', 'T Linux']);
    expect(await held(2, tasks.slice(0, 1), gathering)).to.equal(2);
  });

  it('sends what is behind the last steps of a task that looks first', async () => {
    const line = { lineinfile: { path: '{{ log }}/{{ inventory_hostname }}', line: 'T line', create: true } };
    const { logs } = await both([line, note('after'), line, note('more')]);
    expect(logs['h2']).to.deep.equal(['T line', 'T after', 'T more']);
  });

  const path = '{{ log }}/file-{{ inventory_hostname }}';
  const edit = (line: string) => ({ lineinfile: { path, line, create: true } });

  it('looks again where a task before changed what was looked at', async () => {
    const removed = { lineinfile: { path, regexp: 'three', state: 'absent' }, register: 'gone' };
    const lines = [edit('one'), edit('two'), edit('one'), { ...edit('{{ item }}'), loop: ['three', 'two', 'four'] }];
    const { files, logs } = await both([...lines, removed, note('{{ gone.found }}'), edit('five')]);
    const content = 'one\ntwo\nfour\nfive\n';
    expect(files).to.deep.equal([`file-h1 ${content}`, `file-h2 ${content}`]);
    expect(logs['h1']).to.deep.equal(['T 1']);
  });

  it('writes nothing after a look that finds that its task fails', async () => {
    const lacking = { lineinfile: { path: `${path}-nowhere`, line: 'one' } };
    const { code, files } = await both([lacking, edit('two')]);
    expect([code, files]).to.deep.equal([2, []]);
    const ignored = await both([{ ...lacking, ignore_errors: true }, edit('two')]);
    expect([ignored.code, ignored.files.length]).to.deep.equal([0, 2]);
    const looped = { ...edit('{{ item }}'), loop: ['two', 'three'] };
    expect((await both([lacking, looped])).files).to.deep.equal([]);
  });

  it('finds nothing where a task before brings it', async () => {
    const { code } = await both([edit('one'), { replace: { path, regexp: 'one', replace: 'two' } }]);
    expect(code).to.equal(0);
  });

  it('sends looks together, while it is open what any of them leads to', async () => {
    const file = { copy: { content: 'one\n', dest: path } };
    const again = Array.from({ length: 6 }, () => edit('one'));
    expect(await held(6, [file, ...again.slice(1)])).to.equal(6);
    expect(await held(4, [{ ...edit('{{ item }}'), loop: ['one', 'two', 'three', 'four'] }])).to.equal(4);
  });

  it('goes past a variable that is set, and waits for it where it is needed', async () => {
    const set = { set_fact: { seen: '{{ result.stdout }}', plain: 'known' } };
    const { logs } = await both([
      { ...note('first'), register: 'result' },
      set,
      note('{{ seen }}'),
      note("{{ hostvars['h2'].plain | default('not yet') }}"),
      { set_fact: { list: '{{ list | default([]) + [item] }}' }, loop: [1, 2, 3] },
      note('{{ list | join }}'),
    ]);
    expect(logs['h1']).to.deep.equal(['T first', 'T h1', 'T known', 'T 123']);
    expect(await held(3, [note('first'), { set_fact: { plain: 'known' } }, note('second'), note('third')])).to.equal(3);
  });

  it('sends handlers together, but for those that another may notify', async () => {
    const handlers = [1, 2, 3].map((number) => ({ name: `handler ${number}`, listen: 'all', ...note(`h${number}`) }));
    expect(await held(3, [{ ...note('task'), notify: 'all' }], { handlers }, 2)).to.equal(3);
    const last = { name: 'last', ...note('last') };
    const chain = [{ name: 'one', ...note('one'), notify: 'last' }, { name: 'two', ...note('two') }, last];
    const { logs } = await both([{ ...note('task'), notify: ['one', 'two'] }], { handlers: chain });
    expect(logs['h2']).to.deep.equal(['T task', 'T one', 'T two', 'T last']);
  });

  it('shows templates which hosts are left', async () => {
    const { logs } = await both([
      { shell: 'test {{ inventory_hostname }} = h1' },
      note('{{ ansible_play_hosts | join }} {{ play_hosts | join }} {{ ansible_play_batch | join }}'),
    ]);
    expect(logs['h1']).to.deep.equal(['T h1 h1 h1']);
  });

  it('performs no lookup that does something for a task that is never run', async () => {
    const { files } = await both([{ shell: 'exit 1' }, note("{{ lookup('pipe', 'echo no >>' ~ log ~ '/file-no') }}")]);
    expect(files).to.deep.equal([]);
  });

  for (const [why, task] of Object.entries({
    'an item that cannot be tried': { ...note('{{ item }}'), loop: [1, '{{ nowhere }}', 3] },
    'an item in its midst that cannot be tried': {
      ...note('{{ item if item != 2 else nowhere }}'),
      loop: [1, 2, 3],
    },
    'a label that cannot be made': { ...note('labelled'), loop: [1], loop_control: { label: '{{ nowhere }}' } },
    'a condition that finds that it failed': { ...note('judged'), failed_when: true },
    'a condition that cannot be judged': { ...note('judged'), changed_when: 'nowhere' },
  })) {
    it(`does nothing after ${why}`, async () => {
      const { code, logs } = await both([note('before'), task, note('after')]);
      expect(code).to.equal(2);
      expect(JSON.stringify(logs)).not.to.include('after');
    });
  }

  it('goes on after a failure that is ignored, rescued, or none', async () => {
    const { code, logs } = await both([
      { shell: 'exit 1', ignore_errors: true },
      note('ignored'),
      { shell: 'exit 1', failed_when: false },
      note('none'),
      { block: [note('in'), { shell: 'exit 1' }, note('never')], rescue: [note('rescued')], always: [note('always')] },
      note('after'),
    ]);
    expect(code).to.equal(0);
    expect(logs['h2']).to.deep.equal(['T ignored', 'T none', 'T in', 'T rescued', 'T always', 'T after']);
  });
});
