/** `vars_files` that are nowhere, or cannot be read. */

import { existsSync } from 'node:fs';
import type { Findings } from '../fault.ts';
import { readVarsFile } from '../inventory/vars-file.ts';
import { isTemplate } from '../template/templar.ts';
import { whereOf } from '../value/source.ts';
import { isList, type Value } from '../value/value.ts';
import type { Play } from './types.ts';
import { varsFilePaths } from './vars-file-paths.ts';

/** @param isFirst no earlier play can make the files. */
export function checkVarsFiles({ varsFiles, directory, keywords }: Play, isFirst: boolean, findings: Findings): void {
  varsFiles.forEach((entry, index) => {
    const names = isList(entry) ? entry : [entry];
    if (!names.every(isLiteral)) return;
    const tried = names.flatMap((name) => varsFilePaths(name, directory));
    const found = tried.find((path) => existsSync(path));
    if (found !== undefined) readVarsFile(found, findings);
    if (found !== undefined || tried.length === 0) return;
    const where = whereOf(varsFiles, index) ?? whereOf(keywords, 'vars_files');
    const message = `vars file ${names.join(', ')} was not found\nSearched in:\n\t${tried.join('\n\t')}`;
    if (isFirst) findings.fault('file-missing', message, { where });
    else findings.warn('file-missing', `${message}\nThe play fails if it is reached`, { where });
  });
}

function isLiteral(name: Value): name is string {
  return typeof name === 'string' && !isTemplate(name);
}
