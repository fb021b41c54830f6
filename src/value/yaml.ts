/** YAML as PyYAML reads it: YAML 1.1 booleans and numbers, duplicate keys with a warning, positions kept beside the data. */

import {
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type ScalarTag,
} from 'yaml';
import type { Findings } from '../fault.ts';
import { remember, Source } from './source.ts';
import { type Dict, float, Unsafe, type Value } from './value.ts';

const digits = (text: string): string => text.replaceAll('_', '');
const int = (text: string): number | bigint => {
  const value = Number(digits(text));
  return Number.isSafeInteger(value) ? value : BigInt(digits(text).replace(/^\+/, ''));
};
const radix = (text: string, base: number, prefix: RegExp): number => {
  const sign = text.startsWith('-') ? -1 : 1;
  return sign * Number.parseInt(digits(text).replace(/^[-+]/, '').replace(prefix, ''), base);
};
const sexagesimal = (text: string): number =>
  (text.startsWith('-') ? -1 : 1) *
  digits(text)
    .replace(/^[-+]/, '')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);

/** The plain scalars of YAML 1.1 with PyYAML's own regular expressions. */
const PLAIN: readonly (readonly [RegExp, (text: string) => Value])[] = [
  [/^(?:yes|Yes|YES|true|True|TRUE|on|On|ON)$/, () => true],
  [/^(?:no|No|NO|false|False|FALSE|off|Off|OFF)$/, () => false],
  [/^(?:~|null|Null|NULL|)$/, () => null],
  [/^[-+]?0b[0-1_]+$/, (text) => radix(text, 2, /^0b/)],
  [/^[-+]?0[0-7_]+$/, (text) => radix(text, 8, /^0/)],
  [/^[-+]?0x[0-9a-fA-F_]+$/, (text) => radix(text, 16, /^0x/)],
  [/^[-+]?(?:0|[1-9][0-9_]*)$/, int],
  [/^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/, sexagesimal],
  [/^[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?$/, (text) => float(Number(digits(text)))],
  [/^[-+]?\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?$/, (text) => float(Number(digits(text)))],
  [/^[-+]?\.(?:inf|Inf|INF)$/, (text) => (text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)],
  [/^\.(?:nan|NaN|NAN)$/, () => Number.NaN],
];

function plainScalar(text: string): Value {
  for (const [pattern, read] of PLAIN) if (pattern.test(text)) return read(text);
  return text;
}

/** `yaml` must leave scalars alone: they are resolved here, where tags and quotes are known. */
const TEXT_ONLY: ScalarTag[] = [{ tag: 'tag:yaml.org,2002:str', default: true, resolve: (text) => text }];

export interface YamlFile {
  readonly source: Source;
  readonly documents: readonly Value[];
}

/**
 * Reads a YAML text. Syntax faults and duplicate keys go to `findings`; what could be read is returned.
 * `!unsafe` gives `Unsafe` text. Dates stay text. Merge keys (`<<`) and anchors work.
 */
export function readYaml(text: string, file: string, findings: Findings): YamlFile {
  const source = new Source(file, text);
  const parsed = parseAllDocuments(text, {
    version: '1.1',
    schema: 'failsafe',
    customTags: TEXT_ONLY,
    uniqueKeys: false,
    lineCounter: new LineCounter(),
    prettyErrors: false,
    logLevel: 'silent',
  });
  const documents: Value[] = [];
  for (const document of Array.isArray(parsed) ? parsed : []) {
    // The first one: what follows is mostly the reader out of step.
    for (const error of document.errors.slice(0, 1)) {
      findings.fault('yaml-syntax', explain(error.code, error.message, text, error.pos[0]), {
        where: source.at(Math.min(error.pos[0], text.length)),
        ...hintFor(text, error.pos[0], error.code),
      });
    }
    const anchors = new Map<string, Node>();
    if (document.errors.length === 0) {
      documents.push(new Builder(source, findings, anchors).value(document.contents as Node | null));
    }
  }
  return { source, documents };
}

/** The value of a text with one document (null when empty), for data where positions do not matter. */
export function parseYaml(text: string, file: string, findings: Findings): Value {
  return readYaml(text, file, findings).documents[0] ?? null;
}

class Builder {
  readonly #source: Source;
  readonly #findings: Findings;
  readonly #anchors: Map<string, Node>;
  readonly #built = new Map<Node, Value>();

  constructor(source: Source, findings: Findings, anchors: Map<string, Node>) {
    this.#source = source;
    this.#findings = findings;
    this.#anchors = anchors;
  }

  value(node: Node | null): Value {
    if (node === null) return null;
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      return target ? (this.#built.get(target) ?? null) : null;
    }
    if ('anchor' in node && node.anchor) this.#anchors.set(node.anchor, node);
    const value = isMap(node) ? this.#map(node) : isSeq(node) ? this.#list(node) : this.#scalar(node);
    this.#built.set(node, value);
    return value;
  }

  #scalar(node: Node): Value {
    if (!isScalar(node)) return null;
    const text = String(node.value ?? '');
    const tag = node.tag;
    if (tag === '!unsafe') return new Unsafe(text);
    if (tag === '!vault' || tag === '!vault-encrypted') {
      this.#findings.fault('yaml-tag', 'a value encrypted with ansible-vault: playbake cannot decrypt these yet', {
        where: this.#at(node),
        hint: 'keep the value in a file outside the repository and give it with -e @FILE',
      });
      return null;
    }
    if (tag === '!' || tag === 'tag:yaml.org,2002:str')
      return node.type === 'PLAIN' && !node.tag ? plainScalar(text) : explicit(node, text);
    return explicit(node, text);
  }

  #list(node: Node): Value {
    const items = isSeq(node) ? node.items : [];
    const list: Value[] = [];
    const members = new Map<Value, readonly [number, number]>();
    items.forEach((item, index) => {
      const child = item as Node | null;
      list.push(this.value(isPair(child) ? null : child));
      const offset = child?.range?.[0] ?? 0;
      members.set(index, [offset, offset]);
    });
    remember(list, { source: this.#source, own: node.range?.[0] ?? 0, members });
    return list;
  }

  #map(node: Node): Value {
    const map = new Map<Value, Value>();
    const members = new Map<Value, readonly [number, number]>();
    const merged: Dict[] = [];
    for (const pair of isMap(node) ? node.items : []) {
      const keyNode = pair.key as Node | null;
      const valueNode = pair.value as Node | null;
      const value = this.value(valueNode);
      if (isScalar(keyNode) && keyNode.type === 'PLAIN' && keyNode.value === '<<') {
        for (const item of Array.isArray(value) ? value : [value]) if (item instanceof Map) merged.push(item);
        continue;
      }
      const key = this.value(keyNode);
      if (typeof key === 'object' && key !== null) {
        this.#findings.fault('yaml-syntax', 'a mapping cannot be the key of a mapping', {
          where: this.#at(keyNode ?? node),
          hint: 'quote a value that begins with {{: key: "{{ value }}"',
        });
        continue;
      }
      if (map.has(key)) {
        this.#findings.warn(
          'yaml-duplicate-key',
          `the key "${String(key)}" stands twice in this mapping; the last one holds`,
          {
            where: this.#at(keyNode ?? node),
          },
        );
      }
      map.set(key, value);
      const keyOffset = keyNode?.range?.[0] ?? 0;
      members.set(key, [keyOffset, valueNode?.range?.[0] ?? keyOffset]);
    }
    for (const other of merged) for (const [key, value] of other) if (!map.has(key)) map.set(key, value);
    remember(map, { source: this.#source, own: node.range?.[0] ?? 0, members });
    return map;
  }

  #at(node: Node) {
    return this.#source.at(node.range?.[0] ?? 0);
  }
}

