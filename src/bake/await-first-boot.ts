/** Waits until the tasks of a first boot are through on a host of the image. */

import { BOOT_UNIT } from '../play/first-boot/boot-files.ts';
import { BOOT_STATE } from '../play/first-boot/paths.ts';
import { sh } from '../shell/sh.ts';
import { read } from '../shell/steps.ts';
import type { Apply } from './sanitise.ts';

export interface FirstBoot {
  /** `none`: the image has no such tasks. */
  readonly ended: 'none' | 'done' | 'failed';
  /** What the unit wrote, its last lines. */
  readonly log: readonly string[];
}

/** As root. A unit that has failed is not started again: that a second attempt might do better is no comfort. */
export async function awaitFirstBoot(apply: Apply): Promise<FirstBoot> {
  const { failed, msg, values } = await apply([read(LOOK, ({ stdout }) => ({ said: stdout }))]);
  const [word = '', ...log] = String(values['said'] ?? '')
    .trimEnd()
    .split('\n');
  const ended = ENDS.find((one) => one === word);
  return ended && !failed
    ? { ended, log }
    : { ended: 'failed', log: [msg ?? 'the host did not say how its first boot fares'] };
}

const ENDS = ['none', 'done', 'failed'] as const;

/** To start a unit that is being started is to wait for it. In a subshell, for it may end early. */
const LOOK = sh`( u=${BOOT_UNIT}
  if [ ! -e /etc/systemd/system/"$u" ]; then echo none; exit 0; fi
  if [ ! -e ${BOOT_STATE}/done ] && [ "$(systemctl is-active "$u")" != failed ]; then systemctl start "$u" >/dev/null 2>&1; fi
  if [ -e ${BOOT_STATE}/done ]; then echo done; else echo failed; fi
  journalctl -t playbake-first-boot -o cat -n 30 2>/dev/null; : )`;
