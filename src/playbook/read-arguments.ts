/** A task's arguments as one mapping: from under its module, from text, from `args`. */

import type { Findings } from '../fault.ts';
import { Fault } from '../fault.ts';
import { isTemplate } from '../template/templar.ts';
import { inheritAll, rememberWords, whereOf } from '../value/source.ts';
import { type Dict, isDict, isList, Unsafe, type Value } from '../value/value.ts';
import type { Action } from './find-action.ts';
import { parseFreeForm, shortName, takesFreeForm } from './free-form.ts';

export interface Arguments {
  readonly args: Dict;
  /** A template that gives more arguments when it is rendered. */
  readonly template?: Value;
}

/** @param more what stands under `args:`. Undefined for what cannot be read, which is in the findings then. */
export function readArguments(action: Action, more: Value, findings: Findings): Arguments | undefined {
  const own = findings.collect(() => ownArguments(action));
  if (!own) return undefined;
  if (typeof more === 'string') return { template: more, ...own };
  if (!isDict(more)) return own;
  const args = inheritAll(new Map([...more, ...own.args]), [more, own.args]);
  return { ...own, args };
}

function ownArguments({ name, value, where, member }: Action): Arguments {
  if (value === null) return { args: new Map() };
  const text = value instanceof Unsafe ? value.text : value;
  if (typeof text !== 'string' && !isDict(text)) {
    throw new Fault('playbook-invalid', `unexpected parameter type in action: ${name} has ${typeOf(text)}`, {
      where,
      hint: 'write the arguments as a mapping under it, or quote the text',
    });
  }
  const args = typeof text === 'string' ? parsed(name, text, where) : text;
  if (typeof text === 'string' && member) rememberWords(args, ...member);
  return withoutCmd(name, withoutRaw(name, args), where);
}

function parsed(name: string, text: string, where: Action['where']): Dict {
  try {
    return parseFreeForm(name, text);
  } catch (error) {
    if (error instanceof Fault && !error.where) throw new Fault(error.code, error.message, { where, hint: error.hint });
    throw error;
  }
}

/** Text for a module that takes none is a template that gives a mapping; any other is told when the module is known. */
function withoutRaw(name: string, args: Dict): Arguments {
  const raw = args.get('_raw_params');
  if (typeof raw !== 'string' || takesFreeForm(name) || !isTemplate(raw)) return { args };
  return { args: inheritAll(new Map([...args].filter(([key]) => key !== '_raw_params')), [args]), template: raw };
}

const COMMANDS: ReadonlySet<string> = new Set(['command', 'shell', 'script']);

function withoutCmd(name: string, { args, ...rest }: Arguments, where: Action['where']): Arguments {
  if (!COMMANDS.has(shortName(name)) || !args.has('cmd') || !args.get('_raw_params')) return { args, ...rest };
  throw new Fault(
    'playbook-invalid',
    "The 'cmd' argument cannot be used when other raw parameters are specified. Please put everything in one or the other place.",
    { where: whereOf(args, 'cmd') ?? where },
  );
}

function typeOf(value: Value): string {
  if (isList(value)) return 'a list';
  return typeof value === 'boolean' ? 'a boolean' : 'a number';
}
