/** Reading a file on the host, changing its bytes here and writing it back: two trips, one where nothing is to change. */

import {
  ensure,
  type Host,
  type Outcome,
  put,
  read,
  type Sh,
  type Steps,
  script,
  sh,
  when,
} from '../../src/module/module.ts';
import { type Attributes, attributes } from './attributes.ts';
import { makeDirectory } from './make-directory.ts';

/** Text in which every character stands for one byte. Ansible's edits work on bytes too. */
export type Bytes = string;

export function toBytes(text: string): Bytes {
  return Buffer.from(text, 'utf8').toString('latin1');
}

export function fromBytes(bytes: Bytes): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

export interface Looked {
  /** Undefined where no file is there. */
  readonly content: Bytes | undefined;
  /** Whether the attributes of the file that is there were changed. */
  readonly changed: boolean;
  readonly failed: string | undefined;
}

const REPLACEMENT = '\uFFFD';

/** Reads the file, and sets the attributes of one that is there. `refuse`: what it must not be. */
export async function look(
  host: Host,
  path: string,
  given: Attributes,
  refuse: readonly { readonly is: Sh; readonly make: Sh }[],
): Promise<Looked> {
  const target = script('"$p"');
  const steps: Steps = [
    ...refuse.map(({ is, make }) => ensure(is, make)),
    read(sh`cat -- ${path}`, ({ rc, stdout }) => (rc === 0 ? { content: stdout } : {})),
    when(sh`p=${path}; [ -e "$p" ] && { [ ! -L "$p" ] || p=$(readlink -f -- "$p"); }`, attributes(target, given)),
  ];
  const outcome = await host.apply(steps);
  const { content } = outcome.values;
  const failed = outcome.failed ? (outcome.msg ?? 'the task failed') : undefined;
  if (typeof content !== 'string') return { content: undefined, changed: outcome.changed, failed };
  const bytes = content.includes(REPLACEMENT) ? await readBytes(host, path) : toBytes(content);
  return { content: bytes, changed: outcome.changed, failed };
}

/** What is not UTF-8 comes as base64. */
async function readBytes(host: Host, path: string): Promise<Bytes> {
  const outcome = await host.apply([read(sh`base64 <${path}`, ({ stdout }) => ({ content: stdout }))]);
  return Buffer.from(String(outcome.values['content']), 'base64').toString('latin1');
}

export interface Writing extends Attributes {
  readonly backup: boolean;
  readonly validate: string | undefined;
  readonly unsafe_writes: boolean;
}

/** Writes other content than `look` found, through a link too, and makes the directory of a new file. Nothing comes after it. */
export async function write(host: Host, path: string, content: Bytes, how: Writing): Promise<Outcome> {
  const bytes = Buffer.from(content, 'latin1');
  const text = bytes.toString('utf8');
  const directory = path.replace(/[^/]*$/, '').replace(/(.)\/+$/, '$1');
  const { owner, group, mode, backup, validate, unsafe_writes: unsafeWrites } = how;
  return host.finish([
    directory !== '' && ensure(sh`[ -d ${directory} ]`, makeDirectory(sh`${directory}`, {})),
    put(path, text.includes(REPLACEMENT) ? bytes : text, {
      owner,
      group,
      mode,
      backup,
      validate,
      unsafeWrites,
      follow: true,
      differs: true,
    }),
  ]);
}
