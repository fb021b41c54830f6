import { existsSync } from 'node:fs';
import { join } from 'node:path';

export function isInstalled(command: string): boolean {
  const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`;
  return path.split(':').some((directory) => existsSync(join(directory, command)));
}
