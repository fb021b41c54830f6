/** Names of files that are the same in every clone of a project. */

import { homedir } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { isDict, isList, type Value } from '../../value/value.ts';

export class Places {
  readonly project: string;

  /** @param project the directory that is cloned: all below it is named from there. */
  constructor(project: string) {
    this.project = resolve(project);
  }

  /** `templates/a.j2` in the project, `~/x` in the user's home, else the absolute path. */
  name(path: string): string {
    const inside = relative(this.project, path);
    if (!inside.startsWith('..') && !isAbsolute(inside)) return inside === '' ? '.' : inside;
    const inHome = relative(homedir(), path);
    return inHome.startsWith('..') || isAbsolute(inHome) ? path : `~/${inHome}`;
  }

  /** The absolute path of a name. */
  path(name: string): string {
    if (name.startsWith('~/')) return join(homedir(), name.slice(2));
    return resolve(this.project, name);
  }

  /** A value in which no text tells where the clone is. */
  placeless(value: Value): Value {
    if (typeof value === 'string') return this.#withoutProject(value);
    if (isList(value)) return value.map((item) => this.placeless(item));
    if (!isDict(value)) return value;
    return new Map([...value].map(([key, item]) => [this.placeless(key), this.placeless(item)]));
  }

  #withoutProject(text: string): string {
    if (this.project === '/' || !text.includes(this.project)) return text;
    const pieces = text.split(this.project);
    return pieces.reduce((whole, piece) => `${whole}${/^[\w.-]/.test(piece) ? this.project : '{project}'}${piece}`);
  }
}
