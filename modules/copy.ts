import { statSync } from 'node:fs';
import {
  type Args,
  type Bytes,
  type Context,
  digestOf,
  isDict,
  isList,
  localContent,
  module,
  type Planned,
  type Result,
  str,
  type Typed,
  type Value,
  writeJson,
} from '../src/module/module.ts';
import { ATTRIBUTE_ARGS, NO_LABELS } from './shared/attributes.ts';
import { copyDirectory, modeOf } from './shared/copy-directory.ts';
import { COPY_ARGS, copyResult, explain, remember, wrongValidate } from './shared/copy-file.ts';
import { refuseVault } from './shared/refuse-vault.ts';
import { remoteCopy } from './shared/remote-copy.ts';

const args = {
  src: { type: 'string', doc: 'A file or directory; of a directory with a slash at its end, what is in it.' },
  content: { type: 'value', doc: 'What the file is to hold, instead of src; data is written as JSON.' },
  dest: { type: 'path', required: true, doc: 'Where to on the host.' },
  ...ATTRIBUTE_ARGS,
  directory_mode: { type: 'mode', doc: 'Permissions of the directories that are made.' },
  ...COPY_ARGS,
  remote_src: { type: 'boolean', default: false, doc: 'The source is on the host.' },
  local_follow: {
    type: 'boolean',
    doc: 'Copy what links in the source lead to; default: yes, but no with remote_src.',
  },
  checksum: { type: 'string', doc: 'The SHA-1 that the source must have.' },
  decrypt: { type: 'boolean', default: true, doc: '`no`: a file encrypted by ansible-vault is copied as it is.' },
} as const satisfies Args;

type CopyArgs = Typed<typeof args>;

export default module({
  doc: 'Copy a file, a directory or given content to the host.',
  args,
  unsupported: NO_LABELS,
  examples: `
- copy: { src: app.conf, dest: /etc/app.conf, owner: root, mode: "0644" }
- copy:
    content: "{{ settings }}"
    dest: /srv/app/settings.json
    validate: python3 -m json.tool %s
- copy: { src: static/, dest: /srv/www/, directory_mode: "0755" }
`,
  streams: true,
  verify({ src, content, dest, validate }) {
    if (!src && content === undefined) return 'src (or content) is required';
    if (src && content !== undefined) return 'src and content are mutually exclusive';
    if (content !== undefined && dest.endsWith('/')) return 'can not use content with a dir as dest';
    return wrongValidate(validate);
  },
  plan,
  result(outcome, given, context): Result {
    const { failed, msg, values, changed } = outcome;
    if (!given.remote_src && !isDirectory(given, context)) return copyResult(outcome, given);
    if (failed) return { changed: false, failed, ...explain(msg) };
    return {
      changed,
      ...(given.remote_src ? {} : { dest: withSlash(given.dest), src: sourceOf(given, context) }),
      ...values,
    };
  },
});

function plan(given: CopyArgs, context: Context): Planned {
  const { src, content, mode, remote_src: remote } = given;
  if (content !== undefined) {
    return remember(
      given,
      { ...given, content: textOf(content), name: undefined, mode: mode === 'preserve' ? '0600' : mode },
      undefined,
    );
  }
  if (src === undefined) return [];
  if (remote) return remoteCopy({ ...given, src });
  const found = sourceOf(given, context);
  if (isDirectory(given, context)) {
    return copyDirectory({
      ...given,
      src: src.endsWith('/') ? withSlash(found) : found,
      local_follow: given.local_follow ?? true,
    });
  }
  const bytes = localContent(found);
  refuseVault(found, bytes, given.decrypt);
  const wrong = given.checksum === undefined ? undefined : wrongChecksum(given.checksum, bytes);
  if (wrong) return wrong;
  const name = src.replace(/^.*\//, '');
  return remember(given, { ...given, content: bytes, name, mode: mode === 'preserve' ? modeOf(found) : mode }, found);
}

function wrongChecksum(expected: string, bytes: Bytes): Planned | undefined {
  const checksum = digestOf('sha1', bytes);
  if (expected === checksum) return undefined;
  const msg = 'Copied file does not match the expected checksum. Transfer failed.';
  return { failed: true, msg, checksum, expected_checksum: expected };
}

function sourceOf({ src = '' }: CopyArgs, context: Context): string {
  return context.find(src, 'files');
}

function isDirectory(given: CopyArgs, context: Context): boolean {
  return given.src !== undefined && statSync(sourceOf(given, context)).isDirectory();
}

function withSlash(path: string): string {
  return `${path.replace(/\/+$/, '')}/`;
}

function textOf(content: Value): string {
  return isDict(content) || isList(content) ? writeJson(content) : str(content);
}
