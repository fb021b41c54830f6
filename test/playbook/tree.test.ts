import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Findings } from '../../src/fault.ts';
import { ModuleCatalog } from '../../src/module/catalog.ts';
import { checkPlaybook } from '../../src/playbook/check.ts';
import { loadPlaybook } from '../../src/playbook/load.ts';
import type { Entry, Play, Playbook, RoleUse } from '../../src/playbook/types.ts';
import { Templar } from '../../src/template/templar.ts';
import { isList, type Plain, toPlain, type Value } from '../../src/value/value.ts';

const TREE = join(import.meta.dirname, 'tree');

function load(): Playbook {
  const findings = new Findings();
  const playbook = loadPlaybook(join(TREE, 'site.yml'), { findings, extraVars: new Map() });
  expect(findings.faults.map(({ message }) => message)).to.deep.equal([]);
  return playbook;
}

function tagsOf(value: Value | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value.flatMap(tagsOf) : String(value).split(',');
}

/** As `ansible-playbook --list-tasks` has it, which passes over rescue and always. */
function listed(entries: readonly Entry[], tags: readonly string[]): readonly string[] {
  return entries.flatMap((entry) => {
    const all = [...tags, ...tagsOf(entry.keywords.get('tags'))];
    if (entry.kind === 'block') return listed(entry.block, all);
    const isInclude = entry.action.startsWith('include_');
    const role = entry.role && !isInclude ? `${entry.role.name} : ` : '';
    return [`${role}${entry.name ?? entry.action}\tTAGS: [${[...new Set(all)].sort().join(', ')}]`];
  });
}

function listedPlay(play: Play): readonly string[] {
  return play.sections.flatMap(({ entries }) => listed(entries, tagsOf(play.keywords.get('tags'))));
}

/** The first play that Ansible has recorded as a list of lines, and so on. */
function recorded(): readonly (readonly string[])[] {
  const text = readFileSync(join(import.meta.dirname, 'tree.txt'), 'utf8');
  const plays = text.split(/^ {2}play #.*\n {4}tasks:\n/m).slice(1);
  return plays.map((play) => play.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()])));
}

function role(play: Play | undefined, name: string, at = 0): RoleUse {
  const found = play?.roles.filter((one) => one.name === name)[at];
  if (!found) throw new Error(`no role ${name}`);
  return found;
}

const plain = (values: { readonly [name: string]: ReadonlyMap<Value, Value> | undefined }): Plain =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, toPlain(value ?? null)]));

describe('a tree of playbooks, roles and collections', () => {
  it('has the tasks that Ansible lists, in its order, with their tags', () => {
    const { plays } = load();
    expect(plays.map(listedPlay)).to.deep.equal(recorded());
  });

  it('has nothing wrong', async () => {
    const findings = new Findings();
    await checkPlaybook(load(), new ModuleCatalog(), new Templar(), findings);
    expect([...findings.faults, ...findings.warnings].map(({ message }) => message)).to.deep.equal([]);
  });

  it('names the roles of a play, dependencies first', () => {
    const [prepare] = load().plays;
    expect(prepare?.roles.map(({ name }) => name)).to.deep.equal([
      ...['base', 'common', 'base', 'web', 'base', 'web', 'base', 'acme.tools.shared'],
      ...['base', 'common', 'db-server'],
    ]);
    expect(role(prepare, 'common').dependencies.map(({ name }) => name)).to.deep.equal(['base']);
    expect(role(prepare, 'base').parent).to.equal(role(prepare, 'common'));
  });

  it('reads the variables of roles from files of any ending and from directories', () => {
    const [prepare] = load().plays;
    const { defaults, vars, params } = role(prepare, 'base');
    expect(plain({ defaults, vars, params })).to.deep.equal({
      defaults: { base_a: 'one', base_b: 'two' },
      vars: {},
      params: { base_for: 'common' },
    });
    expect(plain({ vars: role(prepare, 'common').vars })).to.deep.equal({ vars: { common_b: 'var' } });
  });

  it("puts vars of a role's use below its own, and parameters apart", () => {
    const { defaults, vars, params, given, allowDuplicates } = role(load().plays[0], 'web');
    expect(plain({ defaults, vars, params, given })).to.deep.equal({
      defaults: { web_port: 80 },
      vars: { web_port: 8080, web_name: 'own' },
      params: { site: 'main' },
      given: { web_port: 8080, web_name: 'from the entry' },
    });
    expect(allowDuplicates).to.equal(true);
    expect(role(load().plays[0], 'common').allowDuplicates).to.equal(false);
  });

  it('has the handlers of its roles, use by use, then those of the play', () => {
    const names = (entries: readonly Entry[]): readonly unknown[] =>
      entries.flatMap((entry) => (entry.kind === 'block' ? names(entry.block) : [entry.name]));
    expect(names(load().plays[0]?.handlers ?? [])).to.deep.equal([
      ...['base changed', 'base changed', 'restart web', 'reload web', 'base changed', 'restart web', 'reload web'],
      ...['base changed', 'base changed', 'restart all', 'imported handler'],
    ]);
  });

  it('hands vars, tags and conditions of import_playbook on, nested imports too', () => {
    const [, second, third] = load().plays;
    expect(plain({ vars: second?.vars })).to.deep.equal({ vars: { shared: 'import', own: 'play', given: 'import' } });
    expect(third?.directory).to.equal(join(TREE, 'plays'));
    for (const play of [second, third]) {
      expect(play?.gatherWhen).to.deep.equal(['wanted | default(true)']);
      const [guard] = play?.sections[1]?.entries ?? [];
      expect(guard?.keywords.get('when')).to.equal('wanted | default(true)');
    }
    expect(plain({ vars: third?.vars })).to.deep.equal({ vars: { given: 'import', shared: 'import' } });
  });
});
