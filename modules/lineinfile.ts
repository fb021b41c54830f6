import {
  type Args,
  fail,
  type Host,
  module,
  PythonError,
  pyRegex,
  type Result,
  sh,
  type Typed,
} from '../src/module/module.ts';
import { ATTRIBUTE_ARGS, NO_LABELS } from './shared/attributes.ts';
import { wrongValidate } from './shared/copy-file.ts';
import { type Bytes, look, write } from './shared/edit-file.ts';
import { splitLines, withLine, withoutLines } from './shared/edit-lines.ts';

const args = {
  path: { type: 'path', required: true, alias: ['dest', 'destfile', 'name'], doc: 'The file.' },
  state: { type: 'enum', of: ['present', 'absent'], default: 'present', doc: 'Whether the line is to be there.' },
  line: { type: 'string', alias: ['value'], doc: 'The line.' },
  regexp: {
    type: 'string',
    alias: ['regex'],
    doc: 'The line to replace (of several the last), or the lines to remove.',
  },
  search_string: { type: 'string', doc: 'Like regexp, but plain text.' },
  backrefs: {
    type: 'boolean',
    default: false,
    doc: 'Fill the groups of regexp into the line; without a match nothing is done.',
  },
  insertafter: { type: 'string', doc: 'A new line goes after the last match of this, or to EOF (the default).' },
  insertbefore: { type: 'string', doc: 'A new line goes before the last match of this, or to BOF.' },
  firstmatch: { type: 'boolean', default: false, doc: 'The first match counts instead of the last.' },
  create: { type: 'boolean', default: false, doc: 'Make the file when it is not there.' },
  backup: { type: 'boolean', default: false, doc: 'Keep a copy of the old file.' },
  validate: { type: 'string', doc: 'A command that must accept the new file, which it gets as `%s`.' },
  unsafe_writes: {
    type: 'boolean',
    default: false,
    doc: 'Write in place where a file cannot be renamed over the old one.',
  },
  ...ATTRIBUTE_ARGS,
} as const satisfies Args;

type LineArgs = Typed<typeof args>;

const ATTRIBUTES_CHANGED = 'ownership, perms or SE linux context changed';

export default module({
  doc: 'Make sure that a line is in a file, or is not.',
  args,
  unsupported: NO_LABELS,
  examples: `
- lineinfile: { path: /etc/hosts, line: 10.0.0.5 db, regexp: "\\\\sdb$" }
- lineinfile: { path: /etc/ssh/sshd_config, regexp: "^#?PasswordAuthentication", line: PasswordAuthentication no, validate: sshd -t -f %s }
`,
  streams: true,
  verify,
  async run(given, host): Promise<Result> {
    warnOfEmpty(given, host);
    const { path, state, create } = given;
    const refuse = [{ is: sh`[ ! -d ${path} ]`, make: fail(`Path ${path} is a directory !`) }];
    const { content, changed, failed } = await look(host, path, given, refuse);
    if (failed !== undefined)
      return { failed: true, msg: failed, ...(failed.endsWith(' is a directory !') && { rc: 256 }) };
    if (content !== undefined) return edit(given, host, content, changed);
    if (state === 'absent') return { changed: false, msg: 'file not present' };
    return create
      ? edit(given, host, undefined, false)
      : { failed: true, rc: 257, msg: `Destination ${path} does not exist !` };
  },
});

function verify(given: LineArgs): string | undefined {
  const { state, line, regexp, search_string: text, backrefs, insertafter: after, insertbefore: before } = given;
  const exclusive = (names: string) => `parameters are mutually exclusive: ${names}`;
  if (before !== undefined && after !== undefined) return exclusive('insertbefore|insertafter');
  if (regexp !== undefined && text !== undefined) return exclusive('regexp|search_string');
  if (backrefs && text !== undefined) return exclusive('backrefs|search_string');
  if (state === 'absent' && regexp === undefined && text === undefined && line === undefined) {
    return 'one of line, search_string, or regexp is required with state=absent';
  }
  if (state === 'present' && backrefs && regexp === undefined) return 'regexp is required with backrefs=true';
  if (state === 'present' && line === undefined) return 'line is required with state=present';
  return (
    wrongValidate(given.validate) ?? [regexp, after, before].map(wrongPattern).find((wrong) => wrong !== undefined)
  );
}

function wrongPattern(pattern: string | undefined): string | undefined {
  if (pattern === undefined) return undefined;
  try {
    pyRegex(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof PythonError) return error.message;
    throw error;
  }
}

function warnOfEmpty({ regexp, search_string: text }: LineArgs, host: Host): void {
  if (regexp !== '' && text !== '') return;
  const what = regexp === '' ? 'regular expression' : 'search string';
  const instead = " If this is desired, use '^' to match every line in the file and avoid this warning.";
  host.warn(
    `The ${what} is an empty string, which will match every line in the file. This may have unintended consequences, ` +
      `such as replacing the last line in the file rather than appending.${regexp === '' ? instead : ''}`,
  );
}

async function edit(given: LineArgs, host: Host, old: Bytes | undefined, attributesChanged: boolean): Promise<Result> {
  const lines = splitLines(old ?? '');
  const kept = given.state === 'absent' ? withoutLines(lines, given.line, given) : undefined;
  const edited = kept
    ? kept.length < lines.length && { lines: kept, msg: `${lines.length - kept.length} line(s) removed` }
    : withLine(lines, given.line ?? '', given);
  const found = kept && { found: lines.length - kept.length };
  if (!edited)
    return { changed: attributesChanged, ...found, msg: attributesChanged ? ATTRIBUTES_CHANGED : '', backup: '' };
  const outcome = await write(host, given.path, edited.lines.join(''), given);
  if (outcome.failed) return { failed: true, msg: outcome.msg ?? 'the task failed' };
  const msg =
    attributesChanged || (old === undefined && !host.check && isSpecial(given))
      ? `${edited.msg} and ${ATTRIBUTES_CHANGED}`
      : edited.msg;
  return { changed: true, ...found, msg, backup: outcome.values['backup_file'] ?? '' };
}

/** Whether a new file gets other attributes than files get by themselves. */
function isSpecial({ owner, group, mode }: LineArgs): boolean {
  return owner !== undefined || group !== undefined || (mode !== undefined && !/^0?644$/.test(mode));
}
