/** Steps: what must hold on a host, and how to make it hold. Modules answer with these; `compile` prints them as shell. */

import type { Plain } from '../value/value.ts';
import type { Bytes } from './bytes.ts';
import { Sh, sh } from './sh.ts';

/** Falsy entries are left out, so that a module can write `owner && set(…)`. */
export type Steps = readonly (Step | false | null | undefined | '')[];

export type Step = Ensure | SetStep | Put | Run | Read | When;

export interface Ensure {
  readonly kind: 'ensure';
  readonly is: Sh;
  readonly make: Sh;
}

export interface SetStep {
  readonly kind: 'set';
  readonly name: string;
  readonly read: Sh;
  readonly want: string;
  readonly make: Sh;
  readonly assigns: boolean;
}

export interface ReadOptions {
  /** The fragment leaves its value in the variable `v` instead of writing it, which saves a process. */
  readonly assigns?: boolean;
}

/** What a `put` writes: text, bytes, or the output of a command on the host (which may read the old file from `$pb_path`). */
export type Content = string | Bytes | Sh;

export interface PutOptions {
  /** Owner, group and mode that a newly written file gets before it is renamed into place; default: those of the old file. */
  readonly owner?: string | undefined;
  readonly group?: string | undefined;
  /** As `chmod` takes it, octal or symbolic. */
  readonly mode?: string | undefined;
  /** Keep a copy of the old file; its name is the result's `backup_file`. */
  readonly backup?: boolean | undefined;
  /** A command with `%s` for the new file; when it fails nothing is replaced. */
  readonly validate?: string | undefined;
  /** Where the path is a directory: the name of the file to write in it. */
  readonly into?: string | undefined;
  /** Write through a symbolic link instead of replacing it. */
  readonly follow?: boolean | undefined;
  /** Only write where there is no file. */
  readonly keep?: boolean | undefined;
  /** Write in place where a rename cannot be done (bind-mounted files). */
  readonly unsafeWrites?: boolean | undefined;
  /** It is known that a file that is there has other content, so that nothing need be compared. */
  readonly differs?: boolean | undefined;
  /** The next step looks at the mode and mends it, so that a new file may begin with it instead of being given it. */
  readonly verified?: boolean | undefined;
  /** Show nothing of the content in a diff. */
  readonly secret?: boolean | undefined;
  /**
   * Told the content piece by piece while it is sent, where it is too large for a program: what takes its digest then
   * does so while the wire is at work.
   */
  readonly onPiece?: ((piece: Uint8Array) => void) | undefined;
  /** What the diff calls the new content; default: the path. */
  readonly label?: string | undefined;
}

export interface Put extends PutOptions {
  readonly kind: 'put';
  readonly path: string;
  readonly content: Content;
}

export interface RunOptions {
  /** Exit codes that are no failure; default [0]. `'any'`: none is. */
  readonly ok?: readonly number[] | 'any';
  /** Whether it changed something, judged from its output; default true. */
  readonly changed?: boolean | ((ran: Ran) => boolean);
  /** Runs in check mode too, because it changes nothing. */
  readonly harmless?: boolean;
  /** Result values taken from its output; default rc, stdout, stderr and their lines. */
  readonly result?: (ran: Ran) => { readonly [key: string]: Plain };
  /** Runs only where this holds; else the step is ok. */
  readonly unless?: Sh;
  /** The user's own command: runs with the user's locale instead of C. */
  readonly user?: boolean;
}

export interface Ran {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
  /** When it ran by the host's clock and how long it took, as Python prints them; undefined where the host does not tell. */
  readonly time?: { readonly start: string; readonly end: string; readonly delta: string } | undefined;
}

export interface Run extends RunOptions {
  readonly kind: 'run';
  readonly command: Sh;
}

export interface Read {
  readonly kind: 'read';
  readonly command: Sh;
  readonly assigns: boolean;
  /** Result values from what the command wrote; what it answers is merged into the result. */
  readonly parse: (ran: Ran) => { readonly [key: string]: Plain };
}

export interface When {
  readonly kind: 'when';
  readonly test: Sh;
  readonly then: Steps;
  readonly otherwise: Steps;
}

/** Makes `is` hold by `make`. In check mode `make` is not run, unless it is a `fail`. */
export function ensure(is: Sh, make: Sh): Ensure {
  return { kind: 'ensure', is, make };
}

/** Like `ensure` for a value that can be read back, so that a diff comes for free. */
export function set(name: string, read: Sh, want: string, make: Sh, { assigns = false }: ReadOptions = {}): SetStep {
  return { kind: 'set', name, read, want, make, assigns };
}

/**
 * Writes a file atomically: temporary file in the same directory, owner and mode set before the rename.
 * Steps after it find the path that was meant in the end (`into`, `follow`) in `$pb_path`.
 */
export function put(path: string, content: Content, options: PutOptions = {}): Put {
  return { kind: 'put', path, content, ...options };
}

/** Runs a command and gives its rc, stdout and stderr. */
export function run(command: Sh, options: RunOptions = {}): Run {
  return { kind: 'run', command, ...options };
}

/** Reads something from the host; never a change, runs in check mode too. A failing command is for `parse` to judge. */
export function read(command: Sh, parse: Read['parse'], { assigns = false }: ReadOptions = {}): Read {
  return { kind: 'read', command, parse, assigns };
}

/** Steps under a condition that the host decides. */
export function when(test: Sh, then: Steps, otherwise: Steps = []): When {
  return { kind: 'when', test, then, otherwise };
}

/** Shell that fails with a message. As the `make` of an `ensure` it fails in check mode too. */
export class Fail extends Sh {}

export function fail(message: string): Fail {
  return new Fail(sh`{ printf '%s\n' ${message} >&2; return 1; }`.text);
}

/**
 * Whether steps only tell what is on the host: in any order with each other they come to the same. A `run` never does: a
 * harmless one may change things where check mode is off.
 */
export function onlyLook(steps: Steps): boolean {
  return compact(steps).every((step) => {
    switch (step.kind) {
      case 'read':
        return true;
      case 'ensure':
        return step.make instanceof Fail;
      case 'when':
        return onlyLook(step.then) && onlyLook(step.otherwise);
      default:
        return false;
    }
  });
}

export function compact(steps: Steps): readonly Step[] {
  return steps.filter((step): step is Step => Boolean(step));
}
