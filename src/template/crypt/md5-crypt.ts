/** crypt(3) with MD5 (`$1$`), after Poul-Henning Kamp's. */

import { crypto } from '../on-demand.ts';
import { encode24, repeated } from './crypt-text.ts';

function digest(...parts: readonly (Buffer | string)[]): Buffer {
  const hash = crypto().createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

const ROUNDS = 1000;
const ORDER = [
  [0, 6, 12],
  [1, 7, 13],
  [2, 8, 14],
  [3, 9, 15],
  [4, 10, 5],
] as const;

export function md5Crypt(password: string, saltText: string): string {
  const [key, salt] = [Buffer.from(password), Buffer.from(saltText.slice(0, 8))];
  const parts = [key, Buffer.from('$1$'), salt, repeated(digest(key, salt, key), key.length)];
  for (let length = key.length; length > 0; length >>= 1) {
    parts.push(length & 1 ? Buffer.from([0]) : key.subarray(0, 1));
  }
  let current = digest(...parts);
  for (let i = 0; i < ROUNDS; i++) {
    const inside = [...(i % 3 ? [salt] : []), ...(i % 7 ? [key] : [])];
    current = i & 1 ? digest(key, ...inside, current) : digest(current, ...inside, key);
  }
  let text = '';
  for (const [a, b, c] of ORDER) text += encode24(current[a]!, current[b]!, current[c]!, 4);
  return `$1$${saltText.slice(0, 8)}$${text}${encode24(0, 0, current[11]!, 2)}`;
}
