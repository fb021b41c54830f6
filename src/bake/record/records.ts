/** What is on record of images: `.playbake/images/IMAGE.json`, one file each, made to be kept in git. */

import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '../../fault.ts';
import type { Fingerprint } from '../fingerprint/fingerprint.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { validator } from './shape-validators.ts';

export interface ImageRecord {
  readonly version: 1;
  readonly imageId: string;
  readonly region: string;
  readonly manifest: Manifest;
  readonly fingerprint: Fingerprint;
}

export class Records {
  readonly directory: string;

  /** @param project the directory that `.playbake/` is in. */
  constructor(project: string) {
    this.directory = join(project, '.playbake', 'images');
  }

  /** Undefined where there is none. Throws `record-invalid` for a file that is no record. */
  read(imageId: string): ImageRecord | undefined {
    const file = this.fileOf(imageId);
    if (!existsSync(file)) return undefined;
    const record = parse(readFileSync(file, 'utf8'));
    if (isRecord(record) && record.imageId === imageId) return record;
    throw new Fault('record-invalid', `${file} is no record of the image ${imageId}`, {
      where: { file },
      hint: 'take it back from git, or remove it: a bake then makes the image anew',
    });
  }

  /** The file appears whole or not at all. Gives its path. */
  write(record: ImageRecord): string {
    mkdirSync(this.directory, { recursive: true });
    const file = this.fileOf(record.imageId);
    const half = `${file}.${process.pid}`;
    writeFileSync(half, `${JSON.stringify(record, null, 1)}\n`);
    renameSync(half, file);
    return file;
  }

  remove(imageId: string): void {
    rmSync(this.fileOf(imageId), { force: true });
  }

  /** Ids of images. */
  list(): readonly string[] {
    if (!existsSync(this.directory)) return [];
    const names = readdirSync(this.directory).filter((name) => /^ami-[\w-]+\.json$/.test(name));
    return names.map((name) => name.slice(0, -'.json'.length)).sort();
  }

  fileOf(imageId: string): string {
    if (/^ami-[\w-]+$/.test(imageId)) return join(this.directory, `${imageId}.json`);
    throw new Fault('option-invalid', `"${imageId}" is no id of an image`, { hint: 'an id begins with ami-' });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function isRecord(value: unknown): value is ImageRecord {
  return validator('record')(value);
}

export function isManifest(value: unknown): value is Manifest {
  return validator('manifest')(value);
}
