/** What ssh_config(5) files say about a host: read here where that is simple, else asked of `ssh -G`. */

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Fault } from '../fault.ts';
import { account } from './account.ts';
import type { SshArguments } from './ssh-arguments.ts';
import { first, OptionsBuilder, type SshOptions } from './ssh-options.ts';
import { matchesHost } from './ssh-pattern.ts';

const SYSTEM = '/etc/ssh/ssh_config';

/**
 * @param host the name as the inventory has it, before the configuration changes it.
 * @param given the command line's options, which come before those of files.
 * Throws `config-invalid` when ssh cannot read the configuration.
 */
export async function sshOptions(host: string, given: SshArguments, extra: SshOptions): Promise<SshOptions> {
  const builder = new OptionsBuilder();
  builder.addAll(extra);
  builder.addAll(given.options);
  if (given.configFile === 'none') return builder.options;
  const files = given.configFile ? [given.configFile] : [join(account().home, '.ssh', 'config'), SYSTEM];
  const lines = (await Promise.all(files.map((file) => configLines(file, 0)))).flat();
  const asked = lines.some(isSelective) ? await askSsh(host, given, builder.options) : undefined;
  builder.addAll(asked ?? applying(lines, host));
  return builder.options;
}

/** The lines of a file and of those that it includes, without comments. No file: no lines. */
async function configLines(file: string, depth: number): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const lines: string[] = [];
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const include = /^include(?:\s*=\s*|\s+)(.+)$/i.exec(line);
    if (!include || depth > 15) lines.push(line);
    else lines.push(...(await includedLines(include[1]!, file, depth)));
  }
  return lines;
}

async function includedLines(patterns: string, from: string, depth: number): Promise<string[]> {
  const { glob } = await import('./glob-files.ts');
  const base = from.startsWith('/etc/') ? dirname(from) : join(account().home, '.ssh');
  const lines: string[] = [];
  for (const pattern of patterns.split(/\s+/)) {
    const path = resolve(base, pattern.replace(/^"|"$/g, '').replace(/^~(?=\/)/, account().home));
    for (const file of await glob(path)) lines.push(...(await configLines(file, depth + 1)));
  }
  return lines;
}

/** Whether a line makes what follows hold for some hosts only, so that there is something to decide. */
function isSelective(line: string): boolean {
  return /^(host|match)\b/i.test(line) && !/^(host(\s*=\s*|\s+)\*|match\s+all)$/i.test(line);
}

/** Without ssh on this machine: `Host` is decided here; a block under any other `Match` than `all` and `host` is passed over. */
function applying(lines: readonly string[], host: string): SshOptions {
  const builder = new OptionsBuilder();
  let applies = true;
  for (const line of lines) {
    const block = /^(host|match)(?:\s*=\s*|\s+)(.+)$/i.exec(line);
    if (!block) {
      if (applies) builder.addLine(line);
    } else if (block[1]!.toLowerCase() === 'host') applies = matchesHost(host, block[2]!.split(/\s+/));
    else applies = matchApplies(block[2]!, host, first(builder.options, 'hostname')?.replaceAll('%h', host) ?? host);
  }
  return builder.options;
}

/** `host` is matched against the name after HostName, `originalhost` against the one before. */
function matchApplies(criteria: string, original: string, host: string): boolean {
  const found = /^(?:all|(original)?host\s+(\S+))$/i.exec(criteria);
  if (!found) return false;
  return found[2] === undefined || matchesHost(found[1] ? original : host, found[2].split(','));
}

const asked = new Map<string, Promise<SshOptions | undefined>>();

/** What `ssh -G` answers, asked once for equal questions; undefined where there is no ssh. */
function askSsh(host: string, { words }: SshArguments, options: SshOptions): Promise<SshOptions | undefined> {
  const known = ['user', 'port'].flatMap((key) => (options.has(key) ? ['-o', `${key}=${options.get(key)![0]}`] : []));
  const argv = ['-G', ...known, ...words, '--', host];
  const key = argv.join('\0');
  let answer = asked.get(key);
  if (!answer) {
    answer = runSsh(argv);
    asked.set(key, answer);
  }
  return answer;
}

function runSsh(argv: readonly string[]): Promise<SshOptions | undefined> {
  return new Promise((answer, reject) => {
    execFile('ssh', argv, { encoding: 'utf8', timeout: 10_000 }, (error, stdout, stderr) => {
      if (error?.code === 'ENOENT') return answer(undefined);
      if (error) return reject(configFault(stderr, error));
      const builder = new OptionsBuilder();
      for (const line of stdout.split('\n')) builder.addLine(line);
      answer(builder.options);
    }).stdin?.end();
  });
}

function configFault(stderr: string, cause: Error): Fault {
  return new Fault('config-invalid', `ssh cannot use its configuration: ${stderr.trim() || cause.message}`, {
    hint: 'mend the file or the ssh arguments that it names; `ssh -G HOST` shows the same message',
    cause,
  });
}
