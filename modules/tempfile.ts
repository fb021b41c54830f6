import { module, type Result, run, script, sh } from '../src/module/module.ts';

/** Its name is made here, because busybox's mktemp takes no suffix. */
const MAKE = script(`n=0
if [ -z "$d" ]; then d=\${TMPDIR:-/tmp}; fi
umask 077
while [ "$n" -lt 100 ]; do
  p=\${d%/}/$b$(head -c 6 /dev/urandom | od -A n -t x1 | tr -d ' \\n')$e
  if [ "$k" = directory ]; then mkdir "$p" 2>/dev/null && break
  else ( set -C; : >"$p" ) 2>/dev/null && break; fi
  if [ ! -d "$d" ]; then echo "No such file or directory: '$d'" >&2; exit 1; fi
  if [ ! -w "$d" ]; then echo "Permission denied: '$d'" >&2; exit 1; fi
  n=$((n + 1))
done
printf %s "$p"`);

export default module({
  doc: 'Make a temporary file or directory on the host; nothing removes it by itself.',
  args: {
    state: { type: 'enum', of: ['file', 'directory'], default: 'file', doc: 'What to make.' },
    path: { type: 'path', doc: 'The directory to make it in; default: that for temporary files.' },
    prefix: { type: 'string', default: 'ansible.', doc: 'What its name begins with.' },
    suffix: { type: 'string', default: '', doc: 'What its name ends with.' },
  },
  examples: `
- tempfile: { state: directory, suffix: .build }
`,
  streams: true,
  plan: ({ state, path, prefix, suffix }) => [
    run(
      sh`k=${state} d=${path ?? ''} b=${prefix} e=${suffix}
${MAKE}`,
      { result: ({ rc, stdout, stderr }) => (rc === 0 ? { path: stdout } : { wrong: stderr.trim() }) },
    ),
  ],
  result({ changed, failed, skipped, values }): Result {
    if (skipped) return { skipped, msg: 'remote module (tempfile) does not support check mode' };
    return failed ? { failed, msg: values['wrong'] ?? '' } : { changed, path: values['path'] };
  },
});
