import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import schema from '../../schemas/inventory.json' with { type: 'json' };
import { Findings } from '../../src/fault.ts';
import { type InventoryOptions, loadInventory } from '../../src/inventory/load.ts';
import { selectHosts } from '../../src/inventory/select.ts';
import { hostVariables } from '../../src/inventory/vars.ts';
import { whereOf } from '../../src/value/source.ts';

describe('loading inventories', () => {
  let directory: string;
  const put = (name: string, text: string, mode = 0o644): string => {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };
  const load = async (sources: readonly string[], options: Partial<InventoryOptions> = {}) => {
    const findings = new Findings();
    const inventory = await loadInventory(sources, { workingDirectory: directory, findings, ...options });
    const shown = (message: string) => message.replaceAll(directory, '.');
    return {
      inventory,
      hosts: [...inventory.hosts.keys()],
      faults: findings.faults.map(({ message }) => shown(message)),
      hints: findings.faults.map(({ hint }) => hint && shown(hint)),
      warnings: findings.warnings.map(({ message }) => shown(message)),
      findings,
    };
  };
  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'inventory-')));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('finds a bare name in inventory/ and with an ending, in the working directory and beside the playbook', async () => {
    const places = ['inventory/one', 'inventory/two.ini', 'three.yaml', 'play/inventory/four.yml', 'play/five', 'six'];
    for (const place of places) put(place, /ya?ml$/.test(place) ? 'all: {hosts: {h: }}' : 'h\n');
    const names = ['one', 'two', 'three', 'four', 'five', 'six'];
    const { inventory, faults } = await load(names, { playbookDirectory: join(directory, 'play') });
    expect(faults).to.deep.equal([]);
    expect(inventory.sources).to.deep.equal(places.map((place) => join(directory, place)));
  });

  it('looks for a path only where it says, and takes a file before a list of hosts', async () => {
    put('inventory/sub/one', 'h\n');
    put('a,b', 'from_file\n');
    const { hosts, faults } = await load(['sub/one', 'a,b']);
    expect(faults).to.deep.equal(["there is no inventory 'sub/one'; looked for:\n  ./sub/one"]);
    expect(hosts).to.deep.equal(['from_file']);
  });

  it('lists where it looked for what is nowhere, and says what may have been meant', async () => {
    put('inventory/ec2_instances.ini', 'h\n');
    const { faults, hints } = await load(['ec2_instanecs', 'web1']);
    const places = (name: string) =>
      ['', 'inventory/', '.ini', '.yml', '.yaml']
        .flatMap((part) =>
          part === 'inventory/' ? ['', '.ini', '.yml', '.yaml'].map((end) => part + name + end) : [name + part],
        )
        .map((place) => `\n  ./${place}`);
    expect(faults).to.deep.equal([
      `there is no inventory 'ec2_instanecs'; looked for:${places('ec2_instanecs').join('')}`,
      `there is no inventory 'web1'; looked for:${places('web1').join('')}`,
    ]);
    expect(hints[0]).to.equal('did you mean "ec2_instances"?');
    expect(hints[1]).to.match(/^for a list of hosts write "web1,"/);
  });

  it('has only the implicit localhost without sources', async () => {
    const { inventory, hosts, warnings, findings } = await load([]);
    expect([hosts, warnings]).to.deep.equal([[], []]);
    const { implicit, vars } = inventory.host('localhost') ?? {};
    expect([implicit, [...(vars ?? [])]]).to.deep.equal([true, [['ansible_connection', 'local']]]);
    expect(inventory.host('web1')).to.equal(undefined);
    expect(selectHosts(inventory, 'all', { findings, limit: 'web1' })).to.deep.equal([]);
  });

  it('warns of what is empty, cannot be written in templates, or has one name twice', async () => {
    put('empty', '[web]\n');
    put('odd', '[web-1]\nh\n[2nd]\n[db]\ndb\n');
    expect((await load(['empty'])).warnings).to.deep.equal([
      'the inventory empty holds no hosts; only localhost is there',
    ]);
    expect((await load(['odd'])).warnings).to.deep.equal([
      'Invalid characters were found in group names but not replaced: web-1, 2nd',
      'Found both group and host with same name: db',
    ]);
  });

  it('runs what is executable and a script; a file that is only executable is read', async () => {
    put('ini', 'touched\n[touch]\n', 0o755);
    put('yaml.yml', 'all: {hosts: {h: }}', 0o755);
    put('script', '#!/bin/sh\necho "as of today" >&2\necho \'{"web": ["s"], "_meta": {"hostvars": {}}}\'\n', 0o755);
    const { hosts, faults, warnings } = await load(['ini', 'yaml.yml', 'script']);
    expect(faults).to.deep.equal([]);
    expect(hosts).to.deep.equal(['touched', 'h', 's']);
    expect(warnings).to.deep.equal(['the inventory script ./script --list says: as of today']);
    put('plain.sh', '#!/bin/sh\n');
    const refused = await load(['plain.sh']);
    expect(refused.faults).to.deep.equal(['the inventory script ./plain.sh is not executable']);
    expect(refused.hints).to.deep.equal(['chmod +x ./plain.sh']);
  });

  it('names what it cannot read', async () => {
    put('hosts.toml', '[web.hosts]\nh = {}\n');
    put('secret', '$ANSIBLE_VAULT;1.1;AES256\n6162\n');
    put('marked', '\ufeff[web]\nh\n');
    const { faults, hosts } = await load(['hosts.toml', 'secret', 'marked', 'a[1:,']);
    expect(faults).to.deep.equal([
      'playbake does not read TOML inventories',
      './secret is encrypted with ansible-vault, which playbake cannot decrypt yet',
      '-i a[1:,: the [ in a[1: is not closed',
    ]);
    expect(hosts).to.deep.equal(['h']);
  });

  it('keeps the place of each variable, whichever file it came from', async () => {
    put('hosts', '[web]\nh  a=1   b=2\n[web:vars]\n  c = 3\n');
    put('more.yml', 'web:\n  hosts:\n    h:\n      b: 3\n  vars:\n    d: 4\n');
    put('group_vars/all.yml', 'e: 5\nd: 5\n');
    put('host_vars/h.json', '{\n "f": 6\n}\n');
    const { inventory, findings } = await load(['hosts', 'more.yml']);
    const vars = hostVariables(inventory, 'h', { findings });
    const place = (key: string, part: 'key' | 'value') => {
      const { file = '', line, column } = whereOf(vars, key, part) ?? {};
      return `${key} ${file.slice(directory.length + 1)}:${line}:${column}`;
    };
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map((key) => place(key, 'key'))).to.deep.equal([
      'a hosts:2:4',
      'b more.yml:4:7',
      'c hosts:4:3',
      'd group_vars/all.yml:2:1',
      'e group_vars/all.yml:1:1',
      'f host_vars/h.json:2:2',
    ]);
    expect(['a', 'b', 'c'].map((key) => place(key, 'value'))).to.deep.equal([
      'a hosts:2:6',
      'b more.yml:4:10',
      'c hosts:4:7',
    ]);
  });

  it('reads files of variables once a run, and says once what is wrong in them', async () => {
    put('hosts', 'h1\nh2\n');
    put('group_vars/all.yml', '- wrong\n');
    put('host_vars', 'no directory');
    const { inventory, findings } = await load(['hosts']);
    for (const host of ['h1', 'h2', 'h1']) hostVariables(inventory, host, { findings });
    expect(findings.faults).to.have.length(1);
    expect(findings.warnings.map(({ message }) => message)).to.deep.equal([
      `${directory}/host_vars is not a directory, skipping`,
    ]);
    put('group_vars/all.yml', 'a: 1\n');
    expect([...hostVariables(inventory, 'h1', { findings: new Findings() })]).to.deep.equal([['a', 1]]);
  });

  it('says where a pattern that matches nothing stands, and how many there are to count', async () => {
    put('hosts', '[web]\nh1\nh2\n');
    const { inventory, findings } = await load(['hosts']);
    const where = { file: 'play.yml', line: 1, column: 1 };
    expect(selectHosts(inventory, 'web:nobody', { findings, where })).to.deep.equal(['h1', 'h2']);
    expect(findings.warnings.map((warning) => [warning.code, warning.where])).to.deep.equal([['pattern-empty', where]]);
    expect(() => selectHosts(inventory, 'web[2]', { where }))
      .to.throw("No hosts matched the subscripted pattern 'web[2]'")
      .with.property('hint', 'web has 2, which are counted from 0');
    expect(() => selectHosts(inventory, 'web', { limit: 'localhost' })).to.throw('leaves us with no hosts to target');
  });

  it('reads ten thousand hosts, their groups and variables in seconds', async () => {
    const groups = Array.from(
      { length: 100 },
      (_, index) => `[g${index}]\nh[${index * 100}:${index * 100 + 99}] v=${index}\n`,
    );
    put('hosts', groups.join(''));
    put('group_vars/all.yml', Array.from({ length: 100 }, (_, index) => `a${index}: ${index}\n`).join(''));
    const start = performance.now();
    const { inventory, findings } = await load(['hosts']);
    const names = selectHosts(inventory, 'all:!g1');
    const sizes = new Set(names.map((name) => hostVariables(inventory, name, { findings }).size));
    expect([names.length, [...sizes]]).to.deep.equal([9900, [101]]);
    expect(performance.now() - start).to.be.below(3000);
  });
});

describe('schemas/inventory.json', () => {
  it('is a schema without mistakes', () => {
    expect(() => new Ajv({ strict: true, allowUnionTypes: true }).compile(schema)).not.to.throw();
  });
});
