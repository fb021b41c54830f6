/** Arguments written as text: `src=a dest="b c"`, or a command line with options among its words. */

import { bareWord, keyValue } from '../value/key-value.ts';
import { splitArguments } from '../value/split-arguments.ts';
import type { Dict, Value } from '../value/value.ts';

/** Modules that take a command line: Ansible's MODULE_REQUIRE_ARGS. */
const COMMANDS: ReadonlySet<string> = new Set(['command', 'shell', 'raw', 'script', 'win_command', 'win_shell']);

/** Modules that take text that is not `key=value`: Ansible's RAW_PARAM_MODULES. */
const RAW: ReadonlySet<string> = new Set([
  ...COMMANDS,
  'include_vars',
  'include_tasks',
  'include_role',
  'import_tasks',
  'import_role',
  'add_host',
  'group_by',
  'set_fact',
  'meta',
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

/** A module of Ansible's own by its short name; one of another collection as it is. */
export function shortName(action: string): string {
  return action.replace(/^ansible\.(?:builtin|legacy|windows)\./, '');
}

/**
 * Ansible's parse_kv: `key=value` words are arguments; other words together stand under `_raw_params`, for a command
 * also `key=value` words that are none of its options. Throws a Fault for unbalanced quotes or braces.
 */
export function parseFreeForm(action: string, text: string): Dict {
  const isCommand = COMMANDS.has(shortName(action));
  const args = new Map<Value, Value>();
  const raw: string[] = [];
  for (const word of splitArguments(text)) {
    const pair = keyValue(word);
    if (pair === undefined) raw.push(bareWord(word));
    else if (isCommand && !COMMAND_OPTIONS.has(pair[0])) raw.push(word);
    else args.set(...pair);
  }
  if (raw.length > 0) args.set('_raw_params', join(raw));
  return args;
}

/** The name of an `action: copy src=a`, and the rest. */
export function splitAction(text: string): readonly [name: string, rest: string] {
  const [name = '', ...rest] = splitArguments(text);
  return [name.trim(), rest.join(' ')];
}

/** Words as they were, with their newlines and extra spaces. */
function join(words: readonly string[]): string {
  let text = '';
  for (const word of words) text += text === '' || text.endsWith('\n') ? word : ` ${word}`;
  return text;
}
