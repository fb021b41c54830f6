/** The same answers as the real Ansible and Jinja gave: see `recorded.json`. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { layer, Scope, Templar } from '../../src/template/templar.ts';

interface Recorded {
  readonly expressions: readonly (readonly [expression: string, text: string])[];
  readonly files: Readonly<Record<string, string>>;
  readonly templates: readonly (readonly [template: string, text: string])[];
  readonly whitespace: readonly (readonly [
    template: string,
    settings: { readonly trim_blocks: boolean; readonly lstrip_blocks: boolean },
    text: string,
  ])[];
}

const recorded: Recorded = JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8'));
const variables = { v: 'V', t: true, f: false, l: [1, 2], i: 'I' };

describe('recorded answers', () => {
  let directory: string;
  let templar: Templar;
  const zone = process.env['TZ'];

  before(() => {
    process.env['TZ'] = 'UTC';
    directory = mkdtempSync(join(tmpdir(), 'playbake-recorded-'));
    for (const [name, text] of Object.entries(recorded.files)) writeFileSync(join(directory, name), text);
    templar = new Templar({ searchPath: [directory] });
  });
  after(() => {
    rmSync(directory, { recursive: true });
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  const render = (template: string, options = {}): string => {
    try {
      return templar.file(template, 'recorded.j2', new Scope(templar, [layer(variables)]), options);
    } catch (error) {
      return `failed: ${error instanceof Error ? error.message : String(error)}`;
    }
  };

  it(`of ${recorded.expressions.length} expressions hold`, () => {
    const wrong = recorded.expressions
      .map(([expression, text]) => ({ expression, text, got: render(`[[{{ ${expression} }}]]`) }))
      .filter(({ text, got }) => got !== `[[${text}]]`);
    expect(wrong).to.deep.equal([]);
  });

  it(`of ${recorded.templates.length} templates hold`, () => {
    const wrong = recorded.templates
      .map(([template, text]) => ({ template, text, got: render(template) }))
      .filter(({ text, got }) => got !== text);
    expect(wrong).to.deep.equal([]);
  });

  it(`of ${recorded.whitespace.length} mixtures of blocks and blanks hold`, () => {
    const wrong = recorded.whitespace
      .map(([template, { trim_blocks, lstrip_blocks }, text]) => {
        const got = render(template, { trimBlocks: trim_blocks, lstripBlocks: lstrip_blocks });
        return { template, text, got };
      })
      // Ansible gives the template's last newlines back, which Jinja drops.
      .filter(({ text, got }) => got.replace(/\n+$/, '') !== text.replace(/\n+$/, ''));
    expect(wrong).to.deep.equal([]);
  });
});
