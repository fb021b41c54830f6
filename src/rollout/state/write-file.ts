/** Files that are replaced as a whole, and are on the disk when that has happened: a reader, a kill or a power cut sees the old text or the new one. */

import { link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pid } from 'node:process';

/** What is written holds user-data, which may hold secrets: only its owner reads it. */
const MODE = 0o600;

export async function writeFileWhole(file: string, text: string): Promise<void> {
  const draft = draftOf(file);
  try {
    await rm(draft, { force: true });
    const handle = await open(draft, 'wx', MODE);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncDirectory(dirname(file));
}

/** Keeps what `file` is now as `copy`. Nothing is copied: files like these are replaced and never changed. */
export async function keepFile(file: string, copy: string): Promise<void> {
  const draft = draftOf(copy);
  await rm(draft, { force: true });
  await link(file, draft);
  await rename(draft, copy);
}

export function draftOf(file: string): string {
  return join(dirname(file), `.${basename(file).replace(/^\./, '')}.${pid}`);
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
