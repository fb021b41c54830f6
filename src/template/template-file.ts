import { SYNTAX, type Syntax } from './tokens.ts';

/** Settings of a template file, as the module `template` has them. */
export interface TemplateFileOptions {
  readonly trimBlocks?: boolean;
  readonly lstripBlocks?: boolean;
  readonly newlineSequence?: string;
  readonly variableStart?: string;
  readonly variableEnd?: string;
  readonly blockStart?: string;
  readonly blockEnd?: string;
  readonly commentStart?: string;
  readonly commentEnd?: string;
}

/** The rules of template files: string literals in `{{ }}` have escapes, the text ends as it is written. */
const FILE_SYNTAX: Syntax = { ...SYNTAX, verbatimStrings: false };

/** One object for equal rules, because compiled templates are kept by it. */
const known = new Map<string, Syntax>();

function shared(syntax: Syntax): Syntax {
  const key = JSON.stringify(syntax);
  const first = known.get(key) ?? syntax;
  known.set(key, first);
  return first;
}

export function withOptions(options: TemplateFileOptions, base: Syntax = FILE_SYNTAX): Syntax {
  return shared({
    ...base,
    trimBlocks: options.trimBlocks ?? base.trimBlocks,
    lstripBlocks: options.lstripBlocks ?? base.lstripBlocks,
    newlineSequence: options.newlineSequence ?? base.newlineSequence,
    variable: [options.variableStart ?? base.variable[0], options.variableEnd ?? base.variable[1]],
    block: [options.blockStart ?? base.block[0], options.blockEnd ?? base.block[1]],
    comment: [options.commentStart ?? base.comment[0], options.commentEnd ?? base.comment[1]],
  });
}

const HEADER = /^#jinja2:([^\n]*)\n/;

/** The settings that a first line such as `#jinja2: trim_blocks: False, lstrip_blocks: True` makes, and what follows it. */
export function readHeader(text: string, syntax: Syntax): { readonly body: string; readonly syntax: Syntax } {
  const header = HEADER.exec(text);
  if (!header) return { body: text, syntax };
  const settings = new Map(
    (header[1] ?? '').split(/,(?=\s*\w+\s*:)/).map((part) => {
      const colon = part.indexOf(':');
      return [part.slice(0, colon).trim(), part.slice(colon + 1).trim()] as const;
    }),
  );
  return { body: text.slice(header[0].length), syntax: withOptions(optionsOf(settings), syntax) };
}

function optionsOf(settings: ReadonlyMap<string, string>): TemplateFileOptions {
  const flag = (key: string): boolean | undefined =>
    settings.has(key) ? /^(true|yes|1)$/i.test(settings.get(key)!) : undefined;
  const text = (key: string): string | undefined =>
    settings
      .get(key)
      ?.replace(/^(['"])(.*)\1$/, '$2')
      .replaceAll('\\n', '\n')
      .replaceAll('\\r', '\r');
  return given({
    trimBlocks: flag('trim_blocks'),
    lstripBlocks: flag('lstrip_blocks'),
    newlineSequence: text('newline_sequence'),
    variableStart: text('variable_start_string'),
    variableEnd: text('variable_end_string'),
    blockStart: text('block_start_string'),
    blockEnd: text('block_end_string'),
    commentStart: text('comment_start_string'),
    commentEnd: text('comment_end_string'),
  });
}

type Maybe<T> = { readonly [K in keyof T]: T[K] | undefined };

function given(options: Maybe<Required<TemplateFileOptions>>): TemplateFileOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
