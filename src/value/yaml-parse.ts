/** YAML's syntax trees, as lenient as PyYAML is. */

import {
  type Document,
  isCollection,
  isNode,
  isScalar,
  LineCounter,
  parseAllDocuments,
  type Scalar,
  type ScalarTag,
  visit,
} from 'yaml';
import { Indented } from './yaml-indent.ts';

/** `yaml` must leave scalars alone: they are resolved here, where tags and quotes are known. */
const TEXT_ONLY: ScalarTag[] = [{ tag: 'tag:yaml.org,2002:str', default: true, resolve: (text) => text }];

export type Parsed = Document.Parsed;

function parseStrictly(text: string): readonly Parsed[] {
  const parsed = parseAllDocuments(text, {
    version: '1.1',
    schema: 'failsafe',
    customTags: TEXT_ONLY,
    uniqueKeys: false,
    lineCounter: new LineCounter(),
    prettyErrors: false,
    logLevel: 'silent',
  });
  return Array.isArray(parsed) ? parsed : [];
}

/** The documents of a text, each with its errors. Quoted texts and flow collections may go on in any column. */
export function parseDocuments(text: string): readonly Parsed[] {
  let documents = parseStrictly(text);
  const indented = new Indented(text);
  for (;;) {
    const [opening] = documents.flatMap((document) => openingOf(document, text) ?? []);
    if (opening === undefined || !indented.indent(opening)) return documents;
    documents = parseStrictly(indented.text);
    for (const document of documents) moveBack(document, indented);
  }
}

/** Where the quoted text or flow collection begins that the first error of a document is about, if it is about one. */
export function openingOf({ errors: [error], contents }: Parsed, text: string): number | undefined {
  if (!error || !contents) return undefined;
  const isFlow = error.message.startsWith('Flow');
  const isQuote = error.message.endsWith('quote');
  let found: number | undefined;
  visit(contents, (_, node) => {
    if (!isNode(node) || !node.range || node.range[0] >= error.pos[0]) return undefined;
    const isSought = isFlow ? isCollection(node) && node.flow : isScalar(node) && isOpen(node, text, isQuote);
    if (isSought) found = node.range[0];
    return isSought && isFlow ? visit.SKIP : undefined;
  });
  return found;
}

/** A text whose line ends with an escaped quote is taken to end there when the next line is not indented enough. */
function isOpen({ type, range }: Scalar, text: string, isQuote: boolean): boolean {
  if (!type?.startsWith('QUOTE')) return false;
  const raw = text.slice(range?.[0], range?.[1]);
  return isQuote || (type === 'QUOTE_DOUBLE' ? /[^\\](?:\\\\)*\\"$/ : /[^'](?:'')+$/).test(raw);
}

/** Offsets of the text as it is written instead of those of the indented one. */
function moveBack(document: Parsed, indented: Indented): void {
  for (const error of document.errors) error.pos = [indented.original(error.pos[0]), indented.original(error.pos[1])];
  visit(document, (_, node) => {
    if (!isNode(node) || !node.range) return;
    const [start, end, after] = node.range;
    node.range = [indented.original(start), indented.original(end), indented.original(after)];
  });
}
