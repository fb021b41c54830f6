import {
  type Args,
  Fault,
  type Host,
  module,
  type Outcome,
  type Result,
  run,
  sh,
  type Typed,
} from '../src/module/module.ts';

const args = {
  reboot_timeout: {
    type: 'int',
    default: 600,
    alias: ['reboot_timeout_sec'],
    doc: 'Seconds that the host may take to come back, and again to pass the test command.',
  },
  connect_timeout: {
    type: 'int',
    alias: ['connect_timeout_sec'],
    doc: 'Seconds that one attempt to connect may take; default: the connection’s own.',
  },
  pre_reboot_delay: {
    type: 'int',
    default: 0,
    alias: ['pre_reboot_delay_sec'],
    doc: 'Seconds until the host goes down, in whole minutes rounded down.',
  },
  post_reboot_delay: {
    type: 'int',
    default: 0,
    alias: ['post_reboot_delay_sec'],
    doc: 'Seconds to wait before looking whether the host is back.',
  },
  test_command: { type: 'string', default: 'whoami', doc: 'What must succeed on the host that is back.' },
  boot_time_command: {
    type: 'string',
    default: 'cat /proc/sys/kernel/random/boot_id',
    doc: 'Prints something else after each boot.',
  },
  reboot_command: {
    type: 'string',
    doc: 'Reboots the host, with its parameters; pre_reboot_delay, post_reboot_delay and msg are the command’s own then.',
  },
  search_paths: {
    type: 'list',
    default: ['/sbin', '/bin', '/usr/sbin', '/usr/bin', '/usr/local/sbin'],
    doc: 'Where the command is looked for; PATH is not.',
  },
  msg: { type: 'string', default: 'Reboot initiated by Ansible', doc: 'What users on the host are told.' },
} as const satisfies Args;

type Given = Typed<typeof args>;

export default module({
  doc: 'Reboot the host and wait until it is back.',
  args,
  examples: `
- reboot:
- reboot: { reboot_timeout: 1800, test_command: systemctl is-system-running --wait }
`,
  async run(given, host): Promise<Result> {
    if (host.mode === 'bake') {
      const msg = 'not rebooted: an image boots before it serves; playbake_now: true reboots while it is made';
      return { changed: false, rebooted: false, elapsed: 0, msg };
    }
    if (host.transport === 'local') {
      const msg = 'Running reboot with local connection would reboot the control node.';
      return { changed: false, failed: true, elapsed: 0, rebooted: false, msg };
    }
    if (host.check) return { changed: true, elapsed: 0, rebooted: true };
    const before = await bootTime(given, host);
    if (before.failed) return { failed: true, changed: false, reboot: false, msg: before.said };
    const start = Date.now();
    const refused = await goDown(given, host);
    const elapsed = () => Math.floor((Date.now() - start) / 1000);
    if (refused !== undefined)
      return { failed: true, changed: false, rebooted: false, msg: refused, elapsed: elapsed() };
    if (given.reboot_command === undefined && given.post_reboot_delay > 0) await host.sleep(given.post_reboot_delay);
    const late = await comeBack(given, host, before.said);
    if (late !== undefined) return { failed: true, changed: false, rebooted: true, msg: late, elapsed: elapsed() };
    return { changed: true, rebooted: true, elapsed: elapsed() };
  },
});

interface Said {
  readonly failed: boolean;
  readonly said: string;
}

async function bootTime({ boot_time_command: command }: Given, host: Host): Promise<Said> {
  const { rc, out, err } = await ask(host, command);
  const why = `reboot: failed to get host boot time info, rc: ${rc}, stdout: ${out}, stderr: ${err}`;
  return rc === 0 ? { failed: false, said: out } : { failed: true, said: why };
}

/** The user's command, as the login shell's `sh -c` would run it. */
async function ask(host: Host, command: string) {
  const asked = run(sh`/bin/sh -c ${command}`, {
    ok: 'any',
    changed: false,
    user: true,
    result: ({ rc, stdout, stderr }) => ({ rc, out: stdout.trim(), err: stderr.trim() }),
  });
  const { values, msg } = await host.apply([asked]);
  return { rc: Number(values['rc'] ?? 1), out: String(values['out'] ?? ''), err: String(values['err'] ?? msg ?? '') };
}

const NOT_FOUND = 77;

/** Why the host does not go down. It may do so before it has answered. */
async function goDown(given: Given, host: Host): Promise<string | undefined> {
  const outcome = await unlessLost(
    host.apply([run(command(given), { result: ({ rc, stdout, stderr }) => ({ rc, stdout, stderr }) })]),
  );
  if (!outcome?.failed) return undefined;
  const { rc, stdout = '', stderr = '' } = outcome.values;
  const [out, err] = [String(stdout).trim(), String(stderr).trim()];
  return rc === NOT_FOUND ? err : `Reboot command failed. Error was: '${out}, ${err}'`;
}

async function unlessLost(work: Promise<Outcome>): Promise<Outcome | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Fault && error.code === 'connection-lost') return undefined;
    throw error;
  }
}

/** As Ansible words it for each system: Alpine’s `reboot` takes nothing, Void’s shutdown wants a sign before the minutes. */
function command({ reboot_command: own, search_paths: paths, pre_reboot_delay: delay, msg }: Given) {
  const minutes = Math.max(0, Math.floor(delay / 60));
  const [name = '', ...rest] = own?.split(' ') ?? [];
  const chosen =
    own === undefined
      ? sh`set -- shutdown -r ${minutes} ${msg}
        case $(sed -n 's/^ID=//p' /etc/os-release 2>/dev/null | tr -d '"') in
          alpine) set -- reboot;; void) set -- shutdown -r ${`+${minutes}`} ${msg};; esac
        c=$1; shift`
      : sh`c=${name}; eval ${`set -- ${rest.join(' ')}`}`;
  return sh`${chosen}
    case $c in /*) ;; *) f=
      for d in ${paths}; do if [ -e "$d/$c" ]; then f=$d/$c; break; fi; done
      if [ -z "$f" ]; then printf 'Unable to find command "%s" in search paths: %s\n' "$c" ${`[${paths.map((one) => `'${one}'`).join(', ')}]`} >&2; exit ${NOT_FOUND}; fi
      c=$f;; esac
    "$c" "$@"`;
}

/** Why the host is not back. */
async function comeBack(given: Given, host: Host, before: string): Promise<string | undefined> {
  const { reboot_timeout: timeout, connect_timeout: connect, test_command: test } = given;
  const booted = await succeeds(host, timeout, async (left) => {
    await host.reconnect(left, connect);
    const now = await bootTime(given, host);
    return !now.failed && now.said !== '' && now.said !== before;
  });
  if (!booted) return `Timed out waiting for last boot time check (timeout=${timeout})`;
  const ready = await succeeds(host, timeout, async (left) => {
    if ((await ask(host, test)).rc === 0) return true;
    await host.reconnect(left, connect);
    return false;
  });
  return ready ? undefined : `Timed out waiting for post-reboot test command (timeout=${timeout})`;
}

/** Until `holds` does; a host that is going down or coming up may break any connection. */
async function succeeds(host: Host, seconds: number, holds: (left: number) => Promise<boolean>): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    try {
      if (await holds((end - Date.now()) / 1000)) return true;
    } catch (error) {
      if (!(error instanceof Fault) || error.code === 'interrupted') throw error;
    }
    await host.sleep(1);
  }
  return false;
}
