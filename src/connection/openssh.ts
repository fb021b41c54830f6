/** SSH by the system's own client, for what ssh2 cannot do: one master connection, a light client for each shell. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { splitWords } from '../shell/split-words.ts';
import { askPass } from './ask-pass.ts';
import type { Connection, Pipe, Target } from './connection.ts';
import { keepaliveFor } from './keepalive.ts';
import { endPipe, startProcess } from './local.ts';
import { opensshFault } from './openssh-fault.ts';
import { hearing } from './silence.ts';
import type { SshSettings } from './ssh-settings.ts';
import { Tail } from './tail.ts';

const READY = 'pb-master-ready';

/** Throws as `openSsh` does. `environment` is that of the ssh process (HOME, SSH_AUTH_SOCK …). */
export async function openOpenssh(
  target: Target,
  settings: SshSettings,
  environment: NodeJS.ProcessEnv,
): Promise<Connection> {
  const directory = await privateDirectory();
  const control = join(directory, 'c');
  try {
    const password = await askPass(directory, settings);
    const argv = ['ssh', ...masterWords(target, settings, control), ...password.words, '--', target.address];
    // As long as its stdin is open, and no longer, so that it does not outlive us.
    const master = startProcess([...argv, `echo ${READY}; exec cat >/dev/null`], {
      ...environment,
      ...password.variables,
    });
    await hearing(ready(master, settings));
    return new OpensshConnection(master, control, directory, environment);
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

/** Unix socket paths are short: 104 characters with what ssh adds. */
function privateDirectory(): Promise<string> {
  const base = tmpdir();
  return mkdtemp(join(base.length > 60 ? '/tmp' : base, 'pb-'));
}

function masterWords(target: Target, settings: SshSettings, control: string): readonly string[] {
  const { port, privateKey, sshArgs, user } = target;
  const options = [
    'ControlMaster=yes',
    'ControlPersist=no',
    `ControlPath=${control}`,
    'RequestTTY=no',
    'EscapeChar=none',
    `ConnectTimeout=${settings.timeout}`,
    `ServerAliveInterval=${settings.keepalive ?? keepaliveFor(0)}`,
    `ServerAliveCountMax=${settings.keepaliveCount}`,
    `StrictHostKeyChecking=${settings.strict}`,
    ...(port === undefined ? [] : [`Port=${port}`]),
    ...(user === undefined ? [] : [`User=${user}`]),
    ...(privateKey === undefined ? [] : [`IdentityFile="${privateKey}"`]),
  ];
  // Of options that are given twice ssh takes the first.
  return [...options.flatMap((option) => ['-o', option]), ...splitWords(sshArgs ?? '')];
}

function ready(master: Pipe, settings: SshSettings): Promise<void> {
  return new Promise((resolve, reject) => {
    const said = new Tail(master.stderr, undefined, 8000);
    const fail = (why: string) => reject(opensshFault(settings, said.text.trim() || why));
    const timer = setTimeout(
      () => {
        fail('Connection timed out');
        master.destroy();
      },
      settings.timeout * 1000 + 1000,
    );
    const out = new Tail(master.stdout, () => {
      if (!out.text.includes(READY)) return;
      clearTimeout(timer);
      resolve();
    });
    void master.closed.then((why) => {
      clearTimeout(timer);
      fail(why);
    });
  });
}

class OpensshConnection implements Connection {
  readonly lost: Promise<string>;
  readonly #master: Pipe;
  readonly #control: string;
  readonly #directory: string;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #pipes = new Set<Pipe>();

  constructor(master: Pipe, control: string, directory: string, environment: NodeJS.ProcessEnv) {
    this.#master = master;
    this.#control = control;
    this.#directory = directory;
    this.#environment = environment;
    this.lost = master.closed.then((why) => (why === 'exit 0' ? 'the connection was closed' : `ssh ended: ${why}`));
    void this.lost.then(() => rm(directory, { recursive: true, force: true }));
  }

  async start(command: string): Promise<Pipe> {
    // Were the master gone, the client must not go its own way to a host that is called "host".
    const words = ['-F', 'none', '-S', this.#control, '-o', 'ProxyCommand=false', '-T', '-e', 'none', 'host', command];
    const pipe = startProcess(['ssh', ...words], this.#environment);
    this.#pipes.add(pipe);
    void pipe.closed.then(() => this.#pipes.delete(pipe));
    void this.lost.then(() => pipe.destroy());
    return pipe;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#pipes].map(endPipe));
    await endPipe(this.#master);
    await rm(this.#directory, { recursive: true, force: true });
  }
}
