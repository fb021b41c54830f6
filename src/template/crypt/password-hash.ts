import { PythonError } from '../../value/python-error.ts';
import { crypto } from '../on-demand.ts';
import { ALPHABET } from './crypt-text.ts';
import { md5Crypt } from './md5-crypt.ts';
import { shaCrypt } from './sha-crypt.ts';

export interface HashSettings {
  /** `sha512`, `sha256` or `md5`, also with `_crypt` behind. */
  readonly type: string;
  /** Default: a new one. */
  readonly salt?: string | undefined;
  readonly saltSize?: number | undefined;
  /** Default: passlib's, 656000 for sha512 and 535000 for sha256. */
  readonly rounds?: number | undefined;
}

/** Hashing takes seconds with the default rounds; the same question has the same answer. */
const known = new Map<string, string>();

/** A password as /etc/shadow holds it. Throws a PythonError for what crypt(3) here does not know. */
export function hashPassword(password: string, { type, salt, saltSize, rounds }: HashSettings): string {
  const kind = type.replace(/_crypt$/, '');
  const given = salt ?? newSalt(saltSize ?? (kind === 'md5' ? 8 : 16));
  if (!/^[./0-9A-Za-z]*$/.test(given))
    throw new PythonError(`the salt of a password hash holds other characters than ${ALPHABET}`);
  const question = JSON.stringify([kind, password, given, rounds]);
  const answer = known.get(question) ?? hashed(password, kind, given, rounds);
  known.set(question, answer);
  return answer;
}

function hashed(password: string, kind: string, salt: string, rounds: number | undefined): string {
  switch (kind) {
    case 'sha512':
      return shaCrypt(password, salt, rounds ?? 656_000, 512);
    case 'sha256':
      return shaCrypt(password, salt, rounds ?? 535_000, 256);
    case 'md5':
      return md5Crypt(password, salt);
    case 'blowfish':
    case 'bcrypt':
      throw new PythonError('playbake cannot hash passwords with blowfish (bcrypt) yet; use sha512');
    default:
      throw new PythonError(`${kind} is not in the list of supported algorithms: md5, sha256, sha512`);
  }
}

export function newSalt(length: number): string {
  return Array.from(crypto().randomBytes(length), (byte) => ALPHABET[byte & 63]).join('');
}