function explicit(node: { tag?: string | undefined; type?: string | undefined }, text: string): Value {
  switch (node.tag) {
    case 'tag:yaml.org,2002:int':
    case 'tag:yaml.org,2002:float':
    case 'tag:yaml.org,2002:bool':
    case 'tag:yaml.org,2002:null':
      return plainScalar(text);
    case undefined:
      return node.type === 'PLAIN' ? plainScalar(text) : text;
    default:
      return text;
  }
}

function explain(code: string, message: string, text: string, offset: number): string {
  if (/^\s*\t/.test(text.slice(text.lastIndexOf('\n', offset - 1) + 1)) || code === 'TAB_AS_INDENT') {
    return 'a tab cannot indent YAML';
  }
  return message.replace(/\s*at line \d+, column \d+:?[\s\S]*$/, '');
}

function hintFor(text: string, offset: number, code: string): { hint?: string } {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1).split('\n', 1)[0] ?? '';
  if (/^\s*\t/.test(line) || code === 'TAB_AS_INDENT') return { hint: 'indent with spaces' };
  if (/:\s+\{\{/.test(line)) return { hint: 'quote a value that begins with {{: key: "{{ value }}"' };
  if (/:\s.*:\s/.test(line)) return { hint: 'quote a value that holds ": "' };
  return {};
}
