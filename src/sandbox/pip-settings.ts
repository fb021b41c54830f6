/** What this machine's pip knows that pip on a machine of the sandbox needs too: indexes, certificates, proxies, patience. */

import { homedir } from 'node:os';
import { join } from 'node:path';
import { textOf } from './files.ts';

/** Only what says how to reach packages: how pip behaves otherwise is each machine's own affair. */
const KEPT = new Set([
  'index-url',
  'extra-index-url',
  'find-links',
  'trusted-host',
  'cert',
  'client-cert',
  'proxy',
  'timeout',
  'retries',
]);

/** Their values are parted by blanks. */
const LISTS = new Set(['extra-index-url', 'find-links', 'trusted-host']);

export type PipSettings = ReadonlyMap<string, string>;

/** The settings in force for this process, weakest first: global, user, site and the PIP_* variables. */
export async function readPipSettings(environment: NodeJS.ProcessEnv): Promise<PipSettings> {
  const files = [
    '/etc/xdg/pip/pip.conf',
    '/etc/pip.conf',
    join(homedir(), '.pip/pip.conf'),
    join(homedir(), '.config/pip/pip.conf'),
    environment['PIP_CONFIG_FILE'] ?? '',
  ];
  const texts = await Promise.all(files.map((file) => (file === '' ? undefined : textOf(file))));
  return pipSettings(
    texts.map((text) => text ?? ''),
    environment,
  );
}

/** Merges configuration files (weakest first) and PIP_* variables. */
export function pipSettings(files: readonly string[], environment: NodeJS.ProcessEnv): PipSettings {
  const found = new Map<string, string>();
  for (const text of files) for (const [key, value] of entriesOf(text)) keep(found, key, value);
  for (const [name, value] of Object.entries(environment)) {
    if (name.startsWith('PIP_') && value) keep(found, name.slice(4), value);
  }
  return found;
}

/** The text of a pip.conf. */
export function pipConfig(settings: PipSettings): string {
  if (settings.size === 0) return '';
  const lines = [...settings].map(([key, value]) => `${key} = ${value.split('\n').join('\n    ')}`);
  return `[global]\n${lines.join('\n')}\n`;
}

function keep(found: Map<string, string>, key: string, value: string): void {
  const name = key.toLowerCase().replaceAll('_', '-').replace('default-timeout', 'timeout');
  if (!KEPT.has(name)) return;
  // A folder of packages on this machine is not there inside.
  const words = value
    .trim()
    .split(LISTS.has(name) ? /\s+/ : /\n/)
    .filter((word) => name !== 'find-links' || /^https?:/.test(word));
  if (words.length > 0) found.set(name, words.join('\n'));
}

/** The entries of the sections that concern fetching; a value goes on in indented lines. */
function entriesOf(text: string): readonly (readonly [string, string])[] {
  const entries: [string, string][] = [];
  let section = '';
  for (const line of text.split('\n')) {
    const heading = /^\s*\[(.+)\]\s*$/.exec(line)?.[1];
    const last = entries.at(-1);
    if (heading !== undefined) section = heading;
    else if (/^\s*([#;]|$)/.test(line) || !['global', 'install', 'download'].includes(section)) continue;
    else if (/^\s/.test(line) && last !== undefined) last[1] += `\n${line.trim()}`;
    else {
      const [, key, value] = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(line) ?? [];
      if (key !== undefined && value !== undefined) entries.push([key, value.trim()]);
    }
  }
  return entries;
}
