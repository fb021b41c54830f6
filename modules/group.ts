import { ensure, fail, module, type Result, read, script, set, sh, when } from '../src/module/module.ts';

/** `g` is the group's line, empty where there is none and when it has changed since. */
const LOOK = (name: string) => sh`g=$(getent group ${name})`;
const GID = script('v=${g#*:*:}; v=${v%%:*}');

export default module({
  doc: 'Make sure that a group is there, or not.',
  args: {
    name: { type: 'string', required: true, doc: 'The group.' },
    state: { type: 'enum', of: ['present', 'absent'], default: 'present', doc: 'Whether it is to be there.' },
    gid: { type: 'int', doc: 'Its number.' },
    system: { type: 'boolean', default: false, doc: 'Make a system group (when it is made).' },
    non_unique: { type: 'boolean', default: false, doc: 'Another group may have the same number; with gid.' },
    force: { type: 'boolean', default: false, doc: 'Remove it even when it is the primary group of a user.' },
  },
  unsupported: { local: 'groups are made by groupadd, which makes local ones' },
  examples: `
- group: { name: deploy, gid: 1500 }
- group: { name: old, state: absent }
`,
  streams: true,
  verify({ non_unique, gid }) {
    return non_unique && gid === undefined ? 'non_unique needs gid' : undefined;
  },
  plan({ name, state, gid, system, non_unique, force }) {
    const there = sh`getent group ${name} >/dev/null`;
    if (state === 'absent') {
      const remove = sh`if command -v groupdel >/dev/null; then groupdel ${force ? ['-f'] : []} ${name}; else delgroup ${name}; fi`;
      return [ensure(sh`! ${there}`, remove)];
    }
    const number = gid === undefined ? [] : ['-g', gid];
    const unique = non_unique ? ['-o'] : [];
    const make = sh`if command -v groupadd >/dev/null; then groupadd ${number} ${unique} ${system ? ['-r'] : []} ${name}
      else addgroup ${number} ${system ? ['-S'] : []} ${name}; fi`;
    const change = sh`if command -v groupmod >/dev/null; then groupmod ${number} ${unique} ${name}; else ${fail('groupmod is missing on the host: install the package shadow')}; fi`;
    return [
      when(
        sh`${LOOK(name)}; [ -n "$g" ]`,
        [gid !== undefined && set('gid', GID, String(gid), sh`{ ${change}; } && g=`, { assigns: true })],
        [ensure(sh`false`, make)],
      ),
      read(sh`[ -n "$g" ] || ${LOOK(name)}; ${GID}`, ({ stdout }) => (stdout !== '' ? { gid: Number(stdout) } : {}), {
        assigns: true,
      }),
    ];
  },
  result({ changed, failed, msg, values }, { name, state, system }): Result {
    const told = { changed, name, state, ...values };
    if (failed) return { ...told, failed, msg: msg ?? '' };
    return state === 'present' ? { ...told, system } : told;
  },
});
