/** Attributes and what becomes of them, as Terraform prints them. */

import type { AttributeChange } from '../rollout/plan/plan.ts';
import { paint, type Tone } from './color.ts';

/** A value that only the cloud knows. */
export const KNOWN_LATER = { later: true } as const;

const TONES = { '+': 'added', '-': 'removed', '~': 'changed' } as const satisfies Record<string, Tone>;

export type Mark = keyof typeof TONES;

/** Lines, their names as wide as the widest. */
export function attributeLines(attributes: readonly AttributeChange[], mark: Mark, color: boolean): readonly string[] {
  const width = Math.max(...attributes.map(({ name }) => name.length), 0);
  const sign = paint(mark, TONES[mark], color);
  return attributes.flatMap(({ name, before, after, forcesReplacement }) => {
    const forces = forcesReplacement ? ` ${paint('# forces replacement', 'removed', color)}` : '';
    const start = `      ${sign} ${name.padEnd(width)}`;
    if (isRecord(before) || isRecord(after)) {
      const keys = recordLines(isRecord(before) ? before : {}, isRecord(after) ? after : {}, color);
      return [`${start} = {`, ...keys, `        }${forces}`];
    }
    return [mark === '+' ? `${start} = ${shown(after)}` : `${start} = ${shown(before)} -> ${shown(after)}${forces}`];
  });
}

type Plain = Readonly<Record<string, unknown>>;

/** Tags, key for key. */
function recordLines(before: Plain, after: Plain, color: boolean): readonly string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  const width = Math.max(...keys.map((key) => JSON.stringify(key).length), 0);
  const line = (mark: Mark, text: string) => `          ${paint(mark, TONES[mark], color)} ${text}`;
  return keys.map((key) => {
    const name = JSON.stringify(key).padEnd(width);
    if (!(key in before)) return line('+', `${name} = ${shown(after[key])}`);
    if (!(key in after)) return line('-', `${name} = ${shown(before[key])} -> null`);
    if (before[key] === after[key]) return `            ${name} = ${shown(after[key])}`;
    return line('~', `${name} = ${shown(before[key])} -> ${shown(after[key])}`);
  });
}

/** Texts in parentheses and digests are told, and not quoted. */
function shown(value: unknown): string {
  if (value === KNOWN_LATER) return '(known after apply)';
  if (typeof value === 'string' && /^(?:sha256:|\()/.test(value)) return value;
  if (Array.isArray(value)) return `[${value.map((one) => JSON.stringify(one)).join(', ')}]`;
  return JSON.stringify(value ?? null);
}

function isRecord(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && value !== KNOWN_LATER;
}
