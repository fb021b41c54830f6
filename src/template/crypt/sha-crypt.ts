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

/** What a round hashes, with a hole for the digest of the round before. */
interface Round {
  readonly input: Buffer;
  readonly hole: number;
}

/** The inputs repeat every 42 rounds: with 2, 3 and 7 as periods of their parts. */
function roundsOf(p: Buffer, s: Buffer, size: number): readonly Round[] {
  return Array.from({ length: 42 }, (_, index) => {
    const inside = [...(index % 3 ? [s] : []), ...(index % 7 ? [p] : [])];
    const hole = Buffer.alloc(size);
    const parts = index & 1 ? [p, ...inside, hole] : [hole, ...inside, p];
    const input = Buffer.concat(parts);
    return { input, hole: index & 1 ? input.length - size : 0 };
  });
}

function stretched(first: Buffer, p: Buffer, s: Buffer, rounds: number, bits: Bits): Buffer {
  const { hash } = crypto();
  const inputs = roundsOf(p, s, first.length);
  let current = first;
  for (let i = 0; i < rounds; i++) {
    const { input, hole } = inputs[i % 42]!;
    current.copy(input, hole);
    current = hash(`sha${bits}`, input, 'buffer');
  }
  return current;
}

/** `$6$rounds=…$salt$…`; `rounds` are left out of the text when they are the usual 5000. */
export function shaCrypt(password: string, saltText: string, rounds: number, bits: Bits): string {
  const [key, salt] = [Buffer.from(password), Buffer.from(saltText.slice(0, 16))];
  const first = firstDigest(bits, key, salt);
  const p = repeated(digest(bits, ...Array<Buffer>(key.length).fill(key)), key.length);
  const s = repeated(digest(bits, ...Array<Buffer>(16 + first[0]!).fill(salt)), salt.length);
  const last = stretched(first, p, s, rounds, bits);
  let text = '';
  for (const [a, b, c] of order(bits)) text += encode24(last[a]!, last[b]!, last[c]!, 4);
  text += bits === 512 ? encode24(0, 0, last[63]!, 2) : encode24(0, last[31]!, last[30]!, 3);
  const shown = rounds === 5000 ? '' : `rounds=${rounds}$`;
  return `$${bits === 512 ? 6 : 5}$${shown}${saltText.slice(0, 16)}$${text}`;
}
