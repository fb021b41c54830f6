import { parseArgs } from 'node:util';
import { Fault } from '../src/fault.ts';
import { type Case, DEFAULT_CASES, parseCase } from './cases.ts';
import type { Engine } from './engines/engine.ts';
import { ENGINES } from './engines/index.ts';

export const USAGE = `npm run bench -- [options]

  --cases LIST     ${DEFAULT_CASES}
  --engines LIST   ${ENGINES.map(({ name }) => name).join(',')}
  --rounds N       how often each engine does each case; 3
  --once LIST      engines that take part in the first round only, for they take long
  --limit SECONDS  that one run may take; 1800
  --home DIR       where the machines live; /var/tmp/playbake-bench
  --keep           leave the machines up
  --write          write README.md, its plots and results.json; else only print
  --help

Needs root on Linux and what the sandbox needs; engines that are not installed are left out.
`;

export interface Options {
  readonly cases: readonly Case[];
  readonly engines: readonly Engine[];
  readonly rounds: number;
  /** Those that take part in the first round only. */
  readonly once: readonly Engine[];
  readonly limit: number;
  readonly home: string;
  readonly keep: boolean;
  readonly write: boolean;
}

/** Undefined when help is wanted. Throws `option-invalid`. */
export function parseOptions(args: readonly string[]): Options | undefined {
  const { values } = read(args);
  if (values.help) return undefined;
  return {
    cases: values.cases.split(',').map(parseCase),
    engines: values.engines === undefined ? ENGINES : values.engines.split(',').map(engineOf),
    once: values.once === undefined ? [] : values.once.split(',').map(engineOf),
    rounds: positive('--rounds', values.rounds),
    limit: positive('--limit', values.limit),
    home: values.home,
    keep: values.keep,
    write: values.write,
  };
}

function read(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        cases: { type: 'string', default: DEFAULT_CASES },
        engines: { type: 'string' },
        once: { type: 'string' },
        rounds: { type: 'string', default: '3' },
        limit: { type: 'string', default: '1800' },
        home: { type: 'string', default: '/var/tmp/playbake-bench' },
        keep: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    throw new Fault('option-invalid', error instanceof Error ? error.message : String(error), { hint: 'see --help' });
  }
}

function engineOf(name: string): Engine {
  const found = ENGINES.find((engine) => engine.name === name);
  if (found) return found;
  throw new Fault('option-invalid', `there is no engine "${name}"`, {
    hint: `engines are ${ENGINES.map((engine) => engine.name).join(', ')}`,
  });
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Fault('option-invalid', `${option} is a whole number above 0, not "${text}"`);
}
