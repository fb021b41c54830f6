import type { Findings } from '../fault.ts';
import type { Emit } from './events.ts';

/** Emits the warnings that have been found since it was last asked. */
export function tellWarnings(findings: Findings, emit: Emit): void {
  for (const { message, where, hint } of findings.warnings.splice(0)) {
    emit({ type: 'warning', message, ...(where && { where }), ...(hint !== undefined && { hint }) });
  }
}
