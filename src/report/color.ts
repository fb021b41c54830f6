/** Ansible's colours, by what they say. */

const CODES = {
  ok: '0;32',
  changed: '0;33',
  error: '0;31',
  skip: '0;36',
  unreachable: '1;31',
  debug: '1;30',
  verbose: '0;34',
  warn: '1;35',
  deprecate: '0;35',
  added: '0;32',
  removed: '0;31',
  hunk: '0;36',
} as const;

export type Tone = keyof typeof CODES;

/** Text in a tone, each line on its own so that a pager or a cut line cannot leave the colour on. */
export function paint(text: string, tone: Tone | undefined, color: boolean): string {
  if (!color || tone === undefined) return text;
  return text
    .split('\n')
    .map((line) => `\u001b[${CODES[tone]}m${line}\u001b[0m`)
    .join('\n');
}
