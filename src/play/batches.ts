/** `serial`: how many hosts at a time. */

import { Fault } from '../fault.ts';
import type { Play } from '../playbook/types.ts';
import { whereOf } from '../value/source.ts';
import { isList, type Value } from '../value/value.ts';

/** The last size is used for all hosts that are left; sizes are numbers or percentages of all hosts. */
export function batches<T>(hosts: readonly T[], serial: Value | undefined, play: Play): readonly (readonly T[])[] {
  if (serial === undefined || serial === null || hosts.length === 0) return [hosts];
  const sizes = (isList(serial) ? serial : [serial]).map((size) => batchSize(size, hosts.length, play));
  const result: T[][] = [];
  let start = 0;
  for (let index = 0; start < hosts.length; index++) {
    const size = sizes[Math.min(index, sizes.length - 1)] ?? 0;
    const end = size <= 0 ? hosts.length : start + size;
    result.push(hosts.slice(start, end));
    start = end;
  }
  return result;
}

function batchSize(size: Value, total: number, play: Play): number {
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(String(size));
  if (percent) return Math.max(1, Math.floor((Number(percent[1]) / 100) * total));
  const number = Number(size);
  if (Number.isInteger(number)) return number;
  throw new Fault('value-invalid', `serial: ${String(size)} is neither a number of hosts nor a percentage`, {
    where: whereOf(play.keywords, 'serial') ?? play.where,
  });
}
