/** crypt(3) with SHA-256 (`$5$`) and SHA-512 (`$6$`), after Ulrich Drepper's specification. */

import { crypto } from '../on-demand.ts';
import { encode24, repeated } from './crypt-text.ts';

type Bits = 256 | 512;
type Triple = readonly [number, number, number];

/** Which bytes of the digest make which four characters. */
function order(bits: Bits): readonly Triple[] {
  const step = bits === 512 ? 21 : 10;
  const triples: Triple[] = [];
  let triple: Triple = [0, step, 2 * step];
  for (let i = 0; i < step; i++) {
    triples.push(triple);
    const [a, b, c] = triple;
    triple = bits === 512 ? [b + 1, c + 1, a + 1] : [c + 1, a + 1, b + 1];
  }
  return triples;
}

function digest(bits: Bits, ...parts: readonly (Buffer | string)[]): Buffer {
  const hash = crypto().createHash(`sha${bits}`);
  for (const part of parts) hash.update(part);
  return hash.digest();
}

/** The first digest: password and salt, mixed with their alternate digest by the bits of the password's length. */
function firstDigest(bits: Bits, key: Buffer, salt: Buffer): Buffer {
  const alternate = digest(bits, key, salt, key);
  const parts = [key, salt, repeated(alternate, key.length)];
  for (let length = key.length; length > 0; length >>= 1) parts.push(length & 1 ? alternate : key);
  return digest(bits, ...parts);
}

/** `$6$rounds=…$salt$…`; `rounds` are left out of the text when they are the usual 5000. */
export function shaCrypt(password: string, saltText: string, rounds: number, bits: Bits): string {
  const [key, salt] = [Buffer.from(password), Buffer.from(saltText.slice(0, 16))];
  let current = firstDigest(bits, key, salt);
  const p = repeated(digest(bits, ...Array<Buffer>(key.length).fill(key)), key.length);
  const s = repeated(digest(bits, ...Array<Buffer>(16 + current[0]!).fill(salt)), salt.length);
  for (let i = 0; i < rounds; i++) {
    const inside = [...(i % 3 ? [s] : []), ...(i % 7 ? [p] : [])];
    current = i & 1 ? digest(bits, p, ...inside, current) : digest(bits, current, ...inside, p);
  }
  let text = '';
  for (const [a, b, c] of order(bits)) text += encode24(current[a]!, current[b]!, current[c]!, 4);
  text += bits === 512 ? encode24(0, 0, current[63]!, 2) : encode24(0, current[31]!, current[30]!, 3);
  const shown = rounds === 5000 ? '' : `rounds=${rounds}$`;
  return `$${bits === 512 ? 6 : 5}$${shown}${saltText.slice(0, 16)}$${text}`;
}
