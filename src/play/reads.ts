/** What plays really read on this side of the wire, and of a host's facts: on this, and on nothing else, their work depends. */

import type { OutsideRead } from '../template/templar.ts';
import type { Value } from '../value/value.ts';
import { hashPath } from './hash-path.ts';

export type Read =
  | VariableRead
  /** A fact by its name without `ansible_`. */
  | { readonly kind: 'fact'; readonly name: string; readonly value: Value }
  /** SHA-256 of a file, or of all that a directory holds; undefined: it was looked for and is not there. */
  | { readonly kind: 'file'; readonly path: string; readonly sha256: string | undefined }
  | Exclude<OutsideRead, { kind: 'file' }>;

/**
 * A variable that outlives its task: of the command line, of plays, of the inventory, of roles that plays use statically.
 * What tasks and blocks have of their own stands in their files, and what they register follows from the rest.
 */
export interface VariableRead extends VariableContext {
  readonly kind: 'variable';
  readonly name: string;
  /** As written, templates unfilled: what these read is read too. Undefined: nobody gives it. */
  readonly value: Value | undefined;
}

/** From where a variable is seen: the same name may have another value in another role. */
export interface VariableContext {
  /** The number of the play in the run, from 0. */
  readonly play: number;
  /** The use of a role whose variables come first: its name, and ` (2)` where the play uses it a second time. */
  readonly role: string | undefined;
}

export type OnRead = (host: string, read: Read) => void;

/** Tells each read once for each host. */
export class Reads {
  readonly #tell: OnRead;
  readonly #told = new Set<string>();
  readonly #hashes = new Map<string, string | undefined>();

  constructor(tell: OnRead) {
    this.#tell = tell;
  }

  variable(host: string, context: VariableContext, name: string, value: Value | undefined): void {
    const { play, role } = context;
    if (this.#isNew(host, 'variable', String(play), role ?? '', name)) {
      this.#tell(host, { kind: 'variable', name, play, role, value });
    }
  }

  fact(host: string, name: string, value: Value): void {
    if (this.#isNew(host, 'fact', name)) this.#tell(host, { kind: 'fact', name, value });
  }

  file(host: string, path: string): void {
    if (this.#isNew(host, 'file', path)) this.#tell(host, { kind: 'file', path, sha256: this.#hash(path) });
  }

  outside(host: string, read: OutsideRead): void {
    if (read.kind === 'file') {
      this.file(host, read.path);
      return;
    }
    const name = read.kind === 'environment' ? read.name : read.kind === 'glob' ? read.path : read.command;
    const directory = read.kind === 'command' ? (read.directory ?? '') : '';
    if (this.#isNew(host, read.kind, name, directory)) this.#tell(host, read);
  }

  #isNew(...words: readonly string[]): boolean {
    const key = words.join('\0');
    const isNew = !this.#told.has(key);
    this.#told.add(key);
    return isNew;
  }

  #hash(path: string): string | undefined {
    if (!this.#hashes.has(path)) this.#hashes.set(path, hashPath(path));
    return this.#hashes.get(path);
  }
}
