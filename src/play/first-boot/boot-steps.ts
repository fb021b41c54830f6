/** Boot files onto a host. */

import { sh } from '../../shell/sh.ts';
import { ensure, fail, put, run, type Steps } from '../../shell/steps.ts';
import { BOOT_UNIT } from './boot-files.ts';
import type { BootFile } from './boot-plan.ts';
import { BOOT_DIRECTORY, BOOT_STATE } from './paths.ts';

/** An image that is made of another one forgets what that one's host did at its first boot. */
export function bootSteps(files: readonly BootFile[]): Steps {
  return [
    ensure(sh`command -v systemctl >/dev/null`, fail('tasks of the first boot need systemd on the host')),
    ensure(sh`[ -d ${BOOT_DIRECTORY} ]`, sh`mkdir -p -m 755 ${BOOT_DIRECTORY}`),
    run(sh`rm -rf ${BOOT_STATE}`, { changed: false, unless: sh`[ ! -e ${BOOT_STATE} ]`, result: () => ({}) }),
    ...files.map(({ path, mode, content }) => put(path, content, { owner: 'root', group: 'root', mode, secret: true })),
    ensure(sh`systemctl is-enabled ${BOOT_UNIT}`, sh`systemctl enable ${BOOT_UNIT}`),
  ];
}
