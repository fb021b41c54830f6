import type { Plain } from '../value/value.ts';

/** JSON as Python's `json.dumps(value, sort_keys=True, ensure_ascii=False, indent=indent)` writes it. */
export function dump(value: Plain, indent = 0): string {
  return write(value, indent, '');
}

function write(value: Plain, indent: number, margin: string): string {
  if (typeof value === 'number') return number(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const inner = margin + ' '.repeat(indent);
  const members = isList(value)
    ? value.map((item) => write(item, indent, inner))
    : Object.keys(value)
        .sort()
        .map((key) => `${JSON.stringify(key)}: ${write(value[key] ?? null, indent, inner)}`);
  const [open, close] = isList(value) ? '[]' : '{}';
  if (members.length === 0) return `${open}${close}`;
  if (indent === 0) return `${open}${members.join(', ')}${close}`;
  return `${open}\n${inner}${members.join(`,\n${inner}`)}\n${margin}${close}`;
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

/** Python writes the exponent of small floats with two digits, and from 1e-05 down. */
function number(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
  if (value === 0 || Math.abs(value) >= 1e-4) return String(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
}
