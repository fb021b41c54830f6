/** Node's modules and packages that few templates need, loaded when they are first used: a start must be quick. */

import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

export function crypto(): typeof import('node:crypto') {
  return require('node:crypto');
}

export function childProcess(): typeof import('node:child_process') {
  return require('node:child_process');
}

export function jmespath(): { search(data: unknown, expression: string): unknown } {
  return require('jmespath');
}
