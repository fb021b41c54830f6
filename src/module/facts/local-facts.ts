/** Facts that the host's owner keeps in `/etc/ansible/facts.d/*.fact`: JSON, INI, or a program that prints one of them. */

import type { Plain } from '../../value/value.ts';
import type { Probe } from './probe.ts';

export interface LocalFacts {
  readonly local: { readonly [name: string]: Plain };
  /** One for each file that could not be read; its fact says the same. */
  readonly warnings: readonly string[];
}

export function localFacts(probe: Probe): LocalFacts {
  const local: { [name: string]: Plain } = {};
  const warnings: string[] = [];
  for (let n = 1; probe.has(`local${n}`); n++) {
    const [rc = '', path = '', ...errors] = probe.section(`said${n}`).split('\n');
    const name = path.slice(path.lastIndexOf('/') + 1).replaceAll('.fact', '');
    const failed = `Failure executing fact script (${path}), rc: ${rc}, err: ${errors.join('\n')}`;
    const read = rc === '0' ? parseFact(probe.section(`local${n}`), path) : { wrong: failed };
    if ('wrong' in read) warnings.push(read.wrong);
    local[name] = 'wrong' in read ? read.wrong : read.value;
  }
  return { local, warnings };
}

type Parsed = { readonly value: Plain } | { readonly wrong: string };

export function parseFact(text: string, path: string): Parsed {
  try {
    return { value: JSON.parse(text) as Plain };
  } catch {
    const sections = parseIni(text);
    if (!sections) return { wrong: `error loading facts as JSON or ini - please check content: ${path}` };
    try {
      return { value: interpolated(sections) };
    } catch (error) {
      return { wrong: `Failed to convert (${path}) to JSON: ${error instanceof Error ? error.message : error}` };
    }
  }
}

type Sections = ReadonlyMap<string, Map<string, string>>;

/** Reads what Python's ConfigParser reads; undefined for what it refuses. */
function parseIni(text: string): Sections | undefined {
  const sections = new Map<string, Map<string, string>>();
  let options: Map<string, string> | undefined;
  let name = '';
  let indent = 0;
  for (const line of text.split('\n')) {
    const words = line.trim();
    if (words === '' || /^[#;]/.test(words)) continue;
    const depth = line.length - line.trimStart().length;
    const head = /^\[(.+)\]/.exec(words);
    if (options && name && depth > indent) {
      options.set(name, `${options.get(name)}\n${words}`);
      continue;
    }
    indent = depth;
    if (head) {
      if (sections.has(head[1] ?? '')) return undefined;
      options = new Map();
      sections.set(head[1] ?? '', options);
      name = '';
      continue;
    }
    const pair = /^(.*?)\s*[=:]\s*(.*)$/.exec(words);
    name = pair?.[1]?.toLowerCase() ?? '';
    if (!options || !name || options.has(name)) return undefined;
    options.set(name, pair?.[2] ?? '');
  }
  return sections;
}

function interpolated(sections: Sections): Plain {
  const defaults = sections.get('DEFAULT') ?? new Map<string, string>();
  const named = [...sections].filter(([section]) => section !== 'DEFAULT');
  return Object.fromEntries(
    named.map(([section, own]) => {
      const options = new Map([...defaults, ...own]);
      return [section, Object.fromEntries([...options].map(([name, value]) => [name, expand(value, options, 0)]))];
    }),
  );
}

function expand(value: string, options: ReadonlyMap<string, string>, depth: number): string {
  return value.replace(/%(?:(%)|\(([^)]+)\)s|)/g, (part, percent?: string, name?: string) => {
    if (percent) return '%';
    const other = options.get(name?.toLowerCase() ?? '');
    if (other === undefined || depth > 9) throw new Error(`bad interpolation in '${value}' at '${part}'`);
    return expand(other, options, depth + 1);
  });
}
