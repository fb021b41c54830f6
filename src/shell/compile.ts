/** Steps to one small POSIX shell program. Check mode, diff, `changed` and stop-on-failure are written here, once. */

import { wholeOf } from './bytes.ts';
import { digestOf } from './digest-of.ts';
import { quote, Sh } from './sh.ts';
import { splitWords } from './split-words.ts';
import { compact, Fail, type Put, type Run, type Step, type Steps } from './steps.ts';

export interface CompileOptions {
  readonly check: boolean;
  readonly diff: boolean;
  /** Running commands tell their last line once a second. */
  readonly watch?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  /** Where the content of a large `put` was uploaded to. */
  readonly uploads?: ReadonlyMap<Put, string>;
  /** Whether what stands where a `put` will write was just seen to be the same: then nothing need be compared. */
  readonly seen?: ReadonlyMap<Put, 'same' | 'other'>;
}

export interface Program {
  readonly text: string;
  /** The steps by the index that their frames carry. */
  readonly steps: readonly Step[];
}

/** Content over this many bytes goes raw over a channel of its own. */
export const INLINE_LIMIT = 65536;

export function compile(steps: Steps, options: CompileOptions): Program {
  const printer = new Printer(options);
  const calls = printer.sequence(steps);
  const settings = `pb_c=${options.check ? 1 : ''} pb_D=${options.diff ? 1 : ''} pb_w=${options.watch ? 1 : ''}`;
  const exports = Object.entries(options.environment ?? {}).map(exported);
  return { text: [settings, ...exports, ...printer.functions, calls].join('\n'), steps: printer.steps };
}

/** Our own pieces keep LC_ALL=C, for frames count bytes; the user's commands get what the user wants. */
function exported([name, value]: readonly [string, string]): string {
  return name === 'LC_ALL' ? `pb_l=${quote(value)}` : `export ${name}=${quote(value)}`;
}

class Printer {
  readonly functions: string[] = [];
  readonly steps: Step[] = [];
  readonly #options: CompileOptions;

  constructor(options: CompileOptions) {
    this.#options = options;
  }

  /** The call of each step, chained so that the first failure ends the program. */
  sequence(steps: Steps): string {
    const calls = compact(steps).map((step) => this.#call(step));
    return calls.length > 0 ? calls.join(' &&\n') : ':';
  }

  #call(step: Step): string {
    const index = this.steps.push(step) - 1;
    switch (step.kind) {
      case 'ensure':
        this.#define('i', index, step.is);
        this.#define('m', index, step.make);
        return step.make instanceof Fail ? `pb_demand ${index}` : `pb_ensure ${index}`;
      case 'set':
        this.#define('r', index, step.read);
        this.#define('m', index, step.make);
        return `pb_set ${index} ${quote(step.want)}${step.assigns ? ' 1' : ''}`;
      case 'put':
        return this.#put(step, index);
      case 'run':
        return this.#run(step, index);
      case 'read':
        this.#define('r', index, step.command);
        return `pb_read ${index}${step.assigns ? ' 1' : ''}`;
      case 'when':
        this.#define('i', index, step.test);
        return `if i_${index} >/dev/null 2>&1 </dev/null; then ${this.sequence(step.then)}
else ${this.sequence(step.otherwise)}; fi`;
    }
  }

  #run(step: Run, index: number): string {
    const locale = step.user ? 'if [ -n "$pb_l" ]; then LC_ALL=$pb_l; else unset LC_ALL; fi; ' : '';
    this.functions.push(`m_${index}() ( ${locale}${step.command.text}\n)`);
    const ok = step.ok === 'any' ? 'any' : (step.ok ?? [0]).join(' ');
    const call = `pb_run ${index} ${quote(step.harmless ? '1' : '')} ${quote(ok)}`;
    if (!step.unless) return call;
    this.#define('i', index, step.unless);
    return `if i_${index} >/dev/null 2>&1 </dev/null; then pb_say ${index} ok 0 '' ''; else ${call}; fi`;
  }

  #put(step: Put, index: number): string {
    const uploaded = this.#options.uploads?.get(step);
    const seen = this.#options.seen?.get(step);
    const content = contentCommand(step, uploaded);
    this.functions.push(step.content instanceof Sh ? `c_${index}() ( ${content}\n)` : `c_${index}() { ${content}\n}`);
    if (step.validate) this.functions.push(`v_${index}() ( ${validateCommand(step.validate)}\n)`);
    const flags = [
      step.follow && 'f',
      step.keep && 'k',
      step.backup && 'b',
      step.validate && 'v',
      step.unsafeWrites && 'u',
      (step.differs || seen === 'other') && 'd',
      seen === 'same' && 's',
      step.verified && 'l',
    ];
    const words = [
      step.path,
      // Of what need not be compared any digest will do.
      seen ? '-' : digest(step),
      step.owner ?? '',
      step.group ?? '',
      step.mode ?? '',
      flags.filter(Boolean).join(''),
      step.into ?? '',
      ...(uploaded === undefined ? [] : [uploaded]),
    ];
    return `pb_put ${index} ${words.map(quote).join(' ')}`;
  }

  #define(letter: string, index: number, body: Sh): void {
    this.functions.push(`${letter}_${index}() { ${body.text}\n}`);
  }
}

/** Empty for content that only the host can make. */
function digest({ content }: Put): string {
  return content instanceof Sh ? '' : digestOf('sha256', content);
}

function contentCommand({ content, path }: Put, uploaded: string | undefined): string {
  if (content instanceof Sh) return content.text;
  if (uploaded !== undefined) return `cat ${quote(uploaded)} && rm -f ${quote(uploaded)}`;
  const text = typeof content === 'string' ? content : asText(wholeOf(content));
  if (text !== undefined && !text.includes('\0')) return `printf %s ${quote(text)}`;
  if (content.length > INLINE_LIMIT) throw new Error(`the content of ${path} must be uploaded`);
  return `printf %b '${octal(wholeOf(content))}'`;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes that are text need no escapes. */
function asText(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Bytes as `printf %b` reads them: `\0ooo`, which no following digit can lengthen. */
function octal(bytes: Buffer): string {
  let out = '';
  for (const byte of bytes) {
    const plain = byte === 10 || (byte >= 32 && byte < 127 && byte !== 39 && byte !== 92);
    out += plain ? String.fromCharCode(byte) : `\\0${byte.toString(8).padStart(3, '0')}`;
  }
  return out;
}

/** The user's validate command as words of its own, as Ansible splits it; `%s` is the new file. */
function validateCommand(command: string): string {
  const words = splitWords(command).map((word) => {
    const pieces = word.split('%s').map((piece) => (piece === '' ? '' : quote(piece)));
    return pieces.join('"$1"') || "''";
  });
  return words.join(' ');
}
