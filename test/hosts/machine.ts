/** One real machine for module tests, in a sandbox of its own, and tasks run on it as root. */

import { execFile } from 'node:child_process';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Channel } from '../../src/connection/channel.ts';
import { startProcess } from '../../src/connection/local.ts';
import { coerceArguments } from '../../src/module/check-arguments.ts';
import { loadBuiltin } from '../../src/module/load-module.ts';
import type { Context, Host, Plain, Result, Steps } from '../../src/module/module.ts';
import { perform } from '../../src/module/perform.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { compile } from '../../src/shell/compile.ts';
import { fold } from '../../src/shell/outcome.ts';
import { fromPlain, isDict } from '../../src/value/value.ts';
import { ownSandbox } from '../support/own-sandbox.ts';

const exec = promisify(execFile);

export interface TaskOptions {
  readonly check?: boolean;
  readonly mode?: Context['mode'];
}

export class Machine {
  readonly #sandbox: Sandbox;
  readonly #argv: readonly string[];
  readonly #channel: Channel;
  readonly warnings: string[] = [];

  private constructor(sandbox: Sandbox, argv: readonly string[], channel: Channel) {
    this.#sandbox = sandbox;
    this.#argv = argv;
    this.#channel = channel;
  }

  static async start(): Promise<Machine> {
    const { sandbox } = await ownSandbox(1);
    const argv = await sandbox.sshCommand('web1', ['sudo', '-H', 'sh']);
    const channel = Channel.greet(startProcess(argv), 'web1');
    await channel.hello;
    return new Machine(sandbox, argv, channel);
  }

  /** What a shell command writes, run as root over a connection of its own. */
  async sh(command: string): Promise<string> {
    const [program = '', ...args] = this.#argv;
    const quoted = `'${command.replaceAll("'", `'\\''`)}'`;
    const { stdout } = await exec(program, [...args, '-c', quoted]);
    return stdout.trim();
  }

  async task(name: string, args: { readonly [name: string]: Plain }, options: TaskOptions = {}): Promise<Result> {
    const module = await loadBuiltin(name);
    const given = fromPlain(args);
    if (!module || !isDict(given)) throw new Error(`there is no module ${name}`);
    const typed = coerceArguments(name, module, given, undefined);
    return (await perform(module, typed, this.#host(options))).result;
  }

  async stop(): Promise<void> {
    this.#channel.destroy();
    await this.#sandbox.down({ purge: true });
  }

  #host({ check = false, mode = 'live' }: TaskOptions): Host {
    const apply = async (steps: Steps) => {
      const program = compile(steps, { check, diff: true });
      const answer = await this.#channel.run(program.text);
      const outcome = fold(program.steps, answer.frames);
      if (answer.rc === 0 || outcome.failed) return outcome;
      return { ...outcome, failed: true, msg: `the program ended early with exit code ${answer.rc}` };
    };
    return {
      ...{ facts: {}, check, diff: true, mode, verbosity: 0, variable: () => undefined, variables: () => [] },
      ...{
        render: (value) => value,
        condition: () => true,
        evaluate: (text) => text,
        renderFile: async (path) => path,
      },
      ...{ find: (path) => path, warn: (message) => this.warnings.push(message), apply, finish: apply },
      ...{
        sleep: (seconds) => setTimeout(seconds * 1000),
        reconnect: async () => undefined,
        transport: 'ssh',
        isImage: () => mode === 'bake',
      },
      ...{ ask: async () => undefined, setVariables: () => undefined },
    };
  }
}
