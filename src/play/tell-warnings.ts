import type { Fault, Findings } from '../fault.ts';
import type { Emit } from './events.ts';

/** Emits the warnings found since it was last asked; what is said of several places is said once, with the other places. */
export function tellWarnings(findings: Findings, emit: Emit): void {
  const alike = new Map<string, Fault[]>();
  for (const warning of findings.warnings.splice(0)) {
    const key = `${warning.code} ${warning.message}`;
    alike.set(key, [...(alike.get(key) ?? []), warning]);
  }
  for (const [first, ...others] of alike.values()) {
    if (!first) continue;
    const { message, where, hint } = first;
    const more = others.length > 0 ? ` (so too at ${others.map(place).join(', ')})` : '';
    emit({ type: 'warning', message: message + more, ...(where && { where }), ...(hint !== undefined && { hint }) });
  }
}

function place({ where }: Fault): string {
  return where === undefined ? 'another place' : `${where.file.replace(/^.*\//, '')}:${where.line ?? 1}`;
}
