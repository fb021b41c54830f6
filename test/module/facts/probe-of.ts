import { Probe } from '../../../src/module/facts/probe.ts';

export interface Seen {
  readonly files?: { readonly [path: string]: string };
  readonly links?: { readonly [path: string]: string };
  readonly tests?: readonly string[];
  /** The output of commands. */
  readonly sections?: { readonly [name: string]: string };
}

/** A probe as the facts program would write it on a host with these files. */
export function probeOf({ files = {}, links = {}, tests = [], sections = {} }: Seen): Probe {
  const fileLines = Object.entries(files).flatMap(([path, text]) =>
    text
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `${path}:${line}`),
  );
  const linkLines = Object.entries(links).map(
    ([path, target]) => `lrwxrwxrwx 1 root root 0 Jan  1 00:00 ${path} -> ${target}`,
  );
  const parts = { files: fileLines.join('\n'), links: linkLines.join('\n'), tests: tests.join('\n'), ...sections };
  return new Probe(
    Object.entries(parts)
      .map(([name, content]) => `\0\0${name}\n${content}`)
      .join(''),
  );
}
