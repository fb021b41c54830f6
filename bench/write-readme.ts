/** Puts the tables between the markers of README.md, and the plots beside it. */

import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { ENGINES } from './engines/index.ts';
import { plotsOf } from './plots.ts';
import type { Run } from './results.ts';
import { scaleTable, stagesTable, timesTable } from './table.ts';

export async function writeReadme(directory: string, runs: readonly Run[]): Promise<void> {
  const engines = ENGINES.map(({ name }) => name);
  const path = join(directory, 'README.md');
  const machine = `${cpus().length} processors, ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;
  let text = await readFile(path, 'utf8');
  text = between(text, 'times', `Measured with ${machine}.\n\n${timesTable(runs, engines)}`);
  text = between(text, 'stages', stagesTable(runs));
  text = between(text, 'scale', scaleTable(runs));
  const plots = plotsOf(runs, engines);
  text = between(text, 'plots', plots.map(({ file, title }) => `![${title}](${file})`).join('\n'));
  await writeFile(path, text);
  for (const { file, svg } of plots) await writeFile(join(directory, file), svg);
}

function between(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`README.md has no ${begin} … ${end}`);
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`;
}
