/** What every kind of connection offers: shells on a host, each the start of a channel. */

import type { Readable, Writable } from 'node:stream';

/** A process on the host with its three streams. */
export interface Pipe {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when it is gone, with why (`exit 0`, `connection closed` …). Never rejects. */
  readonly closed: Promise<string>;
  /** Ends it at once. */
  destroy(): void;
}

/** Whom to become on the host; undefined: the login user. */
export interface Become {
  readonly method: string;
  readonly user: string;
  readonly password?: string | undefined;
  readonly flags?: string | undefined;
  readonly exe?: string | undefined;
}

/** One way to a host. Opening it and its shells throws Faults with codes such as `host-unreachable`, `auth-failed`. */
export interface Connection {
  /** Starts a command line (already quoted for the login shell) on the host. */
  start(command: string): Promise<Pipe>;
  /** Ends the connection and all that runs over it. */
  close(): Promise<void>;
  /** Settles with why when the connection is lost. Never rejects. */
  readonly lost: Promise<string>;
}

/** Opens a connection. Throws Faults with codes such as `host-unreachable`, `auth-failed`. */
export type Connect = (target: Target, environment: NodeJS.ProcessEnv) => Promise<Connection>;

/** How to reach a host, from Ansible's connection variables and the command line's defaults. */
export interface Target {
  /** The name in the inventory, for messages. */
  readonly name: string;
  readonly kind: string;
  readonly address: string;
  readonly port?: number | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly privateKey?: string | undefined;
  readonly passphrase?: string | undefined;
  /** `ansible_ssh_common_args` and `ansible_ssh_extra_args`: the `-o` options, `-J`, `-F` … that ssh knows. */
  readonly sshArgs?: string | undefined;
  readonly hostKeyChecking: boolean;
  /** Seconds for connecting and logging in; default 10. */
  readonly timeout?: number | undefined;
  /** The shell on the host; default /bin/sh. */
  readonly shell?: string | undefined;
  readonly retries?: number | undefined;
}
