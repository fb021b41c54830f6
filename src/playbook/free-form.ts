/** Arguments written as text: `src=a dest="b c"`, or a command line with options among its words. */

import { type Dict, dict, type Value } from '../value/value.ts';

/** Modules that take text which is not `key=value`. */
const COMMANDS: ReadonlySet<string> = new Set([
  'command',
  'shell',
  'raw',
  'script',
  'win_command',
  'win_shell',
  'expect',
]);
const RAW: ReadonlySet<string> = new Set([
  ...COMMANDS,
  'meta',
  'include',
  'include_tasks',
  'include_role',
  'include_vars',
  'import_tasks',
  'import_role',
  'import_playbook',
  'add_host',
  'group_by',
  'set_fact',
]);

/** Among a command line's words only these are options. */
const COMMAND_OPTIONS: ReadonlySet<string> = new Set([
  'creates',
  'removes',
  'chdir',
  'executable',
  'warn',
  'stdin',
  'stdin_add_newline',
  'strip_empty_ends',
]);

export function takesFreeForm(action: string): boolean {
  return RAW.has(shortName(action));
}

export function shortName(action: string): string {
  return action.replace(/^ansible\.(?:builtin|legacy|windows)\./, '');
}

export interface FreeForm {
  readonly args: Dict;
  /** Text that is no option, where the module takes none. */
  readonly extra?: string;
}

/** Ansible's own rule (its parse_kv): quotes and `{{ }}` hold words together; text after `key=` is unquoted. */
export function parseFreeForm(action: string, text: string): FreeForm {
  const isCommand = COMMANDS.has(shortName(action));
  const args = new Map<Value, Value>();
  let rest = '';
  let taken = 0;
  for (const { start, end } of words(text)) {
    const word = text.slice(start, end);
    const option = /^([A-Za-z_][\w.-]*)=([\s\S]*)$/.exec(word);
    if (!option || (isCommand && !COMMAND_OPTIONS.has(option[1] ?? ''))) continue;
    rest += text.slice(taken, start);
    taken = end;
    args.set(option[1] ?? '', decodeEscapes(unquote(option[2] ?? '')));
  }
  rest = (rest + text.slice(taken)).trim();
  if (rest === '') return { args };
  if (!takesFreeForm(action)) return { args, extra: rest };
  return { args: new Map([...args, ...dict({ _raw_params: rest })]) };
}

function words(text: string): readonly { start: number; end: number }[] {
  const found: { start: number; end: number }[] = [];
  const word = /(?:\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}|"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'|\\[\s\S]|[^\s])+/g;
  for (const match of text.matchAll(word)) found.push({ start: match.index, end: match.index + match[0].length });
  return found;
}

function unquote(text: string): string {
  return /^(["'])[\s\S]*\1$/.test(text) && text.length > 1 ? text.slice(1, -1) : text;
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };

function decodeEscapes(text: string): string {
  return text.replace(/\\([ntr\\'"])/g, (_, letter: string) => ESCAPES[letter] ?? letter);
}
