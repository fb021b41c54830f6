/**
 * Runs module cases: each is tried in check mode (nothing may change on disk), for real, and again (nothing may change).
 * A case file is a YAML list; README.md beside it says what a case may have. `<root>` stands for its directory,
 * `<control>` for that of the control machine's files, `<server>` for the URL of a web server, `<port>` for its port.
 */

import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Session } from '../../src/connection/session.ts';
import { coerceArguments } from '../../src/module/check-arguments.ts';
import { loadBuiltin } from '../../src/module/load-module.ts';
import type { Module, Result } from '../../src/module/module.ts';
import { perform } from '../../src/module/perform.ts';
import { type Dict, fromPlain, isDict, isList, type Plain, toPlain, type Value } from '../../src/value/value.ts';
import type { Language } from './language.ts';
import { type LocalHost, localHost } from './local-host.ts';
import { type Case, describedBy } from './read-cases.ts';
import { type Found, look, makeTree, snapshot } from './tree.ts';

export interface Place {
  readonly session: Session;
  /** A directory for this run alone. */
  readonly directory: string;
  readonly language: Language;
  /** The URL of the test's web server. */
  readonly server: string;
}

export async function runCase(one: Case, place: Place): Promise<void> {
  const base = mkdtempSync(join(place.directory, 'case-'));
  const root = join(base, 'root');
  const control = join(base, 'control');
  for (const directory of [root, control]) mkdirSync(directory);
  try {
    const described = fill(describedBy(one), {
      root,
      control,
      server: place.server,
      port: new URL(place.server).port,
    }) as Dict;
    makeTree(root, section(described, 'before'));
    makeTree(control, section(described, 'control'));
    const module = await loadBuiltin(one.module);
    if (!module) throw new Error(`there is no module ${one.module}`);
    await new Run(one.module, module, described, { ...place, root, control }).all();
  } finally {
    rmSync(base, { recursive: true });
  }
}

class Run {
  readonly #name: string;
  readonly #module: Module;
  readonly #case: Dict;
  readonly #place: Place & { readonly root: string; readonly control: string };
  #host: LocalHost | undefined;

  constructor(name: string, module: Module, described: Dict, place: Place & { root: string; control: string }) {
    this.#name = name;
    this.#module = module;
    this.#case = described;
    this.#place = place;
  }

