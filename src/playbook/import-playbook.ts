/** import_playbook: the plays of another file, with the import's own vars, tags and when. */

import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Fault } from '../fault.ts';
import { inherit, whereOf } from '../value/source.ts';
import { splitArguments } from '../value/split-arguments.ts';
import { type Dict, isList, type Value } from '../value/value.ts';
import { isKeyword } from './keywords.ts';
import type { LoadOptions } from './loader.ts';
import { playContext } from './read-play.ts';
import { readVars } from './read-task.ts';
import { staticText } from './static-text.ts';
import type { Block, Play, Section } from './types.ts';

const KEYS = ['import_playbook', 'ansible.builtin.import_playbook'];

export function isImport(entry: Dict): boolean {
  return KEYS.some((key) => entry.has(key));
}

/** @param read reads the plays of a file. What is wrong goes to the findings. */
export function importPlaybook(
  entry: Dict,
  file: string,
  options: LoadOptions,
  importing: readonly string[],
  read: (file: string, options: LoadOptions, importing: readonly string[]) => readonly Play[],
): readonly Play[] {
  const key = KEYS.find((one) => entry.has(one));
  const written = key === undefined ? undefined : entry.get(key);
  if (typeof written !== 'string') return [];
  const where = whereOf(entry, key) ?? { file };
  warnOfIdle(entry, options);
  const vars = readVars(entry.get('vars'));
  const plays = options.findings.collect(() => {
    const [name = ''] = splitArguments(staticText(written, where, vars, playContext(file, options)));
    const path = resolve(dirname(file), name);
    if (!existsSync(path)) {
      throw new Fault('file-missing', `Unable to retrieve file contents\nCould not find or access '${path}'`, {
        where,
      });
    }
    if (importing.includes(path)) throw new Fault('playbook-invalid', `${path} imports itself`, { where });
    return read(path, options, [...importing, path]);
  });
  return plays?.map((play) => passOn(entry, vars, play)) ?? [];
}

const EFFECTIVE: ReadonlySet<Value> = new Set([...KEYS, 'name', 'vars', 'tags', 'when']);

/** Ansible takes any keyword here and uses only these. */
function warnOfIdle(entry: Dict, { findings }: LoadOptions): void {
  for (const key of entry.keys()) {
    if (EFFECTIVE.has(key) || !isKeyword('import', String(key))) continue;
    findings.warn('keyword-unsupported', `'${String(key)}' has no effect on import_playbook`, {
      where: whereOf(entry, key, 'key'),
      hint: 'write it in the plays themselves',
    });
  }
}

function passOn(entry: Dict, vars: Dict, play: Play): Play {
  const keywords = inherit(new Map(play.keywords), play.keywords);
  const tags = entry.get('tags') ?? null;
  if (tags !== null) keywords.set('tags', [tags, play.keywords.get('tags') ?? []].flat(2));
  const all = vars.size > 0 ? inherit(new Map([...play.vars, ...vars]), play.vars) : play.vars;
  const test = entry.get('when') ?? null;
  if (test === null) return { ...play, keywords, vars: all };
  const condition = inherit(new Map<Value, Value>([['when', test]]), entry);
  const sections = play.sections.map((section) => guarded(section, condition, play));
  const tests = isList(test) ? test : [test];
  return { ...play, keywords, vars: all, sections, gatherWhen: [...tests, ...(play.gatherWhen ?? [])] };
}

function guarded(section: Section, keywords: Dict, { where }: Play): Section {
  if (section.entries.length === 0) return section;
  const own = { kind: 'block', where, name: undefined, keywords, vars: new Map(), role: undefined } as const;
  const block: Block = { ...own, block: section.entries, rescue: [], always: [] };
  return { ...section, entries: [block] };
}
