/** What is wrong with a YAML text, in PyYAML's words where it has good ones, at the place that is to be mended. */

export interface YamlFault {
  readonly message: string;
  /** Offset of the character to look at. */
  readonly offset: number;
  readonly hint?: string | undefined;
}

/** What the parser found. */
export interface ParserError {
  readonly code: string;
  readonly message: string;
  readonly offset: number;
  /** Where the quoted text or flow collection begins that it says is not closed. */
  readonly opening: number | undefined;
}

export function explainYaml(error: ParserError, text: string): YamlFault {
  const line = lineAt(text, Math.min(error.offset, text.length));
  return tab(error, line) ?? braces(error, text, line) ?? byCode(error, text, line);
}

/** A value that begins with `{{` and has no quotes around it: YAML reads a mapping. */
export function unquotedTemplate(text: string, offset: number): YamlFault {
  const line = lineAt(text, offset);
  const value = line.text
    .slice(offset - line.start)
    .replace(/\s+#.*$/, '')
    .trimEnd();
  return {
    message: 'a value that begins with {{ must be quoted',
    offset,
    hint: `write  ${line.text.slice(0, offset - line.start).trimStart()}${quoted(value)}`,
  };
}

interface Line {
  readonly text: string;
  readonly start: number;
  /** Offset of its first character that is no space. */
  readonly first: number;
}

function lineAt(text: string, offset: number): Line {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', start);
  const own = text.slice(start, end < 0 ? undefined : end).replace(/\r$/, '');
  return { text: own, start, first: start + Math.max(0, own.search(/\S/)) };
}

function tab({ code }: ParserError, { text, start }: Line): YamlFault | undefined {
  const at = code === 'TAB_AS_INDENT' ? text.indexOf('\t') : text.search(/^ *\t/) < 0 ? -1 : text.indexOf('\t');
  return at < 0 ? undefined : { message: 'a tab cannot indent YAML', offset: start + at, hint: 'indent with spaces' };
}

function braces({ offset }: ParserError, text: string, line: Line): YamlFault | undefined {
  const value = /(?:^|[:-])\s+(?=\{\{)/.exec(line.text);
  if (!value) return undefined;
  const at = line.start + value.index + value[0].length;
  return at <= offset ? unquotedTemplate(text, at) : undefined;
}

function byCode(error: ParserError, text: string, line: Line): YamlFault {
  const { code, message, offset } = error;
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return mappingWithin(text, offset, line);
    case 'BAD_SCALAR_START':
      return {
        message: `found character '${text[offset]}' that cannot start any token`,
        offset,
        hint: 'quote the value',
      };
    case 'BAD_DQ_ESCAPE': {
      const pair = text.slice(offset, offset + 2);
      const hint = `write \\${pair}, or put the value in single quotes`;
      return { message: `found unknown escape character '${pair.slice(1)}'`, offset, hint };
    }
    case 'BAD_INDENT':
      return message.startsWith('Flow') ? unclosed(text, error) : indentation(text, line);
    case 'MISSING_CHAR':
      return missing(error, text, line);
    case 'UNEXPECTED_TOKEN':
      return unexpected(error, text, line);
    default:
      return { message: message.replace(/\s*at line \d+, column \d+:?[\s\S]*$/, ''), offset };
  }
}

/** A colon where no key may stand: in a value, or in a line that is taken for the end of the value above. */
function mappingWithin(text: string, offset: number, line: Line): YamlFault {
  const message = 'mapping values are not allowed here';
  if (line.text.slice(line.first - line.start).startsWith('- ') && offset <= line.first + 2) return listAmongKeys(line);
  if (!/:\s/.test(text.slice(line.start, offset))) return noColon(offset);
  const colon = offset + text.slice(offset).search(/:(?=\s|$)/);
  const found = lineAt(text, colon);
  if (found.start === line.start) return { message, offset: colon, hint: 'quote a value that holds ": "' };
  const column = line.text.search(/[^\s-]/) + 1;
  return { message, offset: found.first, hint: `begin the line in column ${column}, as the key of the line above` };
}

function listAmongKeys(line: Line): YamlFault {
  const hint = 'indent the list below its key, or give it a key of its own';
  return { message: 'a list item stands among the keys of a mapping', offset: line.first, hint };
}

function noColon(offset: number): YamlFault {
  return { message: "could not find expected ':'", offset, hint: 'write  key: value' };
}

function missing({ message, offset, opening }: ParserError, text: string, line: Line): YamlFault {
  if (message.includes('quote')) {
    return {
      message: 'the quote is not closed',
      offset: opening ?? offset,
      hint: 'close it at the end of the value',
    };
  }
  if (message.startsWith('Sequence item')) return indentation(text, line);
  if (message.startsWith('Flow')) return unclosed(text, { offset, opening });
  return noColon(line.first);
}

function unexpected({ message, offset }: ParserError, text: string, line: Line): YamlFault {
  const bracket = /^[\]}]/.exec(text.slice(offset))?.[0];
  if (bracket !== undefined)
    return { message: `the ${bracket} closes nothing`, offset, hint: 'quote the value, or remove it' };
  if (message.includes('block-seq-ind')) {
    if (offset === line.first) return listAmongKeys(line);
    return { message: 'sequence entries are not allowed here', offset, hint: 'begin the list in the next line' };
  }
  if (offset <= line.first) return indentation(text, line);
  const opening = /(?:^|[:-])\s+(?=["'])/.exec(line.text);
  if (!opening) return { message: 'something follows the end of the value', offset, hint: 'quote the whole value' };
  const value = line.text.slice(opening.index + opening[0].length).trimEnd();
  return { message: 'text follows the closing quote', offset, hint: `quote the whole value:  ${requoted(value)}` };
}

/** A line that begins in a column where nothing above it begins, or without the dash of the items above it. */
function indentation(text: string, line: Line): YamlFault {
  const own = line.first - line.start + 1;
  const columns = columnsAbove(text.slice(0, line.start));
  const others = columns.join(' or ');
  const hint = columns.includes(own) ? 'begin it with "- ", as the items above' : `begin it in column ${others}`;
  return { message: 'this line fits nothing above it', offset: line.first, hint };
}

/** Columns of the keys and list items that a next line could belong to. */
function columnsAbove(text: string): readonly number[] {
  const columns = new Set<number>();
  let least = Number.POSITIVE_INFINITY;
  for (const line of text.split('\n').reverse()) {
    const dash = /^(\s*)(-\s+)?[^\s#]/.exec(line);
    if (!dash) continue;
    const [, indent = '', item = ''] = dash;
    const own = [indent.length + item.length, ...(item === '' ? [] : [indent.length])];
    for (const one of own.filter((width) => width < least)) columns.add(one + 1);
    least = Math.min(least, indent.length);
    if (least === 0) break;
  }
  return [...columns].sort((a, b) => a - b);
}

function unclosed(text: string, { offset, opening }: Pick<ParserError, 'offset' | 'opening'>): YamlFault {
  const at = opening ?? offset;
  const [bracket, closing] = text[at] === '{' ? ['{', '}'] : ['[', ']'];
  return { message: `the ${bracket} is not closed`, offset: at, hint: `close it with ${closing}` };
}

function quoted(value: string): string {
  if (!/["\\]/.test(value)) return `"${value}"`;
  return `'${value.replaceAll("'", "''")}'`;
}

/** A text that begins with a quote and goes on after it, quoted as a whole. */
function requoted(value: string): string {
  if (value.startsWith("'") && value.endsWith("'")) return `'${value.slice(1, -1).replaceAll("'", "''")}'`;
  return quoted(value);
}
