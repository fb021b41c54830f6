/** A directory on the control machine, taken apart for copying. */

import { readdirSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface LocalTree {
  readonly files: readonly { readonly from: string; readonly to: string }[];
  readonly directories: readonly string[];
  readonly links: readonly { readonly target: string; readonly to: string }[];
}

/**
 * Paths in it are relative to the directory's own, or, for a name without a slash at its end, begin with its last part.
 * Links are followed unless they lead nowhere or back up.
 */
export function walkTree(directory: string, follow: boolean): LocalTree {
  const tree = { files: [], directories: [], links: [] };
  const name = directory.endsWith('/') ? '' : basename(directory);
  walk(directory, name, { tree, follow, above: [] });
  return tree;
}

interface Walk {
  readonly tree: {
    files: { from: string; to: string }[];
    directories: string[];
    links: { target: string; to: string }[];
  };
  readonly follow: boolean;
  /** Real paths of the directories that are being walked. */
  readonly above: readonly string[];
}

function walk(directory: string, to: string, { tree, follow, above }: Walk): void {
  const real = realpathSync(directory);
  if (to !== '') tree.directories.push(to);
  for (const entry of readdirSync(directory, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const from = join(directory, entry.name);
    const path = to === '' ? entry.name : `${to}/${entry.name}`;
    const stat = statSync(from, { throwIfNoEntry: false });
    const isLink = entry.isSymbolicLink();
    const circular = isLink && stat?.isDirectory() && [real, ...above].includes(realpathSync(from));
    if (isLink && (!follow || !stat || circular)) tree.links.push({ target: readlinkSync(from), to: path });
    else if (stat?.isDirectory()) walk(from, path, { tree, follow, above: [real, ...above] });
    else if (stat?.isFile()) tree.files.push({ from, to: path });
  }
}