  async all(): Promise<void> {
    const failed = this.#case.get('failed') !== undefined;
    if (this.#case.get('check') !== 'not run') await this.#check(failed);
    const before = snapshot(this.#place.root);
    const result = await this.#perform(false);
    this.#judge(result, failed);
    if (failed && this.#case.get('after') === undefined) {
      expect(still(snapshot(this.#place.root)), 'a failed task changed files').to.deep.equal(still(before));
    }
    this.#judgeFiles();
    if (!failed && this.#case.get('again') !== 'not run') await this.#again();
  }

  /** Nothing may change on disk, and what will be changed must be foretold. */
  async #check(failed: boolean): Promise<void> {
    const before = snapshot(this.#place.root);
    const result = await this.#perform(true);
    expect(snapshot(this.#place.root), 'check mode changed files').to.deep.equal(before);
    const expected = this.#case.get('check');
    if (isDict(expected)) {
      expectSubset(result, expected, 'check');
      return;
    }
    if (failed && this.#case.get('foretold') === false) return;
    expect(Boolean(result.failed), `check: failed, in ${JSON.stringify(result)}`).to.equal(failed);
    if (!failed)
      expect(Boolean(result.changed), `check: changed, in ${JSON.stringify(result)}`).to.equal(this.#changed());
  }

  #changed(): boolean {
    return section(this.#case, 'result').get('changed') === true;
  }

  #judge(result: Result, failed: boolean): void {
    expect(Boolean(result.failed), `failed, in ${JSON.stringify(result)}`).to.equal(failed);
    expectSubset(result, section(this.#case, 'result'), 'result');
    if (failed) expectSubset(result, new Map([['msg', this.#case.get('failed') ?? '']]), 'failed');
    expectSubset(Object.fromEntries(this.#host?.variablesSet ?? []), section(this.#case, 'variables'), 'variables');
    const warnings = this.#case.get('warnings');
    if (warnings !== undefined) expect(this.#host?.warnings).to.deep.equal(toPlain(warnings));
  }

  #judgeFiles(): void {
    for (const [name, wanted] of section(this.#case, 'after')) {
      expectFile(String(name), look(join(this.#place.root, String(name))), wanted, this.#place.root);
    }
  }

  async #again(): Promise<void> {
    const before = snapshot(this.#place.root);
    const result = await this.#perform(false);
    const expected = section(this.#case, 'again');
    expect(Boolean(result.failed), `again: failed, in ${JSON.stringify(result)}`).to.equal(false);
    expect(Boolean(result.changed), `again: changed, in ${JSON.stringify(result)}`).to.equal(
      expected.get('changed') ?? false,
    );
    expectSubset(result, expected, 'again');
    if (!expected.get('changed'))
      expect(still(snapshot(this.#place.root)), 'the second run changed files').to.deep.equal(still(before));
  }

  async #perform(check: boolean): Promise<Result> {
    const { session, language, control } = this.#place;
    const environment = toPlain(section(this.#case, 'environment')) as Record<string, string>;
    const mode = this.#case.get('mode') === 'bake' ? 'bake' : 'live';
    const host = localHost({ session, check, mode, vars: section(this.#case, 'vars'), language, control, environment });
    const answers = this.#case.get('answers');
    if (isList(answers)) host.answers.push(...answers.map(String));
    this.#host = host;
    const args = coerceArguments(this.#name, this.#module, section(this.#case, 'args'), undefined);
    const { result, outcome } = await perform(this.#module, args, host);
    const streams = this.#module.streams !== undefined && outcome !== undefined;
    if (streams) expect(Boolean(result.failed), 'it streams: fails where a step does').to.equal(outcome.failed);
    return result;
  }
}

/** Without the times of directories: what was made in them and taken away again has changed those. */
function still(files: ReadonlyMap<string, Found | undefined>) {
  return [...files].map(([name, found]) => [name, found?.type === 'dir' ? { ...found, mtime: 0 } : found]);
}

function section(described: Dict, name: string): Dict {
  const found = described.get(name);
  return isDict(found) ? found : new Map();
}

/** `<name>` in texts becomes what `names` has. */
function fill(value: Value, names: Readonly<Record<string, string>>): Value {
  const each = (item: Value): Value => fill(item, names);
  if (typeof value === 'string') return value.replace(/<(\w+)>/g, (all, name: string) => names[name] ?? all);
  if (isList(value)) return value.map(each);
  return isDict(value) ? new Map([...value].map(([key, item]) => [each(key), each(item)])) : value;
}

/** Text that begins and ends with `/` is a pattern; `absent` says that there must be none. */
function expectSubset(found: Result, wanted: Dict, label: string): void {
  const plain = toPlain(fromPlain(found));
  for (const [key, value] of wanted)
    expectValue(
      (plain as Record<string, Plain>)[String(key)],
      toPlain(value),
      `${label}.${key} in ${JSON.stringify(plain)}`,
    );
}

function expectValue(found: Plain | undefined, wanted: Plain, label: string): void {
  if (wanted === '(any)') expect(found, label).to.not.equal(undefined);
  else if (wanted === '(absent)') expect(found, label).to.equal(undefined);
  else if (typeof wanted === 'string' && /^\/.*[^/]\/$/s.test(wanted) && wanted.startsWith('/^'))
    expect(String(found), label).to.match(new RegExp(wanted.slice(1, -1), 's'));
  else if (isRecord(wanted) && isRecord(found))
    for (const [key, value] of Object.entries(wanted)) expectValue(found[key], value, `${label}.${key}`);
  else expect(found, label).to.deep.equal(wanted);
}

function isRecord(value: Plain | undefined): value is { readonly [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function expectFile(name: string, found: Found | undefined, wanted: Value, root: string): void {
  if (wanted === '(absent)') {
    expect(found, `${name} is there`).to.equal(undefined);
    return;
  }
  const entry = isDict(wanted) ? wanted : new Map<Value, Value>([['content', wanted]]);
  expect(found, `${name} is missing`).to.not.equal(undefined);
  for (const [key, value] of entry) {
    if (key === 'dir') expect(found?.type, name).to.equal('dir');
    else if (key === 'hard') expect(found?.inode, name).to.equal(look(join(root, String(value)))?.inode);
    else if (key === 'length') expect(found?.content?.length, name).to.equal(value);
    else if (key === 'mtime') expect(found?.mtime, name).to.equal(Number(value) * 1000);
    else if (key === 'content')
      expect(found?.content && Buffer.from(found.content, 'latin1').toString('utf8'), name).to.equal(
        value === '' ? '' : value,
      );
    else if (key === 'mode' || key === 'owner' || key === 'group' || key === 'link')
      expect(found?.[key], `${name} ${key}`).to.equal(value);
    else throw new Error(`${name}: a case knows no ${key}`);
  }
}
