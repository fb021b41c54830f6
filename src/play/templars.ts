import type { Fault } from '../fault.ts';
import { type OutsideRead, Templar, type TemplarOptions } from '../template/templar.ts';
import type { Emit } from './events.ts';
import type { Reads } from './reads.ts';
import type { World } from './world.ts';

/** One templar per search path, and per host where what they read is told: templates are compiled once anyway. */
export function templars(
  emit: Emit,
  reads: Reads | undefined,
  options: Pick<TemplarOptions, 'now' | 'onLookup'> = {},
): World['templar'] {
  const made = new Map<string, Templar>();
  const onWarning = ({ message, where, hint }: Fault) =>
    emit({ type: 'warning', message, ...(where && { where }), ...(hint !== undefined && { hint }) });
  return (searchPath, host) => {
    const reader = reads && host !== undefined ? { reads, host } : undefined;
    const key = [...(reader ? [reader.host] : []), ...searchPath].join('\0');
    let templar = made.get(key);
    if (!templar) {
      const onRead = reader && ((read: OutsideRead) => reader.reads.outside(reader.host, read));
      templar = new Templar({ searchPath, onWarning, onRead, ...options });
      made.set(key, templar);
    }
    return templar;
  };
}
