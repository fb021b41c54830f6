/** Runs programs on a real terminal (script(1) of util-linux), and reads what such a terminal would show. */

import { spawn } from 'node:child_process';

export interface TerminalRun {
  readonly code: number | null;
  /** All that was written, escape sequences included. */
  readonly raw: string;
}

/** Typed when its text has come up on the terminal. */
export interface Typing {
  readonly after: string;
  readonly type: string;
}

export function onTerminal(
  command: readonly string[],
  { columns = 80, rows = 24, typing = [] }: { columns?: number; rows?: number; typing?: readonly Typing[] } = {},
): Promise<TerminalRun> {
  const words = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const line = `stty rows ${rows} cols ${columns}; exec ${words}`;
  const { NO_COLOR: _, FORCE_COLOR: __, ...env } = process.env;
  const child = spawn('script', ['-qefc', line, '/dev/null'], { env: { ...env, TERM: 'xterm' }, stdio: 'pipe' });
  const open = [...typing];
  let raw = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text;
    if (open[0] && raw.includes(open[0].after)) child.stdin.write(open.shift()!.type);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      child.stdin.end();
      resolve({ code, raw });
    });
  });
}

/** The lines that are left on a terminal after all of it, scrolled ones included; colours are dropped. */
export function shownLines(raw: string): string[] {
  const lines: string[][] = [[]];
  let [row, column] = [0, 0];
  for (const part of raw.match(/\u001b\[[0-9;?]*[A-Za-z]|[\s\S]/gu) ?? []) {
    const [, count = '', kind] = /^\u001b\[([0-9;?]*)([A-Za-z])$/.exec(part) ?? [];
    if (part === '\n') row++;
    else if (part === '\r') column = 0;
    else if (kind === 'A') row = Math.max(0, row - Number(count || 1));
    else if (kind === 'B') row += Number(count || 1);
    else if (kind === 'G') column = Number(count || 1) - 1;
    else if (kind === 'K') lines[row] = count === '2' ? [] : (lines[row] ?? []).slice(0, column);
    else if (kind === 'J') lines.splice(row, lines.length, (lines[row] ?? []).slice(0, column));
    else if (kind === undefined && part >= ' ') {
      lines[row] ??= [];
      lines[row]![column++] = part;
    }
    while (lines.length <= row) lines.push([]);
  }
  return lines.map((line) =>
    Array.from(line, (character) => character ?? ' ')
      .join('')
      .trimEnd(),
  );
}
