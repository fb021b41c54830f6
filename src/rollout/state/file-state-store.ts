/** The state in a file, `playbake.state.json`; its lock and its backup stand beside it. */

import { existsSync, realpathSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Fault } from '../../fault.ts';
import { lockFile, lockInFile, unlockFile } from './file-lock.ts';
import { type LockInfo, newLockInfo } from './lock-info.ts';
import { checkSuccessor } from './next-state.ts';
import { parseState } from './parse-state.ts';
import type { State } from './state.ts';
import type { StateLock, StateStore } from './state-store.ts';
import { keepFile, writeFileWhole } from './write-file.ts';

/** What a file was when it was read or written last. A file that is replaced is another one. */
interface Version {
  readonly id: string;
  readonly state: Pick<State, 'lineage' | 'serial'> | undefined;
}

export class FileStateStore implements StateStore {
  readonly where: string;
  readonly #lockFile: string;
  #known: Version | undefined;
  /** Undefined: we do not have it. */
  #lock: { readonly info: LockInfo; backedUp: boolean } | undefined;

  /** @param file absolute; it need not be there. */
  constructor(file: string) {
    // A link stays one: what it leads to is replaced.
    this.where = existsSync(file) ? realpathSync(file) : file;
    this.#lockFile = join(dirname(this.where), `.${basename(this.where)}.lock.info`);
  }

  get backup(): string {
    return `${this.where}.backup`;
  }

  async read(): Promise<State | undefined> {
    // Before the text: where it is replaced meanwhile, it is read once more later.
    const id = await this.#idOf();
    const text = id === '' ? undefined : await readFile(this.where, 'utf8').catch(unreadable(this.where));
    const state =
      text === undefined ? undefined : parseState(text, this.where, existsSync(this.backup) ? this.backup : undefined);
    this.#known = { id, state };
    return state;
  }

  async write(state: State): Promise<void> {
    if (!this.#lock) throw new Error('the state is written without its lock');
    if (this.#known === undefined || this.#known.id !== (await this.#idOf())) await this.read();
    checkSuccessor(this.#known?.state, state, this.where);
    try {
      if (!this.#lock.backedUp && this.#known?.id !== '') await keepFile(this.where, this.backup);
      this.#lock.backedUp = true;
      await writeFileWhole(this.where, `${JSON.stringify(state, null, 1)}\n`);
    } catch (cause) {
      throw notWritten(this.where, 'cannot be written', cause);
    }
    this.#known = { id: await this.#idOf(), state: { lineage: state.lineage, serial: state.serial } };
  }

  async lock({ operation }: { readonly operation: string }): Promise<StateLock> {
    const lock = await lockFile(this.#lockFile, newLockInfo(operation, this.where)).catch((cause: unknown) => {
      if (cause instanceof Fault) throw cause;
      throw notWritten(this.where, 'cannot be locked', cause);
    });
    this.#lock = { info: lock.info, backedUp: false };
    return {
      ...lock,
      release: () => {
        this.#lock = undefined;
        return lock.release();
      },
    };
  }

  locked(): Promise<LockInfo | undefined> {
    return lockInFile(this.#lockFile);
  }

  unlock(id: string): Promise<LockInfo> {
    return unlockFile(this.#lockFile, id);
  }

  close(): void {}

  /** Empty: there is no file. */
  async #idOf(): Promise<string> {
    try {
      const { ino, size, mtimeNs } = await stat(this.where, { bigint: true });
      return `${ino} ${size} ${mtimeNs}`;
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    }
  }
}

function notWritten(file: string, what: string, cause: unknown): Fault {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const hint = 'make room on the disk, or let the directory be written to';
  return new Fault('state-failed', `the state ${file} ${what}: ${reason}`, { hint, cause });
}

function unreadable(file: string) {
  return (cause: unknown): never => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('state-invalid', `the state ${file} cannot be read: ${reason}`, { where: { file }, cause });
  };
}
