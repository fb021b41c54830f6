/** The base64 of a public key line: what stays the same whatever options and comments stand around it. */

const BLOB = /(?:^|\s)(AAAA[A-Za-z0-9+/]+={0,3})(?:\s|$)/;

export function publicKeyBlob(line: string): string {
  const blob = BLOB.exec(line)?.[1];
  if (blob === undefined) throw new TypeError('a public key is `TYPE BASE64 COMMENT`');
  return blob;
}
