/** The start of every bin: as little as possible until it is known what is wanted. */

import manifest from '../../package.json' with { type: 'json' };

export type Program = 'play' | 'bake' | 'rollout' | 'playbake';

/** Runs a program with the process's arguments and ends the process with its exit code. */
export async function main(program: Program): Promise<void> {
  const args = process.argv.slice(2);
  if (args.length === 1 && args[0] === '--version') {
    process.stdout.write(`${program} ${manifest.version}\n`);
    return;
  }
  const { run } = await import('./run.ts');
  await run(program, args);
}
