/** The real Terraform with the real AWS provider, as judges of the sandbox's API. Neither is fetched: they are there or not. */

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';

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

export class Terraform {
  readonly #folder: string;
  readonly #variables: Record<string, string>;

  private constructor(folder: string, variables: Record<string, string>) {
    this.#folder = folder;
    this.#variables = variables;
  }

  /** A working directory in `folder` with a configuration of test/judges/terraform, initialized. */
  static async init(folder: string, configuration: string, variables: Record<string, string>): Promise<Terraform> {
    await mkdir(folder, { recursive: true });
    for (const file of ['provider.tf', `${configuration}.tf`]) {
      await copyFile(join(import.meta.dirname, '../judges/terraform', file), join(folder, file));
    }
    return Terraform.in(folder, variables);
  }

  /** A working directory that holds a configuration already, initialized. */
  static async in(folder: string, variables: Record<string, string> = {}): Promise<Terraform> {
    const terraform = new Terraform(folder, variables);
    await terraform.run(0, 'init', `-plugin-dir=${MIRROR}`);
    return terraform;
  }

  /** Runs a command, which is to end with `status`, with these values of variables. @returns both its outputs. */
  async run(status: number, command: string, ...options: readonly string[]): Promise<string> {
    const named = Object.entries(this.#variables).map(([name, value]) => [`TF_VAR_${name}`, value]);
    const quiet = { CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_INPUT: '0', TF_CLI_CONFIG_FILE: '/dev/null' };
    const env = { ...process.env, ...quiet, ...Object.fromEntries(named) };
    const words = [command, '-no-color', ...options];
    const ended = await exec('terraform', words, { cwd: this.#folder, env, maxBuffer: 1 << 26 }).then(
      ({ stdout, stderr }) => ({ code: 0, said: stdout + stderr }),
      (error: { code?: unknown; stdout?: string; stderr?: string }) => ({
        code: error.code,
        said: `${error.stdout ?? ''}${error.stderr ?? ''}`,
      }),
    );
    expect(ended.code, ended.said).to.equal(status);
    return ended.said;
  }

  apply(): Promise<string> {
    return this.run(0, 'apply', '-auto-approve');
  }

  /** Finds all as it is planned to be. */
  same(): Promise<string> {
    return this.run(0, 'plan', '-detailed-exitcode');
  }

  /** Right after `same`: does not read again what was read just now. */
  applyKnown(): Promise<string> {
    return this.run(0, 'apply', '-auto-approve', '-refresh=false');
  }

  /** As `applyKnown`. */
  destroyKnown(): Promise<string> {
    return this.run(0, 'destroy', '-auto-approve', '-refresh=false');
  }

  /** Changes a variable. */
  set(name: string, value: string): void {
    this.#variables[name] = value;
  }
}
