import { execFile } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { Fault } from '../fault.ts';
import type { PlayOptions } from './play-options.ts';
import type { Ask } from './session.ts';

export interface Passwords {
  readonly password?: string;
  readonly becomePassword?: string;
}

/** The passwords that the options ask for, asked for or read, in Ansible's order and with its prompts. */
export async function passwordsFor(options: PlayOptions, ask: Ask): Promise<Passwords> {
  const { askPass, askBecomePass, connectionPasswordFile, becomePasswordFile } = options;
  const password = askPass
    ? await ask('SSH password: ', { echo: false })
    : connectionPasswordFile && (await fromFile(connectionPasswordFile));
  const prompt = askPass ? 'BECOME password[defaults to SSH password]: ' : 'BECOME password: ';
  const becomePassword = askBecomePass
    ? (await ask(prompt, { echo: false })) || (askPass ? password : '')
    : becomePasswordFile && (await fromFile(becomePasswordFile));
  return { ...(password ? { password } : {}), ...(becomePassword ? { becomePassword } : {}) };
}

/** What a file holds, or prints when it is a program; `-` is standard input. */
async function fromFile(file: string): Promise<string> {
  const secret = (await contentOf(file)).trim();
  if (secret === '') throw new Fault('file-unreadable', `the password file ${file} is empty`);
  return secret;
}

async function contentOf(file: string): Promise<string> {
  if (file === '-') return text(process.stdin);
  try {
    if (isProgram(file)) return (await promisify(execFile)(file)).stdout;
    return readFileSync(file, 'utf8');
  } catch (cause) {
    // The cause's own message may hold what the program printed.
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    if (missing) throw new Fault('file-missing', `the password file ${file} does not exist`);
    throw new Fault('file-unreadable', `the password file ${file} cannot be read or run`, {
      hint: 'a file that is executable is run, and prints the password; take the x bit from one that holds it',
    });
  }
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
