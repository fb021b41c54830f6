import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The command that runs the sandbox's server: `playbake`, which lies beside whatever bin this process was started by. */
export function serveCommand(): readonly [string, ...string[]] {
  const bin = join(dirname(realpathSync(process.argv[1] ?? '')), 'playbake.js');
  return [process.execPath, bin, 'sandbox', 'serve'];
}
