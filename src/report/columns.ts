import { width } from './width.ts';

/** Rows of cells, each column as wide as its widest cell. */
export function columns(rows: readonly (readonly string[])[], indent = ''): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) => Math.max(...rows.map((row) => width(row[index] ?? ''))));
  const line = (row: readonly string[]) =>
    row.map((cell, index) => cell + ' '.repeat(Math.max(0, (widths[index] ?? 0) - width(cell)))).join('  ');
  return rows.map((row) => `${indent}${line(row)}`.trimEnd()).join('\n') + (rows.length > 0 ? '\n' : '');
}
