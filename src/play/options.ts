/** What a run is told by its caller (the command line, or code). */

import type { Connect } from '../connection/connection.ts';
import type { BuildHost } from '../inventory/build-host.ts';
import type { Description } from './description.ts';
import type { Emit } from './events.ts';
import type { BootFile } from './first-boot/boot-plan.ts';
import type { OnRead } from './reads.ts';

export interface RunOptions {
  /**
   * `bake` while an image is made: templates see it as `playbake_mode`, and the tags `first_boot` and `verify` are skipped.
   * Default: live.
   */
  readonly mode?: Mode;
  /**
   * The machine that an image is made on. Every play runs on it, whatever its `hosts`, but for a play that names only
   * localhost; it is in all groups that the plays name. It is reached by Ansible's connection variables among its `vars`
   * (by ssh where they name no connection), whatever the playbooks say of connections.
   */
  readonly build?: BuildHost;
  /** Told what plays really read of variables, facts and files of this machine, once each for each host. */
  readonly onRead?: OnRead;
  /** Told each value that is shown nowhere (of `no_log` tasks, of passwords among arguments), once. */
  readonly onSecret?: (value: string) => void;
  /** Playbook files, played one after the other. */
  readonly playbooks: readonly string[];
  /** `-i`: paths, names, or `host1,host2,`; none means Ansible's implicit localhost. */
  readonly inventory: readonly string[];
  /** `-l`: a pattern, or `@file`. */
  readonly limit?: string;
  /** `-e` as written, in order: `k=v k2=v2`, JSON or YAML, or `@file`. */
  readonly extraVars: readonly string[];
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
  readonly check: boolean;
  readonly diff: boolean;
  /** Hosts at work at the same time; default 5 is Ansible's, ours is 50. */
  readonly forks: number;
  readonly verbosity: number;
  readonly startAtTask?: string;
  /** `--step`: asked before each task. */
  readonly step?: (task: string) => Promise<'yes' | 'no' | 'continue'>;
  readonly forceHandlers: boolean;
  readonly connection: ConnectionDefaults;
  /** Opens the connections to hosts; default: as their connection variables say. */
  readonly connect?: Connect;
  /** Lines of output of running commands are wanted as `progress` events. */
  readonly progress: boolean;
  /** Asks the user (vars_prompt, pause); undefined where nobody can answer. */
  readonly ask?: (prompt: string, options: { readonly echo: boolean }) => Promise<string>;
  readonly emit: Emit;
  /** Ctrl-C: what runs on the hosts is ended, connections close, the recap is still emitted. */
  readonly signal: AbortSignal;
}

export type Mode = 'live' | 'bake';

/** Command-line defaults, the least of all variables (`-u`, `-b`, `-c` …). */
export interface ConnectionDefaults {
  readonly user?: string;
  readonly connection?: string;
  readonly privateKey?: string;
  readonly password?: string;
  readonly timeout?: number;
  /** Default true; `ANSIBLE_HOST_KEY_CHECKING`. */
  readonly hostKeyChecking?: boolean;
  readonly sshCommonArgs?: string;
  readonly sshExtraArgs?: string;
  readonly become: boolean;
  readonly becomeUser?: string;
  readonly becomeMethod?: string;
  readonly becomePassword?: string;
}

/** As `ansible-playbook`: 0 ok, 2 hosts failed, 4 hosts unreachable, 99 interrupted. Faults before the play are thrown. */
export type ExitCode = 0 | 2 | 4 | 99;

export interface ListedTask {
  readonly name: string;
  readonly tags: readonly string[];
}

/** What `--list-hosts`, `--list-tasks` and `--list-tags` show of a play. */
export interface ListedPlay {
  readonly name: string;
  readonly pattern: string;
  readonly hosts: readonly string[];
  readonly tags: readonly string[];
  readonly tasks: readonly ListedTask[];
}

/** A run whose inventory and playbooks are loaded and checked; nothing is connected yet. */
export interface PreparedRun {
  readonly plays: readonly { readonly playbook: string; readonly plays: readonly ListedPlay[] }[];
  run(): Promise<ExitCode>;
  /**
   * After `run` in a bake: what `run` has put into the image for those tasks, by the unit
   * `playbake-first-boot.service`. Throws `first-boot-unsupported` for tasks that cannot be compiled, as `run` does.
   */
  firstBoot(): Promise<readonly BootFile[]>;
  /**
   * All that a run would do on a host, as far as it can be known without connecting: no facts are known, nothing is
   * registered, and questions have their default answers. Lookups are performed, as in a run.
   */
  describe(host: string): Promise<Description>;
}

/** `src/play/prepare.ts` exports this; it throws Faults for everything that is wrong. Warnings go to `emit`. */
export type Prepare = (options: RunOptions) => Promise<PreparedRun>;
