/** What cloud-init is told: the machine's SSH host key, so that we know the machine from the first word on. */

import { BOOT_STATE } from '../play/first-boot/paths.ts';
import { script, sh } from '../shell/sh.ts';
import type { KeyFiles } from './ssh-files.ts';

/** @param purpose the build machine is no host of its base image: it leaves the tasks of that one's first boot undone. */
export function userData(host: KeyFiles, purpose: 'build' | 'test'): string {
  const lines = host.private.trim().split('\n');
  return [
    '#cloud-config',
    'ssh_deletekeys: true',
    'ssh_genkeytypes: [ed25519]',
    'ssh_keys:',
    '  ed25519_private: |',
    ...lines.map((line) => `    ${line}`),
    `  ed25519_public: ${host.public} playbake`,
    ...(purpose === 'build' ? ['bootcmd:', `  - mkdir -p ${BOOT_STATE}`, `  - touch ${BOOT_STATE}/done`] : []),
    '',
  ].join('\n');
}

/** Waits until cloud-init is through, where there is one: it would fight with the playbook over the package lock. */
export const AWAIT_CLOUD_INIT = sh`${script('if command -v cloud-init >/dev/null 2>&1; then cloud-init status --wait >/dev/null 2>&1; fi; :')}`;
