/** Access and modification times as the file module takes them. */

import { ensure, type Sh, type Step, type Steps, sh } from '../../src/module/module.ts';

export interface Timestamps {
  readonly access: string;
  readonly modification: string;
}

/** `preserve`, `now`, or `YYYYMMDDhhmm.SS` in the host's time zone, as `touch -t` takes it. */
export function isTime(time: string): boolean {
  return time === 'preserve' || time === 'now' || /^\d{12}\.\d{2}$/.test(time);
}

export function timestamps(target: Sh, { access, modification }: Timestamps): Steps {
  return [stamp(target, 'a', access), stamp(target, 'm', modification)];
}

function stamp(target: Sh, which: 'a' | 'm', time: string): Step | undefined {
  if (time === 'preserve') return undefined;
  const field = which === 'a' ? sh`%X` : sh`%Y`;
  const option = which === 'a' ? sh`-a` : sh`-m`;
  if (time === 'now') return ensure(sh`false`, sh`touch -c ${option} -- ${target}`);
  return ensure(
    sh`t=$pb_d/time && touch -t ${time} -- "$t" && [ "$(stat -c %Y -- "$t")" = "$(stat -c ${field} -- ${target})" ]`,
    sh`touch -c ${option} -t ${time} -- ${target}`,
  );
}
