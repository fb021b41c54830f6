import type { Screen } from '../report/screen.ts';

/** The process's output as a screen. Colours as Ansible decides on them; `NO_COLOR` is heard too. */
export function screenOf({ stdout, stderr, env, cwd }: NodeJS.Process): Screen {
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    columns: () => (stdout.isTTY ? stdout.columns : 0),
    rows: () => (stdout.isTTY ? stdout.rows : 0),
    onResize: (listener) => void stdout.on('resize', listener),
    color: isColored(env, stdout.isTTY === true),
    directory: cwd(),
  };
}

function isColored(env: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (isOn(env['ANSIBLE_FORCE_COLOR']) || isOn(env['FORCE_COLOR'])) return true;
  if (isOn(env['ANSIBLE_NOCOLOR']) || env['NO_COLOR']) return false;
  return isTerminal && env['TERM'] !== 'dumb';
}

/** Ansible's booleans in environment variables. */
export function isOn(value: string | undefined): boolean {
  return /^(?:1|y|yes|t|true|on)$/i.test(value ?? '');
}

/** Who closes the pipe that we write to (`| head`) has seen enough: the run goes on in silence. */
export function quietAtClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
}

/** Resolves when all that was written has left the process. */
export async function flush(): Promise<void> {
  const streams = [process.stdout, process.stderr];
  await Promise.all(streams.map((stream) => new Promise<void>((resolve) => stream.write('', () => resolve()))));
}
