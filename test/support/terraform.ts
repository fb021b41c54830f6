/** The real Terraform with the real AWS provider, as judges of the sandbox's API. Neither is fetched: they are there or not. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** A mirror of providers, as `terraform providers mirror` makes it. */
const MIRROR = process.env['TERRAFORM_PLUGINS'] || '/opt/tf-plugins';

/** Why Terraform cannot judge here, or undefined. */
export async function terraformMissing(): Promise<string | undefined> {
  if (!existsSync(join(MIRROR, 'registry.terraform.io/hashicorp/aws'))) {
    return `no mirror of the AWS provider at ${MIRROR} ($TERRAFORM_PLUGINS)`;
  }
  return exec('terraform', ['version']).then(
    () => undefined,
    () => 'no terraform in $PATH',
  );
}

export interface Ended {
  readonly status: number;
  /** Both outputs. */
  readonly said: string;
}

export class Terraform {
  readonly #folder: string;
  readonly #variables: Record<string, string>;

  private constructor(folder: string, variables: Record<string, string>) {
    this.#folder = folder;
    this.#variables = variables;
  }

  /** A working directory in `folder` with `configuration`, a file, initialized. */
  static async init(folder: string, configuration: string, variables: Record<string, string>): Promise<Terraform> {
    await mkdir(folder, { recursive: true });
    await copyFile(configuration, join(folder, basename(configuration)));
    return Terraform.in(folder, variables);
  }

  /** A working directory that holds a configuration already, initialized. */
  static async in(folder: string, variables: Record<string, string> = {}): Promise<Terraform> {
    const terraform = new Terraform(folder, variables);
    const { status, said } = await terraform.run('init', `-plugin-dir=${MIRROR}`);
    if (status !== 0) throw new Error(said);
    return terraform;
  }

  /** Runs a command with these values of variables from now on. */
  async run(command: string, ...options: readonly string[]): Promise<Ended> {
    const named = Object.entries(this.#variables).map(([name, value]) => [`TF_VAR_${name}`, value]);
    const quiet = { CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_INPUT: '0', TF_CLI_CONFIG_FILE: '/dev/null' };
    const env = { ...process.env, ...quiet, ...Object.fromEntries(named) };
    const words = [command, '-no-color', ...options];
    return exec('terraform', words, { cwd: this.#folder, env, maxBuffer: 1 << 26 }).then(
      ({ stdout, stderr }) => ({ status: 0, said: stdout + stderr }),
      (error: { code?: unknown; stdout?: string; stderr?: string }) => ({
        status: typeof error.code === 'number' ? error.code : -1,
        said: `${error.stdout ?? ''}${error.stderr ?? ''}`,
      }),
    );
  }

  /** Changes a variable. */
  set(name: string, value: string): void {
    this.#variables[name] = value;
  }
}
