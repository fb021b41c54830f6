/** The keys of a run: the pair that logs in, and the pair that the machine proves itself with. Kept until the run ends. */

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunDirectory } from './journal/run-directory.ts';
import { newKeyPair } from './openssh-key.ts';

export interface KeyFiles {
  /** The path of the private key. */
  readonly file: string;
  readonly private: string;
  /** One line, without a comment. */
  readonly public: string;
}

/** Made when first asked for: a run that is resumed finds the same. */
export function keyFiles({ secrets }: RunDirectory, name: 'login' | 'host'): KeyFiles {
  const file = join(secrets, name);
  if (!existsSync(file)) {
    const made = newKeyPair('playbake');
    writeFileSync(`${file}.pub`, `${made.public}\n`);
    writeFileSync(`${file}.new`, made.private, { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  return { file, private: readFileSync(file, 'utf8'), public: readFileSync(`${file}.pub`, 'utf8').trim() };
}
