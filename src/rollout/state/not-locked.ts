import { Fault } from '../../fault.ts';
import type { LockInfo } from './lock-info.ts';

/** The fault of one who wants to remove a lock that is not there. */
export function notLocked(id: string, holder: LockInfo | undefined): Fault {
  const hint = holder && `the state's lock is ${holder.ID}, of ${holder.Who} since ${holder.Created}`;
  return new Fault('state-missing', `the state has no lock ${id}${holder ? '' : '; it is not locked'}`, { hint });
}
