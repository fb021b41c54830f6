/** Ansible's INI inventory: groups, ranges, `:vars`, `:children`. */

import type { FaultOptions, Findings } from '../fault.ts';
import { remember, Source } from '../value/source.ts';
import type { Value } from '../value/value.ts';
import { expandHosts, splitPort } from './host-range.ts';
import type { Inventory } from './inventory.ts';
import { pythonLiteral } from './python-literal.ts';
import { shellWords } from './shell-words.ts';

const SECTION = /^\[([^:\]\s]+)(?::(\w+))?\]\s*(?:[#;].*)?$/;
/** `[::1]`: a host, not a section. */
const ADDRESS = /^\[[\da-fA-F]*:[\da-fA-F:.]*\]$/;

/** Every fault of the file goes to the findings, with its line and column. */
export function readIni(text: string, file: string, inventory: Inventory, findings: Findings): void {
  new IniReader(new Source(file, text), inventory, findings).read();
}

interface Pending {
  readonly group: string;
  readonly section: string;
  readonly offset: number;
}

class IniReader {
  readonly #source: Source;
  readonly #inventory: Inventory;
  readonly #findings: Findings;
  #group = 'ungrouped';
  #kind = 'hosts';
  #section = '';
  /** Groups that are named before they are defined. */
  readonly #pending: Pending[] = [];
  readonly #early = new Map<string, Map<Value, Value>>();
  readonly #later: (() => void)[] = [];
  readonly #places = new Map<Map<Value, Value>, Map<Value, readonly [number, number]>>();

  constructor(source: Source, inventory: Inventory, findings: Findings) {
    this.#source = source;
    this.#inventory = inventory;
    this.#findings = findings;
  }

  read(): void {
    let offset = 0;
    for (const line of this.#source.text.split('\n')) {
      this.#line(line.replace(/\r$/, ''), offset);
      offset += line.length + 1;
    }
    this.#settle();
    this.#join();
    for (const { group, section, offset: place } of this.#pending) {
      if (!this.#inventory.hasGroup(group)) {
        const verb = section.endsWith(':vars') ? 'not valid for' : 'includes';
        this.#fault(`Section [${section}] ${verb} undefined group: ${group}`, place);
      }
    }
    for (const [map, members] of this.#places) remember(map, { source: this.#source, own: 0, members });
  }

  #line(line: string, offset: number): void {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) return;
    const start = offset + line.indexOf(trimmed);
    const section = SECTION.exec(trimmed);
    if (section) {
      this.#begin(section[1] ?? '', section[2] ?? 'hosts', start);
      return;
    }
    if (trimmed.startsWith('[') && trimmed.endsWith(']') && !ADDRESS.test(trimmed)) {
      this.#kind = 'unknown';
      this.#fault(
        `Invalid section entry: '${trimmed}'`,
        start,
        'a section is [group], [group:vars] or [group:children]',
      );
      return;
    }
    if (this.#kind === 'hosts') this.#hosts(trimmed, start);
    else if (this.#kind === 'vars') this.#variable(trimmed, start);
    else if (this.#kind === 'children') this.#child(trimmed, start);
  }

  #begin(group: string, kind: string, offset: number): void {
    this.#group = group;
    this.#kind = kind;
    this.#section = kind === 'hosts' ? group : `${group}:${kind}`;
    if (kind === 'vars') {
      if (!this.#inventory.hasGroup(group)) this.#pending.push({ group, section: this.#section, offset });
    } else if (kind === 'hosts' || kind === 'children') this.#inventory.ensureGroup(group);
    else
      this.#fault(`Section [${group}:${kind}] has unknown type: ${kind}`, offset, 'the types are :vars and :children');
  }

  #hosts(line: string, offset: number): void {
    const words = shellWords(line, { comments: true });
    if (!words) {
      this.#fault('a quote is not closed', offset);
      return;
    }
    const [pattern, ...assignments] = words;
    if (!pattern) return;
    for (const { name, port } of this.#names(pattern.text, offset)) {
      const host = this.#inventory.ensureHost(name, this.#source.file);
      this.#inventory.ensureGroup(this.#group).hosts.add(name);
      if (port !== undefined) host.vars.set('ansible_port', port);
      for (const { text, start } of assignments) {
        const at = text.indexOf('=');
        if (at <= 0) {
          this.#fault(`Expected key=value host variable assignment, got: ${text}`, offset + start);
          return;
        }
        this.#set(host.vars, text.slice(0, at), text.slice(at + 1), offset + start, at + 1);
      }
    }
  }

  #names(text: string, offset: number): readonly { readonly name: string; readonly port?: number }[] {
    const { name, port } = splitPort(text);
    if (text === '---' || (text.endsWith(':') && port === undefined)) {
      const hint = 'this looks like YAML: name such a file *.yml';
      this.#fault(`Invalid host pattern '${text}' supplied`, offset, hint);
      this.#kind = 'unknown';
      return [];
    }
    try {
      return expandHosts(name).map((host) => (port === undefined ? { name: host } : { name: host, port }));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.#fault(error.message, offset);
      return [];
    }
  }

  #variable(line: string, offset: number): void {
    const at = line.indexOf('=');
    if (at < 0) {
      this.#fault(`Expected key=value, got: ${line}`, offset);
      return;
    }
    const vars = this.#varsOf(this.#group);
    this.#set(vars, line.slice(0, at).trim(), line.slice(at + 1).trim(), offset, at + 1);
  }

  /** Variables of a group that is defined further down are kept; that it never is, is a fault at the end. */
  #varsOf(group: string): Map<Value, Value> {
    if (this.#inventory.hasGroup(group)) return this.#inventory.ensureGroup(group).vars;
    let early = this.#early.get(group);
    if (!early) {
      early = new Map();
      this.#early.set(group, early);
    }
    return early;
  }

  /** What `[group:vars]` said before the group was defined. */
  #settle(): void {
    for (const [group, vars] of this.#early) {
      if (!this.#inventory.hasGroup(group)) continue;
      const own = this.#inventory.ensureGroup(group).vars;
      for (const [name, value] of vars) own.set(name, value);
    }
  }

  #child(line: string, offset: number): void {
    const name = line.replace(/\s*#.*$/, '').trim();
    if (/[:\]\s]/.test(name)) {
      this.#fault(`Expected group name, got: ${line}`, offset);
      return;
    }
    if (!this.#inventory.hasGroup(name)) this.#pending.push({ group: name, section: this.#section, offset });
    const parent = this.#group;
    this.#later.push(() => {
      if (!this.#inventory.hasGroup(name) || this.#inventory.addChild(parent, name)) return;
      this.#fault(`can't add group '${name}' as a child of '${parent}': that would be a cycle`, offset);
    });
  }

  /** Joins children to parents, in the order they are written. */
  #join(): void {
    for (const join of this.#later) join();
  }

  #set(vars: Map<Value, Value>, name: string, text: string, offset: number, width: number): void {
    vars.set(name, pythonLiteral(text));
    let members = this.#places.get(vars);
    if (!members) {
      members = new Map();
      this.#places.set(vars, members);
    }
    members.set(name, [offset, offset + width]);
  }

  #fault(message: string, offset: number, hint?: string): void {
    const options: FaultOptions = { where: this.#source.at(offset), hint };
    this.#findings.fault('inventory-invalid', message, options);
  }
}
