/** The words of a command line, read by Commander; what is wrong with them is a Fault. */

import { type Command, CommanderError } from 'commander';
import { Fault } from '../fault.ts';
import { nearest } from './nearest.ts';

/** False: the help or the version was wanted, and shown with `out`. Throws the Fault that `faultOf` makes of an error. */
export function parseOptions(
  command: Command,
  args: readonly string[],
  out: (text: string) => void,
  faultOf: (error: CommanderError, command: Command) => Fault = optionFault,
): boolean {
  command.exitOverride().configureOutput({ writeOut: out, writeErr: () => {}, outputError: () => {} });
  try {
    command.parse(args, { from: 'user' });
    return true;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return false;
    throw faultOf(error, command);
  }
}

function optionFault({ code, message }: CommanderError, command: Command): Fault {
  const verb = command.name();
  const text = message.replace(/^error: /, '');
  const [, flag] = /unknown option '([^']+)'/.exec(text) ?? [];
  if (code !== 'commander.unknownOption' || flag === undefined) return new Fault('option-invalid', text);
  const known = command.options.flatMap(({ long, short }) => [long, short].filter((one) => one !== undefined));
  const usage = verb === 'image' ? 'playbake image' : verb;
  const hint = nearest(flag, known) ?? `\`${usage} --help\` lists the options`;
  return new Fault('option-invalid', `${verb} has no option ${flag}`, { hint });
}

/** For options that may be given several times. */
export function append(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** For options whose values are lists, `a,b`, and that may be given several times. */
export function appendParts(value: string, before: readonly string[]): readonly string[] {
  const parts = value.split(',').map((part) => part.trim());
  return [...before, ...parts.filter(Boolean)];
}
