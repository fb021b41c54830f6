import { width } from './width.ts';

/** Ansible's headings: an empty line, the title, and stars to the right edge (79 columns where there is no terminal). */
export function banner(text: string, columns: number): string {
  const title = text.trim();
  return `\n${title} ${'*'.repeat(Math.max(3, lineWidth(columns) - width(title)))}`;
}

/** Ansible leaves the last column of a terminal free. */
export function lineWidth(columns: number): number {
  return Math.max(79, columns - 1);
}
