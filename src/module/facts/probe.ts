/** What the facts program wrote, taken apart: files, links, tests and the output of commands. */

/**
 * The program's output is sections, each after two NULs: its name, a newline, its content. `files` holds `path:line` lines
 * as `grep -H` writes them, `links` what `ls -ld` wrote, `tests` the paths that exist.
 */
export class Probe {
  readonly #sections = new Map<string, string>();
  readonly #files = new Map<string, string[]>();
  readonly #links = new Map<string, string>();
  readonly #tests: ReadonlySet<string>;

  constructor(output: string) {
    for (const part of output.split(/\0\0+/).slice(1)) {
      const end = part.indexOf('\n');
      if (end > 0) this.#sections.set(part.slice(0, end), part.slice(end + 1));
    }
    for (const line of this.lines('files')) this.#keepFile(line);
    for (const line of this.lines('links')) this.#keepLink(line);
    this.#tests = new Set(this.lines('tests'));
  }

  /** The raw output of a command; empty when it was not run. */
  section(name: string): string {
    return this.#sections.get(name) ?? '';
  }

  has(name: string): boolean {
    return this.#sections.has(name);
  }

  lines(name: string): readonly string[] {
    return this.section(name).split('\n').filter(Boolean);
  }

  /** The stripped content of a file; undefined when it is not there, unreadable or empty. */
  file(path: string): string | undefined {
    return this.#files.get(path)?.join('\n').trim() || undefined;
  }

  fileLines(path: string): readonly string[] {
    return this.file(path)?.split('\n') ?? [];
  }

  /** Paths of the files that were read and match. */
  paths(pattern: RegExp): readonly string[] {
    return [...this.#files.keys()].filter((path) => pattern.test(path));
  }

  /** Where a symbolic link points to. */
  link(path: string): string | undefined {
    return this.#links.get(path);
  }

  links(pattern: RegExp): readonly (readonly [path: string, target: string])[] {
    return [...this.#links].filter(([path]) => pattern.test(path));
  }

  exists(path: string): boolean {
    return this.#tests.has(path);
  }

  existing(pattern: RegExp): readonly string[] {
    return [...this.#tests].filter((path) => pattern.test(path));
  }

  #keepFile(line: string): void {
    const colon = line.indexOf(':');
    if (colon < 0) return;
    const path = line.slice(0, colon);
    const lines = this.#files.get(path) ?? [];
    lines.push(line.slice(colon + 1));
    this.#files.set(path, lines);
  }

  #keepLink(line: string): void {
    const found = /^l.*? (\/.*) -> (.*)$/.exec(line);
    if (found) this.#links.set(found[1] ?? '', found[2] ?? '');
  }
}

/** The last part of a path. */
export function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
