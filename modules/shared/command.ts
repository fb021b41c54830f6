/** Running a user's command: the arguments, steps and results that `command` and `shell` have in common. */

import {
  type Args,
  ensure,
  fail,
  join,
  lines,
  type Outcome,
  type Plain,
  quote,
  type Ran,
  type Result,
  read,
  run,
  Sh,
  type Step,
  type Steps,
  script,
  sh,
  when,
} from '../../src/module/module.ts';
import { pythonBytes } from './python-bytes.ts';

export const COMMAND_ARGS = {
  cmd: { type: 'string', doc: 'The command.' },
  chdir: { type: 'path', doc: 'The directory to run it in.' },
  creates: { type: 'path', doc: 'Run it only where no file of this name (or glob) is there.' },
  removes: { type: 'path', doc: 'Run it only where a file of this name (or glob) is there.' },
  stdin: { type: 'string', doc: 'What it reads.' },
  stdin_add_newline: { type: 'boolean', default: true, doc: 'Add a newline to stdin.' },
  strip_empty_ends: { type: 'boolean', default: true, doc: 'Take empty lines off the end of its output.' },
} as const satisfies Args;

export interface Command {
  /** The program and its arguments, each one shell word. */
  readonly words: readonly Sh[];
  readonly chdir: string | undefined;
  readonly creates: string | undefined;
  readonly removes: string | undefined;
  readonly stdin: string | undefined;
  readonly stdin_add_newline: boolean;
}

export function commandSteps(command: Command): Steps {
  const { creates, removes } = command;
  const once =
    removes === undefined
      ? [execute(command)]
      : [when(sh`! ${exists(removes)}`, [reason('removes')], [execute(command)])];
  const steps = creates === undefined ? once : [when(exists(creates), [reason('creates')], once)];
  return [...changeDirectory(command.chdir), ...steps];
}

/** The program's later steps run there too. */
export function changeDirectory(chdir: string | undefined): Steps {
  if (chdir === undefined) return [];
  const not = (why: string) => fail(`Unable to change directory before execution: ${why}: ${pythonBytes(chdir)}`);
  return [
    ensure(sh`[ -e ${chdir} ]`, not('[Errno 2] No such file or directory')),
    ensure(sh`[ -d ${chdir} ]`, not('[Errno 20] Not a directory')),
    ensure(sh`CDPATH= cd -- ${chdir}`, not('[Errno 13] Permission denied')),
  ];
}

/** Whether a glob matches anything: its special characters stay outside the quotes. */
export function exists(pattern: string): Sh {
  const glob = new Sh(
    pattern
      .split(/([*?[\]!-])/)
      .map((part, at) => (part === '' || at % 2 === 1 ? part : sh`${part}`.text))
      .join(''),
  );
  return sh`{ set -- ${glob}; [ -e "$1" ] || [ -L "$1" ]; }`;
}

function reason(which: 'creates' | 'removes'): Step {
  return read(sh`:`, () => ({ not_run: which }));
}

/** Looks the program up itself, because a shell would take a builtin for it, and because only it knows why it is not found. */
const FIND = script(`pb_find() {
  case $1 in
    */*) pb_e=2; [ ! -e "$1" ] || { pb_e=13; [ ! -f "$1" ] || [ ! -x "$1" ] || return 0; }; return 1;;
  esac
  pb_e=2; pb_p=$PATH:
  while [ -n "$pb_p" ]; do
    pb_q=\${pb_p%%:*}; pb_p=\${pb_p#*:}; pb_q=\${pb_q:-.}/$1
    if [ -f "$pb_q" ]; then if [ -x "$pb_q" ]; then return 0; fi; pb_e=13; fi
  done
  return 1
}`);

/** The error of starting it comes after its stderr, between record separators. */
function execute({ words, stdin, stdin_add_newline: newline }: Command): Step {
  const start = stdin ? sh`printf ${newline ? '%s\\n' : '%s'} ${stdin} | ( exec "$@" )` : sh`exec "$@"`;
  const command = sh`${FIND}
    set -- ${join(words, ' ')}
    if ! pb_find "$1"; then printf '\036%s\036' "$pb_e" >&2; exit 2; fi
    ${start}`;
  return run(command, { user: true, result: raw });
}

function raw({ rc, stdout, stderr, time }: Ran): { readonly [key: string]: Plain } {
  return { rc, stdout, stderr, ...time };
}

export interface Told {
  /** As the result shows it: the words of a command, the text of a shell. */
  readonly cmd: Plain;
  readonly program: string;
  readonly creates: string | undefined;
  readonly removes: string | undefined;
  readonly strip: boolean;
  readonly check: boolean;
}

const NOTHING = {
  changed: false,
  stdout: '',
  stderr: '',
  rc: null,
  start: null,
  end: null,
  delta: null,
  msg: '',
} as const;

export function commandResult(outcome: Outcome, told: Told): Result {
  const { values, msg } = outcome;
  const base = { ...NOTHING, cmd: told.cmd };
  if (msg !== undefined) return withLines({ ...base, failed: true, msg });
  if (values['not_run'] !== undefined) return withLines({ ...base, ...notRun(values['not_run'] === 'creates', told) });
  if (told.check) {
    const judged = told.creates === undefined && told.removes === undefined ? { skipped: true } : { changed: true };
    return withLines({ ...base, rc: 0, msg: 'Command would have run if not in check mode', ...judged });
  }
  return withLines({ ...base, ...ran(outcome, told) });
}

function notRun(created: boolean, { creates = '', removes = '', check }: Told): Result {
  const why = created ? `${creates} exists` : `${removes} does not exist`;
  const quoted = created ? `'${creates}' exists` : `'${removes}' does not exist`;
  return { rc: 0, msg: `${check ? 'Would' : 'Did'} not run command since ${quoted}`, stdout: `skipped, since ${why}` };
}

function ran({ values }: Outcome, { program, strip, cmd }: Told): Result {
  const stderr = String(values['stderr'] ?? '');
  const rc = Number(values['rc']);
  const errno = rc === 2 ? /\x1e(\d+)\x1e$/.exec(stderr)?.[1] : undefined;
  if (errno !== undefined) return notStarted(errno, program, cmd);
  const { start, end, delta } = values;
  const trim = (text: string) => (strip ? text.replace(/[\r\n]+$/, '') : text);
  return {
    changed: true,
    rc,
    stdout: trim(String(values['stdout'] ?? '')),
    stderr: trim(stderr),
    ...(start !== undefined && end !== undefined && delta !== undefined && { start, end, delta }),
    ...(rc !== 0 && { failed: true, msg: 'non-zero return code' }),
  };
}

function notStarted(errno: string, program: string, cmd: Plain): Result {
  const why = errno === '13' ? '[Errno 13] Permission denied' : '[Errno 2] No such file or directory';
  const text = Array.isArray(cmd) ? cmd.map((word) => quote(String(word))).join(' ') : cmd;
  return { failed: true, rc: Number(errno), cmd: text, msg: `${why}: ${pythonBytes(program)}` };
}

function withLines(result: Result): Result {
  return { ...result, stdout_lines: splitLines(result['stdout']), stderr_lines: splitLines(result['stderr']) };
}

/** A newline ends a line: nothing comes after the last one. */
function splitLines(text: Result[string]): readonly string[] {
  return lines(String(text).replace(/(?:\r\n|\r|\n)$/, ''));
}
