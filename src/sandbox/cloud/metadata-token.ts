/** Tokens of instance metadata. They say themselves until when and for whom they are, so that they outlive the server. */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { textOf, writeWhole } from '../files.ts';

export class MetadataTokens {
  readonly #secret: string;

  private constructor(secret: string) {
    this.#secret = secret;
  }

  /** `file` keeps the secret that tokens are signed with. */
  static async open(file: string): Promise<MetadataTokens> {
    const kept = (await textOf(file))?.trim();
    const secret = kept || randomBytes(32).toString('hex');
    if (secret !== kept) await writeWhole(file, `${secret}\n`, 0o600);
    return new MetadataTokens(secret);
  }

  /** `seconds` is how long it is good for. */
  issue(instanceId: string, seconds: number, now = Date.now()): string {
    const until = (now + seconds * 1000).toString(36);
    return `${until}.${this.#sign(instanceId, until)}`;
  }

  /** The seconds that a token is still good for; undefined when it is none of this instance, or too old. */
  remaining(instanceId: string, token: string, now = Date.now()): number | undefined {
    const [until = '', signature = ''] = token.split('.');
    const [given, right] = [Buffer.from(signature), Buffer.from(this.#sign(instanceId, until))];
    if (given.length !== right.length || !timingSafeEqual(given, right)) return undefined;
    const left = Number.parseInt(until, 36) - now;
    return left > 0 ? Math.ceil(left / 1000) : undefined;
  }

  #sign(instanceId: string, until: string): string {
    return createHmac('sha256', this.#secret).update(`${instanceId} ${until}`).digest('base64url');
  }
}
