/** `write_files` of a cloud-config, compiled to shell. Source: cloud-init's cc_write_files.py. */

import { gunzipSync } from 'node:zlib';
import { quote } from '../../shell/sh.ts';
import type { Plain } from '../../value/value.ts';
import { type Config, ConfigError, isConfig, isList, textAt } from './cloud-config.ts';

/** Lines that write the files which are `deferred`, or those which are not; one that is wrong is told, and left out. Throws ConfigError. */
export function fileLines(files: Plain | undefined, { deferred }: { readonly deferred: boolean }): readonly string[] {
  if (files === undefined || files === null) return [];
  if (!isList(files)) throw new ConfigError('write_files must be a list');
  return files.flatMap((file) => {
    if ((isConfig(file) && file['defer'] === true) !== deferred) return [];
    try {
      return [linesOf(file)];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return [`say ${quote(error.message)}`];
    }
  });
}

function linesOf(file: Plain): string {
  if (!isConfig(file)) throw new ConfigError('write_files: an entry is no mapping');
  const path = textAt(file, 'path');
  if (path === undefined || !path.startsWith('/')) {
    throw new ConfigError(`write_files: ${JSON.stringify(path ?? '')} is no absolute path`);
  }
  if (file['source'] !== undefined)
    throw new ConfigError(`write_files: the sandbox does not fetch the source of ${path}`);
  const base64 = contentOf(file)
    .toString('base64')
    .replace(/(.{76})/g, '$1\n');
  const words = [
    path,
    modeOf(file),
    textAt(file, 'owner') ?? 'root:root',
    file['append'] === true ? 'append' : 'write',
  ];
  return `write_file ${words.map(quote).join(' ')} <<'END-OF-FILE'\n${base64}\nEND-OF-FILE`;
}

function contentOf(file: Config): Buffer {
  const content = textAt(file, 'content') ?? '';
  const encoding = (textAt(file, 'encoding') ?? 'text/plain').toLowerCase();
  switch (encoding) {
    case 'text/plain':
      return Buffer.from(content);
    case 'b64':
    case 'base64':
      return Buffer.from(content, 'base64');
    case 'gz':
    case 'gzip':
      return unzipped(Buffer.from(content, 'latin1'));
    case 'gz+b64':
    case 'gz+base64':
    case 'gzip+b64':
    case 'gzip+base64':
      return unzipped(Buffer.from(content, 'base64'));
    default:
      throw new ConfigError(`write_files: the encoding ${encoding} is not known`);
  }
}

function unzipped(bytes: Buffer): Buffer {
  try {
    return gunzipSync(bytes);
  } catch {
    throw new ConfigError('write_files: a content is not compressed as its encoding says');
  }
}

/** A number is one that YAML has read, with its leading zero, as octal. */
function modeOf(file: Config): string {
  const given = file['permissions'];
  if (given === undefined || given === null) return '0644';
  const mode = typeof given === 'number' ? given.toString(8).padStart(4, '0') : String(given).replace(/^0o/, '0');
  if (/^[0-7]{3,5}$/.test(mode)) return mode;
  throw new ConfigError(`write_files: ${JSON.stringify(given)} are no permissions`);
}
