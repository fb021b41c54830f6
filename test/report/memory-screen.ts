import type { Screen } from '../../src/report/screen.ts';

export interface MemoryScreen extends Screen {
  stdout: string;
  stderr: string;
}

/** A screen that keeps what is written. */
export function memoryScreen({ color = false, columns = 0, rows = 0, directory = '/play' } = {}): MemoryScreen {
  const screen: MemoryScreen = {
    stdout: '',
    stderr: '',
    color,
    directory,
    columns: () => columns,
    rows: () => rows,
    onResize: () => {},
    out: (text) => {
      screen.stdout += text;
    },
    err: (text) => {
      screen.stderr += text;
    },
  };
  return screen;
}
