/** User-data as cloud-init reads it: a script, a cloud-config, or several parts in a MIME archive; maybe compressed. */

import { gunzipSync } from 'node:zlib';
import { type MimeEntity, messageOf, partsOf } from './mime.ts';

export type UserDataPart =
  | { readonly kind: 'script' | 'boothook'; readonly content: Buffer }
  | { readonly kind: 'config'; readonly text: string }
  /** What cloud-init would do nothing with, and what to say of it. */
  | { readonly kind: 'unknown'; readonly why: string };

const KINDS_BY_TYPE: Readonly<Record<string, 'script' | 'boothook' | 'config'>> = {
  'text/x-shellscript': 'script',
  'text/cloud-boothook': 'boothook',
  'text/cloud-config': 'config',
};

/** Types that cloud-init knows and the sandbox does not. */
const KNOWN_TYPES: Readonly<Record<string, string>> = {
  'text/x-include-url': '#include',
  'text/x-include-once-url': '#include-once',
  'text/cloud-config-archive': '#cloud-config-archive',
  'text/cloud-config-jsonp': '#cloud-config-jsonp',
  'text/jinja2': '## template: jinja',
  'text/part-handler': '#part-handler',
  'text/x-shellscript-per-boot': 'a script for every boot',
  'text/x-shellscript-per-instance': 'a script for every instance',
  'text/x-shellscript-per-once': 'a script for one boot',
};

/** The parts of the user-data, in order; none of empty ones. Source: cloud-init's user_data.py and handlers. */
export function readUserData(bytes: Buffer): readonly UserDataPart[] {
  const content = unpacked(bytes);
  if (content.length === 0) return [];
  // As cloud-init tells an archive: by its first four kilobytes.
  const isArchive = content.subarray(0, 4096).toString('latin1').toLowerCase().includes('mime-version:');
  return isArchive ? entity(messageOf(content)) : [part(typeOfContent(content), content)];
}

function entity(message: MimeEntity): readonly UserDataPart[] {
  if (message.type.startsWith('multipart/')) return partsOf(message).flatMap(entity);
  const content = unpacked(message.content);
  if (content.length === 0) return [];
  // These types say nothing; what the content begins with does.
  const plain = ['text/plain', 'text/x-not-multipart', 'application/gzip', 'application/x-gzip'].includes(message.type);
  return [part(plain || content !== message.content ? typeOfContent(content) : message.type, content)];
}

function part(type: string, content: Buffer): UserDataPart {
  const kind = KINDS_BY_TYPE[type];
  if (kind === 'config') return { kind, text: content.toString('utf8') };
  if (kind !== undefined) return { kind, content };
  const known = KNOWN_TYPES[type];
  if (known !== undefined) return { kind: 'unknown', why: `the sandbox does not do ${known} in user-data` };
  const start = JSON.stringify(content.subarray(0, 30).toString('latin1'));
  return { kind: 'unknown', why: `Unhandled non-multipart (${type}) userdata: ${start}...` };
}

const STARTS: readonly (readonly [string, string])[] = [
  ['#!', 'text/x-shellscript'],
  ['#cloud-boothook', 'text/cloud-boothook'],
  ['#cloud-config-archive', 'text/cloud-config-archive'],
  ['#cloud-config-jsonp', 'text/cloud-config-jsonp'],
  ['#cloud-config', 'text/cloud-config'],
  ['#include-once', 'text/x-include-once-url'],
  ['#include', 'text/x-include-url'],
  ['#part-handler', 'text/part-handler'],
  ['## template: jinja', 'text/jinja2'],
];

function typeOfContent(content: Buffer): string {
  const start = content.subarray(0, 40).toString('latin1');
  return STARTS.find(([mark]) => start.startsWith(mark))?.[1] ?? 'text/x-not-multipart';
}

function unpacked(bytes: Buffer): Buffer {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes);
  } catch {
    // Told as what it is: content that nobody knows.
    return bytes;
  }
}
