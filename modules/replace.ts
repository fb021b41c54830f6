import { expandReplacement, fail, module, PythonError, pyRegex, type Result, sh } from '../src/module/module.ts';
import { ATTRIBUTE_ARGS, NO_LABELS } from './shared/attributes.ts';
import { wrongValidate } from './shared/copy-file.ts';
import { fromBytes, look, toBytes, write } from './shared/edit-file.ts';

const ATTRIBUTES_CHANGED = 'ownership, perms or SE linux context changed';

export default module({
  doc: 'Replace all that matches a regular expression in a file.',
  args: {
    path: { type: 'path', required: true, alias: ['dest', 'destfile', 'name'], doc: 'The file.' },
    regexp: { type: 'string', required: true, doc: 'What to replace; `^` and `$` match at every line.' },
    replace: {
      type: 'string',
      default: '',
      doc: 'What to put there, with references such as `\\1`; default: nothing.',
    },
    after: { type: 'string', doc: 'Only what comes after a match of this.' },
    before: { type: 'string', doc: 'Only what comes before a match of this.' },
    backup: { type: 'boolean', default: false, doc: 'Keep a copy of the old file.' },
    validate: { type: 'string', doc: 'A command that must accept the new file, which it gets as `%s`.' },
    unsafe_writes: { type: 'boolean', default: false, doc: 'Write in place where a file cannot be renamed over it.' },
    ...ATTRIBUTE_ARGS,
  },
  unsupported: { ...NO_LABELS, encoding: 'files are read as UTF-8' },
  examples: `
- replace: { path: /etc/hosts, regexp: '(\\\\s+)old(\\\\s+.*)?$', replace: '\\\\1new\\\\2' }
`,
  streams: true,
  verify({ validate, regexp, after, before }) {
    return wrongValidate(validate) ?? [regexp, after, before].map(wrongPattern).find((wrong) => wrong !== undefined);
  },
  async run(args, host): Promise<Result> {
    const { path } = args;
    const refuse = [{ is: sh`[ ! -d ${path} ]`, make: fail(`Path ${path} is a directory !`) }];
    const { content, changed, failed } = await look(host, path, args, refuse);
    if (failed !== undefined) {
      return { failed: true, msg: failed, ...(failed.endsWith(' is a directory !') && { rc: 256 }) };
    }
    if (content === undefined) return { failed: true, rc: 257, msg: `Path ${path} does not exist !` };
    const old = fromBytes(content);
    const section = sectionOf(old, args);
    if ('missing' in section) {
      return {
        changed: false,
        rc: 0,
        msg: `Pattern for before/after params did not match the given file: ${section.missing}`,
      };
    }
    const { text, count } = replaced(old.slice(section.start, section.end), args.regexp, args.replace);
    const edited = old.slice(0, section.start) + text + old.slice(section.end);
    if (edited === old) return { changed, rc: 0, msg: changed ? ATTRIBUTES_CHANGED : '' };
    const outcome = await write(host, path, toBytes(edited), args);
    if (outcome.failed) return { failed: true, msg: outcome.msg ?? 'the task failed' };
    const backup = outcome.values['backup_file'];
    const msg = `${count} replacements made${changed ? ` and ${ATTRIBUTES_CHANGED}` : ''}`;
    const told = { changed: true, rc: 0, msg };
    return backup === undefined ? told : { ...told, backup_file: backup };
  },
});

interface Bounds {
  readonly after: string | undefined;
  readonly before: string | undefined;
}

type Section = { readonly start: number; readonly end: number } | { readonly missing: string };

/** The part between `after` and `before`; `.` matches newlines in them. */
function sectionOf(text: string, { after, before }: Bounds): Section {
  if (!after && !before) return { start: 0, end: text.length };
  const end = before ? `(?P<subsection>.*${after ? '?' : ''})${before}` : '(?P<subsection>.*)';
  const pattern = `${after ?? ''}${end}`;
  const found = new RegExp(pyRegex(pattern).source, 'sd').exec(text);
  const [start, stop] = found?.indices?.groups?.['subsection'] ?? [];
  return start === undefined || stop === undefined ? { missing: pattern } : { start, end: stop };
}

function replaced(text: string, regexp: string, replacement: string) {
  let count = 0;
  let out = '';
  let last = 0;
  for (const match of text.matchAll(pyRegex(regexp, { multiline: true, mode: 'g' }))) {
    out += text.slice(last, match.index) + expandReplacement(replacement, match);
    last = match.index + match[0].length;
    count++;
  }
  return { text: out + text.slice(last), count };
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
