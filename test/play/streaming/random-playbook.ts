/** Playbooks made by chance: tasks that note on their host that they ran, and all that may come between them. */

import { Random } from './random.ts';

type Data = { readonly [name: string]: unknown };
type Entry = Data;

export interface RandomPlaybook {
  readonly hosts: readonly string[];
  readonly plays: readonly Data[];
  /** Files that its tasks include, by name. */
  readonly files: { readonly [name: string]: readonly Entry[] };
}

/**
 * A task that writes `ID seen` to `LOG/HOST`, and `HOST ID` to `LOG/all`. The names of tasks that all hosts wait for
 * begin with B.
 */
export function randomPlaybook(seed: number): RandomPlaybook {
  const maker = new Maker(new Random(seed));
  return maker.playbook();
}

class Maker {
  readonly #random: Random;
  readonly #hosts: readonly string[];
  readonly #files: { [name: string]: readonly Entry[] } = {};
  /** Variables that tasks before may have set. */
  readonly #results: string[] = [];
  readonly #facts: string[] = [];
  #tasks = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#hosts = ['h1', 'h2', 'h3'].slice(0, random.one([1, 1, 2, 3]));
  }

  playbook(): RandomPlaybook {
    const plays = Array.from({ length: this.#random.one([1, 1, 2]) }, () => this.#play());
    return { hosts: this.#hosts, plays, files: this.#files };
  }

  #play(): Data {
    const random = this.#random;
    return {
      hosts: 'all',
      gather_facts: random.holds(0.15),
      gather_subset: ['!all'],
      ...(random.holds(0.1) && { serial: 1 }),
      ...(random.holds(0.05) && { any_errors_fatal: true }),
      ...(random.holds(0.05) && { max_fail_percentage: 40 }),
      ...(random.holds(0.1) && { force_handlers: true }),
      ...(random.holds(0.1) && { pre_tasks: this.#entries(1, 2) }),
      tasks: this.#entries(4, 12),
      ...(random.holds(0.1) && { post_tasks: this.#entries(1, 2) }),
      handlers: [
        { name: 'first', ...this.#note('handler-1'), listen: 'both' },
        { name: 'second', ...this.#note('handler-2'), listen: 'both', ...this.#maybe(0.1, { ignore_errors: true }) },
        { name: 'third', ...this.#note('handler-3'), listen: 'both', ...this.#maybe(0.3, { notify: 'fourth' }) },
        { name: 'fourth', ...this.#note('handler-4') },
      ],
    };
  }

  #entries(least: number, most: number, depth = 0): readonly Entry[] {
    return Array.from({ length: this.#random.number(least, most) }, () => this.#entry(depth));
  }

  #entry(depth: number): Entry {
    const kind = this.#random.next();
    if (depth < 2 && kind < 0.12) return this.#block(depth);
    if (kind < 0.16) return this.#include(depth);
    if (kind < 0.2) return this.#meta();
    if (kind < 0.26) return this.#setFact();
    if (kind < 0.33) return this.#debug();
    if (kind < 0.38) return this.#file();
    if (kind < 0.5) return this.#look();
    return this.#command();
  }

  #block(depth: number): Entry {
    const random = this.#random;
    return {
      block: this.#entries(1, 3, depth + 1),
      ...(random.holds(0.6) && { rescue: this.#entries(1, 2, depth + 1) }),
      ...(random.holds(0.4) && { always: this.#entries(1, 2, depth + 1) }),
      ...this.#maybe(0.3, { when: this.#condition() }),
      ...this.#maybe(0.15, { become: true, become_user: 'alice' }),
      ...this.#maybe(0.1, { ignore_errors: true }),
      ...this.#maybe(0.1, { any_errors_fatal: true }),
      vars: { inner: this.#expression() },
    };
  }

  #include(depth: number): Entry {
    const name = `included-${++this.#tasks}.yml`;
    this.#files[name] = this.#entries(1, 3, depth + 1);
    if (this.#random.holds(0.4)) return { import_tasks: name, ...this.#maybe(0.4, { when: this.#condition() }) };
    return {
      include_tasks: name,
      ...this.#maybe(0.4, { when: this.#condition() }),
      ...this.#maybe(0.2, { loop: [1, 2] }),
      vars: { inner: this.#expression() },
    };
  }

  #meta(): Entry {
    const random = this.#random;
    const when = { when: `inventory_hostname == 'h${random.number(1, 3)}'` };
    return random.one<Entry>([
      { meta: 'flush_handlers' },
      { meta: 'flush_handlers' },
      { meta: 'noop' },
      random.holds(0.3) ? { meta: 'end_host', ...when } : { meta: 'noop' },
      { meta: 'reset_connection' },
      { meta: 'clear_host_errors' },
    ]);
  }

  #setFact(): Entry {
    const name = `fact${this.#facts.length}`;
    const entry = { name: this.#name(), set_fact: { [name]: this.#expression() }, ...this.#limits() };
    this.#facts.push(name);
    return entry;
  }

  #debug(): Entry {
    const what = this.#random.one<Entry>([
      { debug: { msg: this.#expression() } },
      { debug: { msg: this.#expression() } },
      { debug: { var: this.#results.at(-1) ?? 'nothing' } },
      { assert: { that: `${this.#bare()} is defined` } },
      { fail: { msg: this.#expression() }, when: 'false' },
      { fail: { msg: this.#expression() }, ...this.#limits() },
    ]);
    return { name: this.#name(), ...what, ...this.#limits() };
  }

  /** What is not a command: files of any size, and what looks before it writes. */
  #file(): Entry {
    const random = this.#random;
    const path = `{{ log }}/file-${this.#tasks}-{{ inventory_hostname }}`;
    const size = this.#random.one([1, 1, 1, 30000]);
    const what = this.#random.one<Entry>([
      { copy: { content: `${this.#expression()} ${'long '.repeat(size)}`, dest: path } },
      random.holds(0.1)
        ? { copy: { content: this.#expression(), dest: '{{ log }}/nowhere/file' } }
        : { copy: { content: this.#expression(), dest: path } },
      { file: { path: `${path}-{{ item | default('') }}`, state: 'touch' } },
      { lineinfile: { path, line: this.#expression(), create: true } },
      { template: { src: 'template.j2', dest: path } },
    ]);
    return { name: this.#name(), ...what, ...this.#limits(), ...this.#result(), ...this.#loop(), ...this.#notify() };
  }

  /** What looks before it decides, at files that others write: which it finds depends on all that came before. */
  #look(): Entry {
    const random = this.#random;
    const path = `{{ log }}/file-shared-${random.one(['a', 'b'])}-{{ inventory_hostname }}`;
    const line = random.one([`line ${random.number(1, 4)}`, this.#expression()]);
    const what = random.one<Entry>([
      { lineinfile: { path, line, create: random.holds(0.8) } },
      { lineinfile: { path, line, create: true, mode: random.one(['0600', '0644']) } },
      { lineinfile: { path, regexp: '^line', line, create: random.holds(0.5) } },
      { lineinfile: { path, regexp: `line ${random.number(1, 4)}`, state: 'absent' } },
      { lineinfile: { path, line: 'item {{ item | default(line) }}', create: true }, vars: { line } },
      { blockinfile: { path, block: line, create: true } },
      { replace: { path, regexp: 'line [12]', replace: 'row' } },
      { shell: `echo 'line ${random.number(1, 4)}' >>${path}` },
      { stat: { path, get_checksum: true } },
      { copy: { content: `${line}\n`, dest: path } },
      { file: { path, state: random.one(['absent', 'touch']) } },
    ]);
    return { name: this.#name(), ...what, ...this.#limits(), ...this.#result(), ...this.#loop(), ...this.#notify() };
  }

  #command(): Entry {
    const random = this.#random;
    const waits = random.holds(0.12) ? this.#waiting() : {};
    const id = `${Object.keys(waits).length > 0 ? 'B' : 'T'}${++this.#tasks}`;
    const loop = this.#loop();
    const item = 'loop' in loop ? '.{{ item }}' : '';
    return {
      name: id,
      ...this.#note(`${id}${item}`, this.#end('loop' in loop)),
      ...waits,
      ...loop,
      ...this.#limits(),
      ...this.#verdict(),
      ...this.#notify(),
      ...this.#result(),
      ...this.#maybe(0.06, { become: true, become_user: random.one(['alice', 'bob']) }),
      ...this.#maybe(0.05, { environment: { SEEN: this.#expression() } }),
      ...this.#maybe(0.05, { vars: { inner: this.#expression() } }),
      ...this.#maybe(0.03, { no_log: true }),
    };
  }

  /** What all hosts wait for. */
  #waiting(): Data {
    return this.#random.one<Data>([
      { run_once: true },
      { delegate_to: this.#random.one(this.#hosts) },
      { any_errors_fatal: true },
    ]);
  }

  #verdict(): Data {
    const name = this.#results[this.#results.length - 1] ?? 'nothing';
    return this.#random.holds(0.25)
      ? this.#random.one<Data>([
          ...[{ changed_when: false }, { changed_when: true }, { failed_when: false }],
          { changed_when: `${name} is defined` },
          { failed_when: false },
          { failed_when: this.#condition() },
          { register: 'own', failed_when: "own.stdout == 'out-h2'" },
          { register: 'own', until: 'own.rc == 0', retries: 1, delay: 0 },
          { ignore_unreachable: true },
        ])
      : {};
  }

  /** How a command ends: on which host, or with which item, it fails. */
  #end(loops: boolean): string {
    return this.#random.one([
      ...Array.from({ length: 40 }, () => 'true'),
      'false',
      'test {{ inventory_hostname }} != h1',
      'test {{ inventory_hostname }} != h2',
      loops ? 'test {{ item }} != 2' : 'exit 3',
      'kill -9 $$',
    ]);
  }

  #note(id: string, end = 'true'): Entry {
    const seen = this.#random.holds(0.4) ? this.#expression() : '';
    const name = id.startsWith('B') ? id : `T${id.replace(/^T/, '')}`;
    const lines = [
      `echo '${name}' '${seen}' >>{{ log }}/{{ inventory_hostname }}`,
      `echo {{ inventory_hostname }} '${name}' >>{{ log }}/all`,
      'echo out-{{ inventory_hostname }}',
      end,
    ];
    return { shell: lines.join('; ') };
  }

  #name(): string {
    return `T${++this.#tasks}`;
  }

  #loop(): Data {
    const random = this.#random;
    if (random.holds(0.8)) return {};
    const list = random.one<unknown>([
      [1, 2, 3],
      [1, 2],
      [],
      '{{ range(12) }}',
      `{{ [1, 2, ${this.#bare()}] }}`,
      random.holds(0.2) ? '{{ nowhere }}' : ['x', 'y'],
    ]);
    return { loop: list, ...this.#maybe(0.2, { loop_control: { label: this.#expression() } }) };
  }

  #limits(): Data {
    return { ...this.#maybe(0.2, { when: this.#condition() }), ...this.#maybe(0.12, { ignore_errors: true }) };
  }

  #notify(): Data {
    return this.#maybe(0.15, { notify: this.#random.one(['first', 'second', 'third', 'both', ['second', 'first']]) });
  }

  #result(): Data {
    if (this.#random.holds(0.6)) return {};
    const name = this.#random.holds(0.8) ? `result${this.#results.length}` : (this.#results[0] ?? 'result0');
    this.#results.push(name);
    return { register: name };
  }

  #condition(): string {
    const random = this.#random;
    const name = random.one([...this.#results, 'nothing']);
    return random.one([
      `inventory_hostname != 'h${random.number(1, 3)}'`,
      `${name} is defined`,
      `${name} is changed`,
      `${name} is failed`,
      `(${this.#bare()} | string | length) is odd`,
      'true',
      'inner is defined',
    ]);
  }

  #expression(): string {
    return `{{ ${this.#bare()} }}`;
  }

  #bare(): string {
    const random = this.#random;
    const name = random.holds(0.5) ? (this.#results.at(-1) ?? 'nothing') : random.one([...this.#results, 'nothing']);
    const fact = random.one([...this.#facts, 'nothing']);
    const host = random.one(this.#hosts);
    return random.one([
      ...['7', 'inventory_hostname', 'inventory_hostname', "'text' ~ 3", '[1, 2] | length', 'log | length'],
      `${name}.stdout | default('none')`,
      `${name}.stdout | default('none')`,
      random.holds(0.1) ? `${name}.stdout` : `${name}.rc | default(9)`,
      `(${name}.results | default([])) | length`,
      `hostvars['${host}'].${name}.stdout | default('none there')`,
      `hostvars['${host}'].${name}.stdout | default('none there')`,
      `hostvars['${host}'].${fact} | default('none there')`,
      `${fact} | default(0)`,
      'ansible_play_hosts | length',
      "ansible_facts.system | default('no facts')",
      "ansible_kernel | default('no facts')",
      "ansible_failed_task.name | default('nothing failed')",
      "inner | default('outside')",
      `lookup('vars', '${name}', default='none').stdout | default('none')`,
      "lookup('pipe', 'echo once >>' ~ log ~ '/file-of-lookups; echo piped')",
    ]);
  }

  #maybe(probability: number, data: Data): Data {
    return this.#random.holds(probability) ? data : {};
  }
}
