/** Values in Terraform's language, as `terraform fmt` writes them. https://github.com/hashicorp/hcl/blob/main/hclsyntax/spec.md */

export type Hcl = string | number | boolean | null | Expression | readonly Hcl[] | { readonly [name: string]: Hcl };

/** Written as it is, as in `var.image_id`. */
export class Expression {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** In quotes; neither `${` nor `%{` of the text means anything. */
export function hclString(text: string): string {
  const escaped = text.replace(/[\\"\u0000-\u001f\u007f]/g, (one) => ESCAPES[one] ?? `\\u${hex(one)}`);
  return `"${withoutInterpolation(escaped)}"`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

const hex = (character: string) => character.charCodeAt(0).toString(16).padStart(4, '0');

function withoutInterpolation(text: string): string {
  return text.replace(/[$%](?=\{)/g, '$&$&');
}

/** @param indent of the line on which it begins. */
export function hcl(value: Hcl, indent = ''): string {
  if (value instanceof Expression) return value.text;
  if (typeof value === 'string') return hclString(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (isList(value)) return listText(value, indent);
  const members = Object.entries(value);
  if (members.length === 0) return '{}';
  return `{\n${attributes(
    members.map(([name, one]) => [keyText(name), one]),
    `${indent}  `,
  )}${indent}}`;
}

/**
 * `name = value` in lines, the signs of those that follow each other in one column. What takes several lines stands apart.
 * A text of several lines is a heredoc.
 */
export function attributes(all: readonly (readonly [string, Hcl])[], indent: string): string {
  const chunks: (readonly (readonly [string, string])[])[] = [];
  let run: (readonly [string, string])[] = [];
  for (const [name, value] of all) {
    const text = typeof value === 'string' ? hclText(value) : hcl(value, indent);
    if (text.includes('\n')) {
      chunks.push(run, [[name, text]]);
      run = [];
    } else run.push([name, text]);
  }
  return [...chunks, run]
    .filter((chunk) => chunk.length > 0)
    .map((chunk) => {
      const width = Math.max(...chunk.map(([name]) => name.length));
      return chunk.map(([name, text]) => `${indent}${name.padEnd(width)} = ${text}\n`).join('');
    })
    .join('\n');
}

/** A heredoc where it can be one, else in quotes. */
export function hclText(text: string): string {
  return heredocOf(text) ?? hclString(text);
}

/** Lines that end with a newline, and hold nothing that must be escaped but interpolations. */
function heredocOf(text: string): string | undefined {
  const isLines = text.endsWith('\n') && text.indexOf('\n') < text.length - 1;
  if (!isLines || /[\u0000-\u0008\u000b-\u001f\u007f]/.test(text)) return undefined;
  let word = 'EOT';
  while (text.split('\n').some((line) => line.trim() === word)) word += '_';
  return `<<${word}\n${withoutInterpolation(text)}${word}`;
}

function listText(list: readonly Hcl[], indent: string): string {
  const texts = list.map((one) => hcl(one, `${indent}  `));
  const line = `[${texts.join(', ')}]`;
  if (line.length <= 100 && !line.includes('\n')) return line;
  return `[\n${texts.map((text) => `${indent}  ${text},\n`).join('')}${indent}]`;
}

function keyText(name: string): string {
  return /^[A-Za-z_][-\w]*$/.test(name) ? name : hclString(name);
}

function isList(value: object): value is readonly Hcl[] {
  return Array.isArray(value);
}
