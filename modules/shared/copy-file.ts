/** One file from the control machine to a path on the host: what `copy` and `template` have in common. */

import {
  type Args,
  type Bytes,
  ensure,
  fail,
  type Outcome,
  put,
  type Result,
  type Steps,
  script,
  sh,
  when,
} from '../../src/module/module.ts';
import { type Attributes, attributes, pathFacts } from './attributes.ts';
import { Digests } from './digests.ts';
import { makeDirectory } from './make-directory.ts';

export const COPY_ARGS = {
  backup: { type: 'boolean', default: false, doc: 'Keep a copy of the file that is replaced.' },
  force: { type: 'boolean', default: true, doc: 'Replace a file that differs; `no`: write only where there is none.' },
  follow: {
    type: 'boolean',
    default: false,
    doc: 'Write to what a symbolic link leads to instead of replacing the link.',
  },
  validate: { type: 'string', doc: 'A command that must accept the new file, which it gets as `%s`.' },
  unsafe_writes: {
    type: 'boolean',
    default: false,
    doc: 'Write in place where a file cannot be renamed over the old one.',
  },
} as const satisfies Args;

export interface FileCopy extends Attributes {
  /** A directory, where it ends with `/` or one is there: the file gets `name` in it. */
  readonly dest: string;
  readonly name: string | undefined;
  readonly content: string | Bytes;
  readonly backup: boolean;
  readonly force: boolean;
  readonly follow: boolean;
  readonly validate: string | undefined;
  readonly unsafe_writes: boolean;
  readonly directory_mode?: string | undefined;
}

const WRITTEN = script('"$pb_path"');

function copyFile(copy: FileCopy, digests: Digests): Steps {
  const { dest, name, owner, group, mode, directory_mode: directoryMode } = copy;
  const inDirectory = dest.endsWith('/') && name !== undefined;
  const path = inDirectory ? dest + name : dest;
  const steps = [
    inDirectory &&
      ensure(sh`[ -d ${dest} ]`, makeDirectory(sh`${withoutSlash(dest)}`, { owner, group, mode: directoryMode })),
    name === undefined && ensure(sh`[ ! -d ${dest} ]`, fail('can not use content with a dir as dest')),
    put(path, copy.content, {
      into: inDirectory ? undefined : name,
      owner,
      group,
      mode,
      backup: copy.backup,
      follow: copy.follow,
      validate: copy.validate,
      unsafeWrites: copy.unsafe_writes,
      keep: !copy.force,
      verified: true,
      onPiece: digests.take,
    }),
    when(sh`[ -e ${WRITTEN} ]`, attributes(WRITTEN, { owner, group, mode })),
    pathFacts(WRITTEN, 'dest'),
  ];
  return copy.force ? steps : [when(absent(path, name), steps)];
}

function absent(path: string, name: string | undefined) {
  return sh`d=${path}; if [ -d "$d" ] && [ -n ${name ?? ''} ]; then d=$d/${name ?? ''}; fi; [ ! -e "$d" ] && [ ! -L "$d" ]`;
}

export function withoutSlash(path: string): string {
  return path.replace(/(.)\/+$/, '$1');
}

/** What was planned for a task, by its arguments: the result tells of the same content. */
const planned = new WeakMap<object, Planned>();

interface Planned {
  readonly copy: FileCopy;
  readonly src: string | undefined;
  readonly digests: Digests;
}

/** The steps of a copy; `copyResult` knows it again by `args`. `src` is the file that the content came from. */
export function remember(args: object, copy: FileCopy, src: string | undefined): Steps {
  const digests = new Digests(copy.content);
  planned.set(args, { copy, src, digests });
  return copyFile(copy, digests);
}

/** `md5sum` and `src` are told, as by Ansible, only when the content changed. */
export function copyResult({ changed, failed, msg, values, diff }: Outcome, args: object): Result {
  const { copy, digests, src } = planned.get(args) ?? {};
  if (!copy || !digests) throw new Error('a result without a plan');
  const checksum = digests.sha1;
  if (failed) return { changed: false, failed, checksum, ...explain(msg) };
  // Without force the file that is there is not even looked at.
  if (values['dest'] === undefined) return { changed, dest: copy.dest, ...(src !== undefined && { src }) };
  const written = diff.some(({ name }) => name === undefined);
  const { dest, ...rest } = values;
  return {
    changed,
    dest,
    ...(!written && { path: dest }),
    checksum,
    ...(written && { md5sum: digests.md5, ...(src !== undefined && { src }) }),
    ...rest,
  };
}

/** What a validate command said stands apart in Ansible's result. */
export function explain(msg = 'the task failed'): Result {
  const found = /^failed to validate: rc:(\d+) error:(.*)$/s.exec(msg);
  if (!found) return { msg };
  return { msg: 'failed to validate', exit_status: Number(found[1]), stdout: '', stderr: found[2] ?? '' };
}

/** What is wrong with a validate command, if anything. */
export function wrongValidate(validate: string | undefined): string | undefined {
  return validate === undefined || validate.includes('%s') ? undefined : `validate must contain %s: ${validate}`;
}
