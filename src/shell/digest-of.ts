import { createHash } from 'node:crypto';
import { type Bytes, piecesOf } from './bytes.ts';

/** In hexadecimal. A text is UTF-8. */
export function digestOf(kind: 'sha256' | 'sha1' | 'md5', content: string | Bytes): string {
  const hash = createHash(kind);
  if (typeof content === 'string') hash.update(content);
  else for (const piece of piecesOf(content)) hash.update(piece);
  return hash.digest('hex');
}
