import { fail, module, pyRegex, type Result, sh } from '../src/module/module.ts';
import { ATTRIBUTE_ARGS, NO_LABELS } from './shared/attributes.ts';
import { wrongValidate } from './shared/copy-file.ts';
import { type Bytes, fromBytes, look, toBytes, write } from './shared/edit-file.ts';
import { splitLines } from './shared/edit-lines.ts';

interface Place {
  readonly insertafter: string | undefined;
  readonly insertbefore: string | undefined;
}

const ATTRIBUTES_CHANGED = 'ownership, perms or SE linux context changed';

export default module({
  doc: 'Make sure that a block of lines, between two marking lines, is in a file, or is not.',
  args: {
    path: { type: 'path', required: true, alias: ['dest', 'destfile', 'name'], doc: 'The file.' },
    state: { type: 'enum', of: ['present', 'absent'], default: 'present', doc: 'Whether the block is to be there.' },
    block: { type: 'string', default: '', alias: ['content'], doc: 'The lines; none removes the block.' },
    marker: {
      type: 'string',
      default: '# {mark} ANSIBLE MANAGED BLOCK',
      doc: 'The marking lines; {mark} stands for marker_begin and marker_end.',
    },
    marker_begin: { type: 'string', default: 'BEGIN', doc: 'What {mark} is above the block.' },
    marker_end: { type: 'string', default: 'END', doc: 'What {mark} is below the block.' },
    insertafter: { type: 'string', doc: 'A new block goes after the last match of this, or to EOF (the default).' },
    insertbefore: { type: 'string', doc: 'A new block goes before the last match of this, or to BOF.' },
    create: { type: 'boolean', default: false, doc: 'Make the file when it is not there.' },
    backup: { type: 'boolean', default: false, doc: 'Keep a copy of the old file.' },
    validate: { type: 'string', doc: 'A command that must accept the new file, which it gets as `%s`.' },
    unsafe_writes: { type: 'boolean', default: false, doc: 'Write in place where a file cannot be renamed over it.' },
    ...ATTRIBUTE_ARGS,
  },
  unsupported: NO_LABELS,
  examples: `
- blockinfile:
    path: /etc/ssh/sshd_config
    block: |
      Match User deploy
      PasswordAuthentication no
`,
  streams: true,
  verify({ insertafter, insertbefore, validate }) {
    if (insertafter !== undefined && insertbefore !== undefined) {
      return 'parameters are mutually exclusive: insertbefore|insertafter';
    }
    return wrongValidate(validate);
  },
  async run(args, host): Promise<Result> {
    const { path, state, block, create } = args;
    const refuse = [{ is: sh`[ ! -d ${path} ]`, make: fail(`Path ${path} is a directory !`) }];
    const { content: old, changed, failed } = await look(host, path, args, refuse);
    if (failed !== undefined) {
      return { failed: true, msg: failed, ...(failed.endsWith(' is a directory !') && { rc: 256 }) };
    }
    if (old === undefined && !create) return { failed: true, rc: 257, msg: `Path ${path} does not exist !` };
    if (old === undefined && state === 'absent') return { changed: false, msg: `File ${path} not present` };
    const marks = [args.marker_begin, args.marker_end].map((mark) =>
      toBytes(`${args.marker.replaceAll('{mark}', mark)}\n`),
    );
    const lines = state === 'present' ? splitLines(toBytes(block)) : [];
    const ended = lines.length > 0 && !block.endsWith('\n') ? [...lines.slice(0, -1), `${lines.at(-1)}\n`] : lines;
    const added = ended.length > 0 ? [marks[0] ?? '', ...ended, marks[1] ?? ''] : [];
    const edited = withBlock(splitLines(old ?? ''), added, marks, args).join('');
    if (edited === old) return { changed, msg: changed ? ATTRIBUTES_CHANGED : '' };
    const outcome = await write(host, path, edited, args);
    if (outcome.failed) return { failed: true, msg: outcome.msg ?? 'the task failed' };
    const msg = old === undefined ? 'File created' : added.length > 0 ? 'Block inserted' : 'Block removed';
    const backup = outcome.values['backup_file'];
    const told = { changed: true, msg: changed ? `${msg} and ${ATTRIBUTES_CHANGED}` : msg };
    return backup === undefined ? told : { ...told, backup_file: backup };
  },
});

/** Where the marking lines are, their block is replaced; else it goes to its place. */
function withBlock(
  lines: readonly Bytes[],
  block: readonly Bytes[],
  [begin = '', end = '']: readonly Bytes[],
  place: Place,
): readonly Bytes[] {
  const [first, last] = [lines.lastIndexOf(begin), lines.lastIndexOf(end)].sort((one, two) => one - two);
  const there = first !== undefined && last !== undefined && first >= 0;
  const at = there ? first : placeOf(lines, place);
  const before = lines.slice(0, at);
  const after = there ? lines.slice(last + 1) : lines.slice(at);
  const closing = before.at(-1);
  const closed = closing === undefined || closing.endsWith('\n') ? before : [...before.slice(0, -1), `${closing}\n`];
  return [...closed, ...block, ...after];
}

function placeOf(lines: readonly Bytes[], { insertafter, insertbefore }: Place): number {
  if (insertafter === undefined && insertbefore === 'BOF') return 0;
  const pattern = insertafter ?? insertbefore;
  if (pattern === undefined || pattern === 'EOF') return lines.length;
  const regex = pyRegex(pattern);
  const found = lines.findLastIndex((line) => regex.test(fromBytes(line)));
  if (found < 0) return lines.length;
  return insertafter === undefined ? found : found + 1;
}
