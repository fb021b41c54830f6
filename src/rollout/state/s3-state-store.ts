/** The state in an object in S3; its lock and its backup are objects beside it. Needs GetObject, PutObject and DeleteObject. */

import { asFault, codeOf } from '../../cloud/cloud-error.ts';
import { Fault } from '../../fault.ts';
import { type LockInfo, newLockInfo } from './lock-info.ts';
import { checkSuccessor } from './next-state.ts';
import { parseState } from './parse-state.ts';
import { lockInS3, lockS3, unlockS3 } from './s3-lock.ts';
import { type Kept, S3Object, type S3ObjectOptions } from './s3-object.ts';
import type { State } from './state.ts';
import type { StateLock, StateStore } from './state-store.ts';

export class S3StateStore implements StateStore {
  readonly where: string;
  readonly #object: S3Object;
  readonly #lockObject: S3Object;
  readonly #backup: S3Object;
  readonly #options: S3ObjectOptions;
  /** What was read or written last, and of which state it is. */
  #known: { readonly kept: Kept | undefined; readonly state: Identity | undefined } | undefined;
  /** Undefined: we do not have it. */
  #lock: { backedUp: boolean } | undefined;

  constructor(options: S3ObjectOptions) {
    this.#options = options;
    this.#object = new S3Object(options);
    this.#lockObject = new S3Object({ ...options, key: `${options.key}.lock.info` });
    this.#backup = new S3Object({ ...options, key: `${options.key}.backup` });
    this.where = this.#object.where;
  }

  async read(): Promise<State | undefined> {
    const kept = await this.#told(() => this.#object.get());
    const state = kept && parseState(kept.text, this.where, this.#backup.where);
    this.#known = { kept, state };
    return state;
  }

  async write(state: State): Promise<void> {
    const lock = this.#lock;
    if (!lock) throw new Error('the state is written without its lock');
    if (this.#known === undefined) await this.read();
    const { kept, state: before } = this.#known ?? {};
    checkSuccessor(before, state, this.where);
    if (!lock.backedUp && kept) await this.#told(() => this.#backup.put(kept.text));
    lock.backedUp = true;
    const text = `${JSON.stringify(state, null, 1)}\n`;
    const etag = await this.#told(() => this.#object.replace(kept, text));
    if (etag === undefined) {
      // It says what is wrong, but where somebody has put back just what was there.
      checkSuccessor(await this.read(), state, this.where);
      return this.write(state);
    }
    this.#known = { kept: { text, etag }, state: { lineage: state.lineage, serial: state.serial } };
  }

  async lock({ operation }: { readonly operation: string }): Promise<StateLock> {
    const lock = await this.#told(() => lockS3(this.#lockObject, newLockInfo(operation, this.where)));
    this.#lock = { backedUp: false };
    return {
      ...lock,
      release: () => {
        this.#lock = undefined;
        return this.#told(lock.release);
      },
    };
  }

  locked(): Promise<LockInfo | undefined> {
    return this.#told(() => lockInS3(this.#lockObject));
  }

  unlock(id: string): Promise<LockInfo> {
    return this.#told(() => unlockS3(this.#lockObject, id));
  }

  close(): void {
    this.#options.s3.destroy();
  }

  /** Lets errors of S3 say what they mean for a state. */
  async #told<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw explained(error, this.#options.bucket, this.where);
    }
  }
}

type Identity = Pick<State, 'lineage' | 'serial'>;

function explained(cause: unknown, bucket: string, where: string): unknown {
  const code = codeOf(cause);
  if (code === 'NoSuchBucket') {
    return new Fault('config-invalid', `the state ${where} has no place: there is no bucket ${bucket}`, {
      hint: `make it (\`aws s3 mb s3://${bucket}\`, best with versions), or correct  state:  in playbake.yml`,
      cause,
    });
  }
  if (
    code === 'PermanentRedirect' ||
    code === 'AuthorizationHeaderMalformed' ||
    code === 'IllegalLocationConstraintException'
  ) {
    return new Fault('config-invalid', `the bucket ${bucket} of the state is in another region`, {
      hint: `write  state: { bucket: ${bucket}, key: …, region: … }  into playbake.yml`,
      cause,
    });
  }
  const fault = asFault(cause);
  if (!(fault instanceof Fault) || fault.code !== 'cloud-denied') return fault;
  const hint = `the state ${where} needs s3:GetObject, s3:PutObject and s3:DeleteObject on it and what begins like it, and s3:ListBucket on its bucket (without it, S3 refuses to say that an object is not there)`;
  return new Fault('cloud-denied', fault.message, { hint, cause });
}
