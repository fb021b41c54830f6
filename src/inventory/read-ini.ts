/** Ansible's INI inventory: groups, ranges, `:vars`, `:children`. */

import { Fault, type Findings } from '../fault.ts';
import { remember, Source } from '../value/source.ts';
import type { Dict, Value } from '../value/value.ts';
import { expandHosts, type HostNames } from './host-range.ts';
import type { Inventory } from './inventory.ts';
import { pythonLiteral } from './python-literal.ts';
import { shellWords } from './shell-words.ts';

export const INI_SECTION = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:#.*)?$/;

/** Every fault of the file goes to the findings, with its line and column. */
export function readIni(text: string, file: string, inventory: Inventory, findings: Findings): void {
  new IniReader(new Source(file, text), inventory, findings).read();
}

/** A group that is named before it is defined. */
interface Pending {
  readonly kind: 'vars' | 'children';
  readonly uses: { readonly group: string; readonly offset: number }[];
}

interface Assignment {
  readonly name: string;
  readonly text: string;
  /** Offsets of the name and of the value. */
  readonly place: readonly [number, number];
}

class IniReader {
  readonly #source: Source;
  readonly #inventory: Inventory;
  readonly #findings: Findings;
  readonly #pending = new Map<string, Pending>();
  #group = 'ungrouped';
  #kind = 'hosts';

  constructor(source: Source, inventory: Inventory, findings: Findings) {
    this.#source = source;
    this.#inventory = inventory;
    this.#findings = findings;
  }

  read(): void {
    let offset = 0;
    for (const line of this.#source.text.split('\n')) {
      const trimmed = line.trim();
      if (trimmed !== '' && !/^[#;]/.test(trimmed)) this.#line(trimmed, offset + line.indexOf(trimmed));
      offset += line.length + 1;
    }
    for (const [name, { kind, uses }] of this.#pending) {
      for (const { group, offset: place } of uses) {
        const problem = kind === 'vars' ? 'not valid for' : 'includes';
        this.#fault(`Section [${group}:${kind}] ${problem} undefined group: ${name}`, place, `define it:  [${name}]`);
      }
    }
  }

  #line(line: string, offset: number): void {
    const section = INI_SECTION.exec(line);
    if (section) this.#begin(section[1] ?? '', section[2] ?? 'hosts', offset);
    else if (line.startsWith('[') && line.endsWith(']')) {
      const isAddress = /^\[[\da-fA-F:.]*::?[\da-fA-F:.]*\]$/.test(line);
      const hint = isAddress
        ? `an address is written ${line.slice(1, -1)}, or with its port ${line}:22`
        : 'a section is [group], [group:vars] or [group:children]';
      this.#skip(`Invalid section entry: '${line}'`, offset, hint);
    } else if (this.#kind === 'hosts') this.#hosts(line, offset);
    else if (this.#kind === 'vars') this.#variable(line, offset);
    else if (this.#kind === 'children') this.#child(line, offset);
  }

  #begin(group: string, kind: string, offset: number): void {
    if (kind !== 'hosts' && kind !== 'vars' && kind !== 'children') {
      const hint = 'the types are :vars and :children';
      this.#skip(`Section [${group}:${kind}] has unknown type: ${kind}`, offset, hint);
      return;
    }
    this.#group = group;
    this.#kind = kind;
    if (!this.#inventory.hasGroup(group)) {
      if (kind === 'vars' && !this.#pending.has(group)) {
        this.#pending.set(group, { kind, uses: [{ group, offset }] });
      }
      this.#inventory.ensureGroup(group);
    }
    if (kind !== 'vars') this.#define(group);
  }

  /** Joins a group to the parents that have waited for it, and these to theirs: in the order in which Ansible does it. */
  #define(group: string): void {
    const pending = this.#pending.get(group);
    if (!pending) return;
    this.#pending.delete(group);
    if (pending.kind === 'vars') return;
    for (const { group: parent, offset } of pending.uses) {
      this.#join(parent, group, offset);
      if (this.#pending.get(parent)?.kind === 'children') this.#define(parent);
    }
  }

  #hosts(line: string, offset: number): void {
    const words = shellWords(line, { comments: true });
    if (!words) {
      this.#fault('a quote is not closed', offset);
      return;
    }
    const [pattern, ...rest] = words;
    const hosts = pattern && this.#names(pattern.text, offset);
    if (!hosts) return;
    const assignments: Assignment[] = [];
    for (const { text, start } of rest) {
      const at = text.indexOf('=');
      const place = offset + start;
      if (at < 0) {
        this.#fault(`Expected key=value host variable assignment, got: ${text}`, place);
        return;
      }
      assignments.push({ name: text.slice(0, at), text: text.slice(at + 1), place: [place, place + at + 1] });
    }
    const vars = this.#vars(assignments);
    for (const name of hosts.names) {
      this.#inventory.ensureHost(name, this.#source.file, hosts.port);
      this.#inventory.addMember(this.#group, name);
      this.#addVars(name, vars);
    }
  }

  #names(text: string, offset: number): HostNames | undefined {
    try {
      const hosts = expandHosts(text);
      if (text !== '---' && (!text.endsWith(':') || hosts.port !== undefined)) return hosts;
      const hint = 'this looks like YAML: name such a file *.yml';
      this.#skip(`Invalid host pattern '${text}' supplied`, offset, hint);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#fault(error.message, offset);
    }
    return undefined;
  }

  #variable(line: string, offset: number): void {
    const at = line.indexOf('=');
    if (at < 0) {
      this.#fault(`Expected key=value, got: ${line}`, offset);
      return;
    }
    const value = line.slice(at + 1);
    const start = offset + line.length - value.trimStart().length;
    const name = line.slice(0, at).trim();
    this.#addVars(this.#group, this.#vars([{ name, text: value.trim(), place: [offset, start] }]));
  }

  #child(line: string, offset: number): void {
    const name = /^([^:\]\s]+)\s*(?:#.*)?$/.exec(line)?.[1];
    if (name === undefined) {
      this.#fault(`Expected group name, got: ${line}`, offset);
    } else if (this.#inventory.hasGroup(name)) {
      this.#join(this.#group, name, offset);
    } else {
      const use = { group: this.#group, offset };
      const pending = this.#pending.get(name);
      if (pending) pending.uses.push(use);
      else this.#pending.set(name, { kind: 'children', uses: [use] });
    }
  }

  #join(group: string, child: string, offset: number): void {
    try {
      this.#inventory.addChild(group, child);
    } catch (error) {
      this.#keep(error, offset);
    }
  }

  #vars(assignments: readonly Assignment[]): Dict {
    const vars = new Map<Value, Value>(assignments.map(({ name, text }) => [name, pythonLiteral(text)]));
    const members = new Map(assignments.map(({ name, place }) => [name, place]));
    remember(vars, { source: this.#source, own: assignments[0]?.place[0] ?? 0, members });
    return vars;
  }

  #addVars(name: string, vars: Dict): void {
    this.#findings.collect(() => this.#inventory.addVars(name, vars));
  }

  #keep(error: unknown, offset: number): void {
    if (!(error instanceof Fault)) throw error;
    this.#fault(error.message, offset, error.hint);
  }

  /** A fault that leaves it open what the lines up to the next section are. */
  #skip(message: string, offset: number, hint: string): void {
    this.#kind = 'unknown';
    this.#fault(message, offset, hint);
  }

  #fault(message: string, offset: number, hint?: string): void {
    this.#findings.fault('inventory-invalid', message, { where: this.#source.at(offset), hint });
  }
}
