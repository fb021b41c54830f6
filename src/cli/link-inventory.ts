/** `inventory/ec2_instances.ini` in the working directory, so that `--inventory ec2_instances` finds the sandbox's hosts. */

import { existsSync, lstatSync, mkdirSync, readlinkSync, rmdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const NAME = 'ec2_instances';
const ENDINGS = ['', '.ini', '.yml', '.yaml'];

/** The link's path from the directory; undefined where an inventory of that name is there already, which is left alone. */
export function linkInventory(directory: string, file: string): string | undefined {
  const link = join(directory, 'inventory', `${NAME}.ini`);
  const taken = ENDINGS.map((ending) => join(directory, 'inventory', NAME + ending)).find((path) => isThere(path));
  if (taken !== undefined) return pointsTo(link, file) ? link : undefined;
  mkdirSync(join(directory, 'inventory'), { recursive: true });
  symlinkSync(file, link);
  return link;
}

/** Removes the link again, and the directory when it held nothing else. */
export function unlinkInventory(directory: string, file: string): void {
  const link = join(directory, 'inventory', `${NAME}.ini`);
  if (!pointsTo(link, file)) return;
  rmSync(link);
  try {
    rmdirSync(join(directory, 'inventory'));
  } catch {
    // It holds other inventories.
  }
}

/** A link whose file is gone is there all the same. */
function isThere(path: string): boolean {
  return existsSync(path) || lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function pointsTo(link: string, file: string): boolean {
  return lstatSync(link, { throwIfNoEntry: false })?.isSymbolicLink() === true && readlinkSync(link) === file;
}
