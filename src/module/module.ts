/** The authoring contract: everything that a module file may import. */

import type { Outcome } from '../shell/outcome.ts';
import type { Steps } from '../shell/steps.ts';
import type { Plain, Value } from '../value/value.ts';
import type { Args, Typed } from './args.ts';

export { Fault } from '../fault.ts';
export type { Bytes } from '../shell/bytes.ts';
export { digestOf } from '../shell/digest-of.ts';
export type { Outcome, StepDiff } from '../shell/outcome.ts';
export { commandResult, lines } from '../shell/outcome.ts';
export { join, quote, Sh, script, sh } from '../shell/sh.ts';
export type { Content, PutOptions, Ran, Run, Step, Steps } from '../shell/steps.ts';
export { ensure, fail, put, read, run, set, when } from '../shell/steps.ts';
export { writeJson } from '../value/json.ts';
export { expandReplacement, pyRegex } from '../value/py-regex.ts';
export { PythonError } from '../value/python-error.ts';
export { str } from '../value/text.ts';
export type { Dict, Plain, Value } from '../value/value.ts';
export { fromPlain, isDict, isList, toPlain } from '../value/value.ts';
export type { Arg, Args, Typed } from './args.ts';
export { hostWord } from './host-word.ts';
export { localContent } from './local-content.ts';
export { readVariables } from './read-variables.ts';
export { type Aws, withAws } from './with-aws.ts';

/** A task's result as Ansible registers it. `changed` and `failed` default to false. */
export interface Result {
  readonly changed?: boolean;
  readonly failed?: boolean;
  readonly skipped?: boolean;
  readonly msg?: Plain | Value;
  readonly [key: string]: Plain | Value | undefined;
}

/** What a module may ask on the control side. Nothing here talks to the host. */
export interface Context {
  /** The host's facts by their names without `ansible_`, as gathered so far; may be empty. */
  readonly facts: { readonly [name: string]: Plain };
  readonly check: boolean;
  readonly diff: boolean;
  /**
   * `bake` where the host is a machine that an image is made of: what is started there does not run later, and what it
   * is called is nobody's name. `live` again for a task whose variable `playbake_now` holds.
   */
  readonly mode: 'live' | 'bake';
  /** Whether a name or address is that of the machine that an image is made of, as this host sees it; never when live. */
  isImage(address: string): boolean;
  readonly verbosity: number;
  /** A variable of the task, rendered; undefined when there is none. */
  variable(name: string): Value | undefined;
  /** Names of all variables of the task. */
  variables(): readonly string[];
  /** Renders a value with the task's variables; `extra` come first. */
  render(value: Value, extra?: { readonly [name: string]: Value }): Value;
  /** A conditional, as in `when`. */
  condition(expression: Value): boolean;
  /** An expression without braces, as in `debug: var=`. */
  evaluate(expression: string): Value;
  /** The text of a Jinja2 (or, for `.hbs`, Handlebars) template file. */
  renderFile(path: string, options?: { readonly [name: string]: Plain }): Promise<string>;
  /**
   * A file on the control machine: absolute, or looked for in the role's and playbook's `files`, `templates` or `vars`
   * directory, then beside them, as Ansible does. Throws Fault `file-missing`, which lists where it looked.
   */
  find(name: string, kind: 'files' | 'templates' | 'vars' | 'tasks'): string;
  /** Shown as `[WARNING]` and kept in the result's `warnings`. */
  warn(message: string): void;
}

/** What a module that must look before it can decide may do. */
export interface Host extends Context {
  /** The kind of connection: `ssh`, `openssh`, `local`. */
  readonly transport: string;
  /** Runs steps on the host and folds what they answered. A failed step is in the outcome, not thrown. */
  apply(steps: Steps): Promise<Outcome>;
  /**
   * As `apply`, for the last steps of the task: where the module `streams`, what comes after the task may be sent behind
   * them.
   */
  finish(steps: Steps): Promise<Outcome>;
  /** Waits; rejects when the run is interrupted. */
  sleep(seconds: number): Promise<void>;
  /**
   * Ends the connection and waits until the host answers again, `seconds` at most (reboot, wait_for_connection); one attempt
   * takes `attempt` seconds at most, by default what the connection has.
   */
  reconnect(seconds: number, attempt?: number): Promise<void>;
  /** Asks the user; undefined where nobody can answer. */
  ask(prompt: string, options: { readonly echo: boolean; readonly seconds?: number }): Promise<string | undefined>;
  /** Changes variables of the host: facts (`ansible_facts` in results does the same), included vars. */
  setVariables(variables: { readonly [name: string]: Value }, kind: 'fact' | 'include_vars' | 'set_fact'): void;
}

interface Common<T extends Args> {
  /** One sentence: what it makes hold. */
  readonly doc: string;
  readonly args: T;
  /** YAML tasks. */
  readonly examples: string;
  /** Takes free-form text (`command: ls -l`), which arrives as this argument. */
  readonly freeForm?: keyof T & string;
  /** Arguments that Ansible has and this module does not support, each with why or what to do instead: naming one is a fault. */
  readonly unsupported?: { readonly [name: string]: string };
  /** Arguments of any other name are allowed; this argument, of type `value`, is the dictionary of them (set_fact). */
  readonly rest?: keyof T & string;
  /** What no table can say (arguments that exclude each other …): what is wrong in one sentence, or undefined. */
  readonly verify?: (args: Typed<T>) => string | undefined;
  /**
   * The task fails exactly where one of its last steps does (its result is never that it failed when none did), so that what
   * comes after it may be sent before it has answered. With `run`: nothing but looks at the host comes before `finish`, and nothing
   * is done here, so that it may be run again. `facts`: what needs facts waits, for its result holds some; no
   * result of another may. Default: the engine looks at the result first.
   */
  readonly streams?: true | 'facts';
  /** Runs on the control machine only: no connection is opened for it (debug, assert, set_fact …). */
  readonly local?: true;
  /** Sums up the steps' outcome as the task's result; default: `changed`, `failed`, `msg` and the steps' values. */
  readonly result?: (outcome: Outcome, args: Typed<T>, context: Context) => Result;
}

/**
 * `plan` answers with the steps that make the host so. It never talks to the host; it may read files on the control machine.
 * A Result instead of steps means that nothing is to be done on the host.
 * `run` is for modules that must look first.
 */
export type Module<T extends Args = Args> = Common<T> &
  (
    | { readonly plan: (args: Typed<T>, context: Context) => Planned | Promise<Planned>; readonly run?: never }
    | {
        readonly run: (args: Typed<T>, host: Host) => Promise<Result>;
        readonly plan?: never;
        /** Steps that come to the same where nobody looks, at the first boot of an image; undefined where there are none. */
        readonly unattended?: (args: Typed<T>) => Steps | undefined;
      }
  );

export type Planned = Steps | Result;

export function module<const T extends Args>(definition: Module<T>): Module<T> {
  return definition;
}

export function isSteps(planned: Planned): planned is Steps {
  return Array.isArray(planned);
}
