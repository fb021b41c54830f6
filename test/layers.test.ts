import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { expect } from 'chai';

/** Uppermost first: a room imports only itself and rooms below it. */
const ROOMS = [
  'cli',
  'report',
  'rollout',
  'bake',
  'sandbox',
  'play',
  'playbook',
  'inventory',
  'template',
  'module',
  'connection',
  'shell',
  'cloud',
  'config',
  'value',
  'fault.ts',
];
/** Types that may be imported upwards: what engines emit, and what a run is told. */
const ROOT = resolve(import.meta.dirname, '..');
const DOORS = ['engine.ts', 'playbake.ts'];

const files = (directory: string): string[] =>
  readdirSync(join(ROOT, directory), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(directory, name));

/** Relative imports of a file as paths from the root; `import(…)` counts, `import type` too. */
function imports(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = text.matchAll(/(?:from|import)\s*\(?\s*['"`](\.{1,2}\/[^'"`]+)['"`]/g);
  return [...found].map(([, path]) => relative(ROOT, resolve(ROOT, dirname(file), path ?? '')));
}

const roomOf = (file: string): string => file.split('/')[1] ?? '';

describe('the order of the rooms', () => {
  it('has every room of src in its list', () => {
    const rooms = readdirSync(join(ROOT, 'src')).filter((name) => name !== 'README.md' && !DOORS.includes(name));
    expect(ROOMS).to.include.members(rooms);
  });

  it('lets each room import only rooms below it', () => {
    const wrong = files('src')
      .filter((file) => !DOORS.includes(relative('src', file)))
      .flatMap((file) => imports(file).map((target) => ({ file, target })))
      .filter(({ target }) => target.startsWith('src/'))
      .filter(({ file, target }) => ROOMS.indexOf(roomOf(target)) < ROOMS.indexOf(roomOf(file)))
      .map(({ file, target }) => `${file} -> ${target}`);
    // The start loads the engine as built, and knows its type.
    expect(wrong).to.deep.equal(['src/cli/start.ts -> src/engine.ts']);
  });

  it('lets report import only the types of the play room', () => {
    const wrong = files('src/report').flatMap((file) => {
      const lines = readFileSync(join(ROOT, file), 'utf8').split('\n');
      return lines
        .filter((line) => /from '\.\.\/(play|bake|sandbox|playbook|inventory|template|module|connection)\//.test(line))
        .filter((line) => !/^\s*(import|export) type /.test(line))
        .map((line) => `${file}: ${line}`);
    });
    expect(wrong).to.deep.equal([]);
  });

  it('lets modules import only the authoring contract, the gathering of facts and shared fragments', () => {
    const wrong = files('modules')
      .flatMap((file) => imports(file).map((target) => ({ file, target })))
      .filter(({ target }) => !/^(src\/module\/(module|facts\/gather)\.ts$|modules\/shared\/)/.test(target))
      .map(({ file, target }) => `${file} -> ${target}`);
    expect(wrong).to.deep.equal([]);
  });

  it('lets only the command line touch the process', () => {
    const wrong = files('src')
      .filter((file) => roomOf(file) !== 'cli')
      .filter((file) => /\bprocess\.(exit|argv|stdout|stdin|stderr|on)\b/.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(wrong).to.deep.equal(['src/module/write-schemas.ts']);
  });
});
