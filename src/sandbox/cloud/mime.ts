/** MIME messages, as far as user-data has them. Source: RFC 2045 and 2046. */

export interface MimeEntity {
  /** In lower case, such as `text/x-shellscript`; `text/plain` where nothing is said. */
  readonly type: string;
  readonly boundary: string | undefined;
  /** Without its transfer encoding. */
  readonly content: Buffer;
}

export function messageOf(bytes: Buffer): MimeEntity {
  // One character a byte, so that what is not text stays what it is.
  const text = bytes.toString('latin1');
  const [, head = '', body = ''] = /^(.*?)(?:\r?\n){2}(.*)$/s.exec(text) ?? ['', text, ''];
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const [, name, value] = /^([^:\s]+)\s*:\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) headers.set(name.toLowerCase(), value.trim());
  }
  const type = headers.get('content-type') ?? 'text/plain';
  return {
    type: (type.split(';')[0] ?? '').trim().toLowerCase(),
    boundary: /;\s*boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(type)?.slice(1).find(Boolean),
    content: decoded(body, headers.get('content-transfer-encoding') ?? '7bit'),
  };
}

/** The entities between the boundaries of a multipart one. */
export function partsOf({ boundary, content }: MimeEntity): readonly MimeEntity[] {
  if (boundary === undefined) return [];
  const mark = boundary.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const between = `\n${content.toString('latin1')}`.split(new RegExp(`\\r?\\n--${mark}(--)?[ \\t]*(?=\\r?\\n|$)`));
  const parts: MimeEntity[] = [];
  // Texts and what ended them (`--` at the end of all) take turns; what stands before the first boundary is no part.
  for (let at = 2; at < between.length; at += 2) {
    if (between[at - 1] !== undefined) break;
    parts.push(messageOf(Buffer.from((between[at] ?? '').replace(/^\r?\n/, ''), 'latin1')));
  }
  return parts;
}

function decoded(body: string, encoding: string): Buffer {
  if (/^base64$/i.test(encoding)) return Buffer.from(body, 'base64');
  if (!/^quoted-printable$/i.test(encoding)) return Buffer.from(body, 'latin1');
  const plain = body
    .replace(/[ \t]*=\r?\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}
