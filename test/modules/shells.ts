/** The shells and userlands that module cases run in. */

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Shell {
  readonly name: 'dash' | 'bash' | 'busybox';
  /** A program that takes the place of `/bin/sh`. */
  readonly path: string;
}

/** Every one that is installed. `busybox` comes with its own userland. */
export function availableShells(directory: string): readonly Shell[] {
  const found: Shell[] = [];
  for (const name of ['dash', 'bash'] as const) {
    const path = `/bin/${name}`;
    if (existsSync(path)) found.push({ name, path });
  }
  const busybox = ['/bin/busybox', '/usr/bin/busybox'].find((path) => existsSync(path));
  if (busybox) found.push({ name: 'busybox', path: busyboxShell(busybox, directory) });
  return found;
}

function busyboxShell(busybox: string, directory: string): string {
  const bin = join(directory, 'busybox');
  mkdirSync(bin);
  for (const applet of execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n')) {
    symlinkSync(busybox, join(bin, applet));
  }
  const path = join(directory, 'busybox-sh');
  writeFileSync(path, `#!/bin/sh\nPATH=${bin}:$PATH exec ${bin}/sh "$@"\n`);
  chmodSync(path, 0o755);
  return path;
}
