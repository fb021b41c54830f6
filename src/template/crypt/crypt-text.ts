/** The alphabet of crypt(3). */
export const ALPHABET = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** `length` characters of 24 bits, the lowest bits first. */
export function encode24(high: number, middle: number, low: number, length: number): string {
  let bits = (high << 16) | (middle << 8) | low;
  let text = '';
  for (let i = 0; i < length; i++) {
    text += ALPHABET[bits & 63];
    bits >>= 6;
  }
  return text;
}

/** The digest repeated to a length. */
export function repeated(digest: Buffer, length: number): Buffer {
  const out = Buffer.alloc(length);
  for (let i = 0; i < length; i++) out[i] = digest[i % digest.length]!;
  return out;
}
