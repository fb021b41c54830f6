import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { Plain } from '../../src/value/value.ts';
import { startServer } from '../modules/web-server.ts';

const tasks = fileURLToPath(new URL('ansible-modules.yml', import.meta.url));
const hasAnsible = spawnSync('ansible-playbook', ['--version']).status === 0;

type Data = { readonly [key: string]: Plain };

/** What is another at each run, or is Ansible's own way of working. */
const APART = new Set([
  'action',
  'connection',
  'keep_alive',
  'invocation',
  'diff',
  'warnings',
  'deprecations',
  'start',
  'end',
  'delta',
  'elapsed',
  'date',
  'exception',
  'module_stdout',
  'module_stderr',
]);
const ODD = /^_ansible|^ansible_facts$/;
/** Of a path: times, and what a file system gives out. */
const OF_STAT = new Set(['atime', 'mtime', 'ctime', 'inode', 'version']);

(hasAnsible ? describe : describe.skip)('modules and Ansible', () => {
  const base = mkdtempSync(join(tmpdir(), 'playbake-ansible-'));
  let server: Awaited<ReturnType<typeof startServer>>;
  before(async () => {
    server = await startServer();
  });
  after(() => {
    server.close();
    rmSync(base, { recursive: true });
  });

  it('give the same results and leave the same files', async () => {
    const [theirs, ours] = [prepare(join(base, 'a')), prepare(join(base, 'b'))];
    const { runTasks } = await import('./ansible-modules.ts');
    const expected = await byAnsible(theirs, server.url, base);
    const found = await runTasks(tasks, ours, server.url);
    expect(found.length).to.equal(expected.length);
    const differ = expected.flatMap(({ name, result }, index) =>
      differences(name, neat(result, theirs), neat(found[index] ?? {}, ours)),
    );
    expect(differ).to.deep.equal([]);
    const { snapshot } = await import('../modules/tree.ts');
    const files = (root: string) =>
      [...snapshot(root)].map(([name, found]) => [
        name,
        found && { ...found, inode: 0, mtime: 0, ...(found.link && { link: found.link.replace(root, '<root>') }) },
      ]);
    expect(files(ours)).to.deep.equal(files(theirs));
  });
});

function prepare(directory: string): string {
  mkdirSync(join(directory, 'control/tree/e f'), { recursive: true });
  mkdirSync(join(directory, 'root'));
  writeFileSync(join(directory, 'control/tree/x'), 'x');
  writeFileSync(join(directory, 'control/tree/e f/y'), 'y\n');
  chmodSync(join(directory, 'control/tree/e f/y'), 0o751);
  writeFileSync(join(directory, 'control/t.j2'), '{% for n in [1, 2] %}\nn={{ n }}\n{% endfor %}\n');
  writeFileSync(join(directory, 'control/s.sh'), '#!/bin/sh\necho "$2"\n');
  return join(directory, 'root');
}

async function byAnsible(root: string, server: string, base: string) {
  const list = readFileSync(tasks, 'utf8')
    .split('\n')
    .flatMap((line) => (line.startsWith('- ') ? [line, '  ignore_errors: yes'] : [line]));
  const playbook = join(base, 'play.yml');
  writeFileSync(
    playbook,
    `- hosts: all\n  gather_facts: no\n  tasks:\n${list.map((line) => `    ${line}`).join('\n')}\n`,
  );
  const env = {
    ...process.env,
    ANSIBLE_STDOUT_CALLBACK: 'ansible.posix.json',
    ANSIBLE_PYTHON_INTERPRETER: '/usr/bin/python3',
    LC_ALL: 'C.UTF-8',
  };
  const said = await output(['-i', 'localhost,', '-c', 'local', '-e', `root=${root} server=${server}`, playbook], env);
  const plays = JSON.parse(said.slice(said.indexOf('{'))) as {
    plays: { tasks: { task: { name: string }; hosts: { localhost: Data } }[] }[];
  };
  return plays.plays[0]!.tasks.map(({ task, hosts }, index) => ({
    name: `${index + 1} ${task.name}`,
    result: hosts.localhost,
  }));
}

function output(words: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn('ansible-playbook', words, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((resolve) => child.on('close', () => resolve(Buffer.concat(chunks).toString())));
}

/** Without what is apart, and with the same words for the directory. */
function neat(result: Data, root: string): Data {
  const text = JSON.stringify(result)
    .replaceAll(root, '<root>')
    .replaceAll(root.replace(/\/root$/, ''), '<base>');
  const kept = Object.entries(JSON.parse(text) as Data).filter(([key]) => !APART.has(key) && !ODD.test(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, key === 'stat' ? withoutTimes(value) : value]));
}

function withoutTimes(stat: Plain): Plain {
  return typeof stat === 'object' && stat !== null
    ? Object.fromEntries(Object.entries(stat).filter(([key]) => !OF_STAT.has(key)))
    : stat;
}

/** As text, keys in order. */
function sorted(value: Plain | undefined): string | undefined {
  return JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
}

function differences(name: string, theirs: Data, ours: Data): string[] {
  const keys = [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].sort();
  return keys.flatMap((key) => {
    const [a, b] = [sorted(theirs[key]), sorted(ours[key])];
    const isTemporary = key === 'src' && a?.includes('/.ansible/tmp/');
    const unlike = a !== b && !isTemporary && !(key === 'failed' && !theirs[key] && !ours[key]);
    return unlike ? [`${name}: ${key}: Ansible ${a}, playbake ${b}`] : [];
  });
}
