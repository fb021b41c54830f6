/** YAML as PyYAML reads it: YAML 1.1 booleans and numbers, duplicate keys with a warning, positions kept beside the data. */

import { type Alias, isAlias, isMap, isPair, isScalar, isSeq, type Node, type Scalar } from 'yaml';
import type { Findings } from '../fault.ts';
import { plainScalar } from './plain-scalar.ts';
import { remember, Source } from './source.ts';
import { float, isDict, isList, Unsafe, type Value } from './value.ts';
import { explainYaml, unquotedTemplate } from './yaml-fault.ts';
import { openingOf, parseDocuments } from './yaml-parse.ts';

/** YAML's own tags, and Ansible's. */
const KNOWN_TAG = /^(?:tag:yaml\.org,2002:(?!python)|!unsafe$|!vault(?:-encrypted)?$)/;

export interface YamlFile {
  readonly source: Source;
  readonly documents: readonly Value[];
}

/**
 * Reads a YAML text. Syntax faults and duplicate keys go to `findings`; what could be read is returned.
 * `!unsafe` gives `Unsafe` text. Dates stay text. Merge keys (`<<`) and anchors work.
 */
export function readYaml(text: string, file: string, findings: Findings): YamlFile {
  const source = new Source(file, text.replace(/^\uFEFF/, ''));
  const documents: Value[] = [];
  for (const document of parseDocuments(source.text)) {
    // The first one: what follows is mostly the reader out of step.
    for (const { code, message, pos } of document.errors.slice(0, 1)) {
      const error = { code, message, offset: pos[0], opening: openingOf(document, source.text) };
      const { offset, hint, message: explained } = explainYaml(error, source.text);
      findings.fault('yaml-syntax', explained, { where: source.at(Math.min(offset, source.text.length)), hint });
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
      return this.#alias(node);
    }
    if ('anchor' in node && node.anchor) this.#anchors.set(node.anchor, node);
    this.#checkTag(node);
    const value = isMap(node) ? this.#map(node) : isSeq(node) ? this.#list(node) : this.#scalar(node);
    this.#built.set(node, value);
    return value;
  }

  #scalar(node: Node): Value {
    if (!isScalar(node)) return null;
    const text = this.#textOf(node);
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

  /** A block that ends with the file has the last newline only if the file has it. */
  #textOf(node: Scalar): string {
    const text = String(node.value ?? '');
    const isLast = node.type?.startsWith('BLOCK') && (node.range?.[1] ?? 0) >= this.#source.text.length;
    return isLast && !this.#source.text.endsWith('\n') ? text.replace(/\n$/, '') : text;
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
    const pairs = isMap(node) ? node.items : [];
    for (const pair of pairs) if (isMerge(pair.key as Node | null)) this.#merge(pair.value as Node | null, map);
    const merged = new Set(map.keys());
    for (const pair of pairs) {
      const keyNode = pair.key as Node | null;
      const valueNode = pair.value as Node | null;
      if (isMerge(keyNode)) continue;
      if (isEmpty(keyNode)) {
        const hint = 'quote the whole value, or begin the line with a key';
        this.#findings.fault('yaml-syntax', 'mapping values are not allowed here', { where: this.#at(keyNode), hint });
        continue;
      }
      const isContainer = isMap(keyNode) || isSeq(keyNode);
      const key = isContainer ? null : this.value(keyNode);
      if (isContainer || isDict(key) || isList(key)) {
        this.#unhashable(node, keyNode ?? node);
        continue;
      }
      const value = this.value(valueNode);
      if (map.has(key) && !merged.delete(key)) {
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
    remember(map, { source: this.#source, own: node.range?.[0] ?? 0, members });
    return map;
  }

  /** What `<<` brings stands before the mapping's own keys; of a list of mappings the first holds. */
  #merge(node: Node | null, into: Map<Value, Value>): void {
    const before = this.#findings.faults.length;
    const value = this.value(node);
    if (this.#findings.faults.length > before) return;
    for (const other of isList(value) ? value.toReversed() : [value]) {
      if (isDict(other)) for (const [key, item] of other) into.set(key, item);
      else {
        const message = 'expected a mapping or list of mappings for merging';
        this.#findings.fault('yaml-syntax', message, { where: node ? this.#at(node) : undefined });
      }
    }
  }

  #alias(alias: Alias): Value {
    const { source: name } = alias;
    const target = this.#anchors.get(name);
    const value = target && this.#built.get(target);
    if (value !== undefined) return value;
    const message = target ? `the alias '${name}' stands within what it names` : `found undefined alias '${name}'`;
    this.#findings.fault('yaml-syntax', message, {
      where: this.#at(alias),
      hint: target ? undefined : `quote the value if it is text; an anchor, &${name}, stands above its aliases`,
    });
    return null;
  }

  #checkTag(node: Node): void {
    const { tag } = node;
    if (tag === undefined || tag === '!' || KNOWN_TAG.test(tag)) return;
    const start = this.#source.text.lastIndexOf(tag, node.range?.[0]);
    this.#findings.fault('yaml-tag', `could not determine a constructor for the tag '${tag}'`, {
      where: start < 0 ? this.#at(node) : this.#source.at(start),
      hint: 'quote a value that begins with !',
    });
  }

  #unhashable(map: Node, key: Node): void {
    const { text } = this.#source;
    const start = map.range?.[0] ?? 0;
    if (text.startsWith('{{', start)) {
      const { message, offset, hint } = unquotedTemplate(text, start);
      this.#findings.fault('yaml-syntax', message, { where: this.#source.at(offset), hint });
    } else {
      const message = 'found unhashable key: a mapping or a list cannot be the key of a mapping';
      this.#findings.fault('yaml-syntax', message, { where: this.#at(key), hint: 'quote the key' });
    }
  }

  #at(node: Node) {
    return this.#source.at(node.range?.[0] ?? 0);
  }
}

/** A colon without a key before it. */
function isEmpty(key: Node | null): key is Scalar {
  return isScalar(key) && key.type === 'PLAIN' && key.range?.[0] === key.range?.[1];
}

function isMerge(key: Node | null): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.value === '<<';
}

function explicit(node: { tag?: string | undefined; type?: string | undefined }, text: string): Value {
  switch (node.tag) {
    case 'tag:yaml.org,2002:float': {
      const value = plainScalar(text);
      return typeof value === 'number' ? float(value) : value;
    }
    case 'tag:yaml.org,2002:int':
    case 'tag:yaml.org,2002:bool':
    case 'tag:yaml.org,2002:null':
      return plainScalar(text);
    case undefined:
      return node.type === 'PLAIN' ? plainScalar(text) : text;
    default:
      return text;
  }
}
