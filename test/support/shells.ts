import { isInstalled } from './is-installed.ts';

/** The shells of this machine that programs must run on, each with its command line. */
export const SHELLS: readonly (readonly [name: string, argv: readonly string[]])[] = [
  ['sh', ['/bin/sh']] as const,
  ...(isInstalled('dash') ? [['dash', ['dash']] as const] : []),
  ...(isInstalled('bash') ? [['bash', ['bash']] as const] : []),
  ...(isInstalled('busybox') ? [['busybox sh', ['busybox', 'sh']] as const] : []),
];
