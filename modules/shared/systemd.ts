/** Units under systemd, for `systemd` and `service`: one look at the unit, then only what must change. */

import {
  type Args,
  type Context,
  ensure,
  type Outcome,
  type Plain,
  type Result,
  read,
  run,
  type Step,
  type Steps,
  script,
  sh,
  type Typed,
  when,
} from '../../src/module/module.ts';
import { refusal, refuse } from './refuse.ts';

/** What both modules take beyond name, state and enabled. */
export const SYSTEMD_OPTIONS = {
  masked: { type: 'boolean', doc: 'Whether the unit is masked: cannot be started at all.' },
  daemon_reload: {
    type: 'boolean',
    default: false,
    alias: ['daemon-reload'],
    doc: 'Make systemd read its unit files again first.',
  },
  daemon_reexec: { type: 'boolean', default: false, alias: ['daemon-reexec'], doc: 'Start systemd itself anew first.' },
  scope: { type: 'enum', of: ['system', 'user', 'global'], default: 'system', doc: 'Whose units.' },
  no_block: { type: 'boolean', default: false, doc: 'Do not wait until the unit is started or stopped.' },
  force: { type: 'boolean', doc: 'Override existing links.' },
} as const satisfies Args;

export type State = 'reloaded' | 'restarted' | 'started' | 'stopped';

export interface UnitRequest extends Typed<typeof SYSTEMD_OPTIONS> {
  readonly name?: string | undefined;
  readonly state?: State | undefined;
  readonly enabled?: boolean | undefined;
}

/** sd_look sets sd_load, sd_active, sd_file, sd_found, sd_offline, sd_sysv and sd_wrong from the unit sd_unit. */
const SHELL = script(`sd_wrong= sd_found= sd_sysv= sd_offline= sd_load= sd_active= sd_error= sd_file=
sc() { systemctl $sd_flags "$@"; }
sd_read() {
  set -f; IFS='
'
  for sd_o in $sd_show; do
    case $sd_o in
      LoadState=*) sd_load=\${sd_o#*=};; ActiveState=*) sd_active=\${sd_o#*=};;
      LoadError=*) sd_error=\${sd_o#*=};; UnitFileState=*) sd_file=\${sd_o#*=};;
    esac
  done
  unset IFS; set +f
}
sd_look() {
  if ! command -v systemctl >/dev/null 2>&1; then
    sd_wrong='Failed to find required executable "systemctl": the host does not run systemd'; return
  fi
  if [ -e "/etc/init.d/$sd_unit" ]; then sd_sysv=1; fi
  sd_show=$(sc show "$sd_unit" 2>&1); sd_r=$?
  case $sd_show in *=*) ;; *) sd_r=1;; esac
  if [ "$sd_r" -eq 0 ]; then
    sd_read
    case $sd_load in '' | not-found) ;; masked) sd_found=1;; *) sd_found=1
      if [ -n "$sd_error" ]; then sd_wrong="Error loading unit file '$sd_unit': $sd_error"; fi;;
    esac
  else
    sd_offline=1
    case $(sc is-enabled "$sd_unit" 2>/dev/null) in
      enabled* | linked* | masked* | static | indirect | disabled | generated | transient) sd_found=1;;
      *) if sc list-unit-files "$sd_unit" 2>/dev/null | grep -q '^[^ ]*\\.[a-z]* '; then sd_found=1; fi;;
    esac
  fi
  if [ -n "$sd_found" ]; then sd_sysv=; else sd_found=$sd_sysv; fi
}
sd_masked() { [ "$(sc is-enabled "$sd_unit" 2>/dev/null)" = masked ]; }
sd_enabled() {
  if [ "$sd_file" = enabled ]; then return 0; fi
  sd_o=$(sc is-enabled "$sd_unit" -l 2>/dev/null); sd_r=$?
  if [ "$sd_r" -eq 0 ]; then case $sd_o in indirect | alias) return 1;; *) return 0;; esac; fi
  if [ "$sd_r" -ne 1 ] || [ -n "$sd_flags" ] || [ ! -e "/etc/init.d/$sd_unit" ]; then return 1; fi
  case $sd_o in *disabled) return 1;; esac
  for sd_o in /etc/rc?.d/S??"$sd_unit"; do if [ -e "$sd_o" ]; then return 0; fi; done
  return 1
}
sd_do() { sd_o=$(sc "$1" "$sd_unit" 2>&1) || { printf 'Unable to %s service %s: %s\\n' "$1" "$sd_unit" "$sd_o"; return 1; }; }`);

/** Where systemctl finds the user's own systemd. */
const USER_BUS =
  script(`if [ -z "\${XDG_RUNTIME_DIR-}" ]; then XDG_RUNTIME_DIR=/run/user/$(id -u); export XDG_RUNTIME_DIR; fi
`);

export function systemdSteps(request: UnitRequest, { check, mode }: Context): Steps {
  const { name, scope, no_block, force } = request;
  const flags = [scope !== 'system' && `--${scope}`, no_block && '--no-block', force && '--force'];
  const setup = sh`${SHELL}
${scope === 'user' ? USER_BUS : sh``}sd_flags=${flags.filter(Boolean).join(' ')} sd_unit=${name ?? ''}`;
  const reload = reloads(request);
  if (name === undefined) return [read(setup, () => ({})), ...reload];
  const wanted = mode === 'bake' ? inBake(request) : request;
  return [
    read(setup, () => ({})),
    ...reload,
    read(
      sh`sd_look; v="$sd_offline $sd_sysv "$sd_show`,
      ({ stdout }) => {
        const [, offline = '', sysv = '', show = ''] = /^(1?) (1?) (.*)$/s.exec(stdout) ?? [];
        return { status: parseShow(show), offline: offline === '1', sysv: sysv === '1' && offline === '' };
      },
      { assigns: true },
    ),
    refuse(sh`$sd_wrong`),
    wanted.masked !== undefined && mask(wanted.masked),
    (wanted.enabled !== undefined || wanted.state !== undefined) &&
      when(sh`[ -n "$sd_found" ]`, [...enablement(wanted), ...activity(wanted)], [missing(name, check)]),
  ];
}

/**
 * An image boots before it serves: what is to run then starts at boot, and is not started now, for what it would leave
 * behind (ids, sockets, caches, its place in a cluster) would be in every copy. Stopping is as ever.
 */
function inBake(request: UnitRequest): UnitRequest {
  const { enabled, state, ...rest } = request;
  if (!runs(request)) return request;
  return { ...rest, enabled: enabled ?? true };
}

function runs({ state }: UnitRequest): boolean {
  return state !== undefined && state !== 'stopped';
}

/** What a bake says of a service that is to run. */
export function atBoot(name: string, enabled: boolean | undefined): string {
  return enabled === false
    ? `${name} does not start at boot, because enabled is false, and is not started while the image is made`
    : `${name} starts at boot; it is not started while the image is made`;
}

function reloads({ daemon_reload, daemon_reexec }: UnitRequest): Steps {
  const step = (verb: string) =>
    run(sh`sc ${verb}`, {
      changed: false,
      result: ({ rc, stderr }) => (rc === 0 ? {} : { refused: `failure ${rc} during ${verb}: ${stderr.trim()}` }),
    });
  return [daemon_reload && step('daemon-reload'), daemon_reexec && step('daemon-reexec')];
}

function mask(masked: boolean): Step {
  return masked ? ensure(sh`sd_masked`, sh`sd_do mask`) : ensure(sh`! sd_masked`, sh`sd_do unmask`);
}

function enablement({ enabled }: UnitRequest): Steps {
  if (enabled === undefined) return [];
  return [enabled ? ensure(sh`sd_enabled`, sh`sd_do enable`) : ensure(sh`! sd_enabled`, sh`sd_do disable`)];
}

function activity({ state }: UnitRequest): Steps {
  if (state === undefined) return [];
  const active = sh`case $sd_active in active | activating) :;; *) false;; esac`;
  const stopped = sh`case $sd_active in active | activating | deactivating) false;; *) :;; esac`;
  const again = state === 'restarted' ? sh`sd_do restart` : sh`sd_do reload`;
  const step =
    state === 'started'
      ? ensure(active, sh`sd_do start`)
      : state === 'stopped'
        ? ensure(stopped, sh`sd_do stop`)
        : ensure(sh`false`, sh`if ${active}; then ${again}; else sd_do start; fi`);
  return [when(sh`[ -z "$sd_offline" ]`, [step])];
}

/** In check mode the task that brings the unit has not been run: then it is only foretold. */
function missing(name: string, check: boolean): Step {
  if (check) return run(sh`:`, { harmless: true, changed: true, result: () => ({ foretold: true }) });
  return run(sh`exit 1`, { result: () => ({ refused: `Could not find the requested service ${name}: host` }) });
}

/** The properties of `systemctl show`; only those that begin with Exec may span lines. */
export function parseShow(text: string): { readonly [property: string]: string } {
  const parsed: { [property: string]: string } = {};
  let name: string | undefined;
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    if (name !== undefined) {
      lines.push(line);
      if (!line.trimEnd().endsWith('}')) continue;
      parsed[name] = lines.join('\n').trim();
      name = undefined;
      continue;
    }
    const at = line.indexOf('=');
    if (at < 0) continue;
    const value = line.slice(at + 1);
    if (/^Exec/.test(line) && value.trimStart().startsWith('{') && !value.trimEnd().endsWith('}')) {
      name = line.slice(0, at);
      lines = [value];
    } else parsed[line.slice(0, at)] = value.trim();
  }
  return parsed;
}

export function systemdResult(outcome: Outcome, { name, state, enabled }: UnitRequest, context: Context): Result {
  const { status = {}, offline, sysv, foretold } = outcome.values;
  if (outcome.failed) return { failed: true, msg: refusal(outcome) ?? 'systemctl failed', name: name ?? null, status };
  if (sysv === true) {
    context.warn(`The service (${name}) is actually an init script but the system is managed by systemd`);
  }
  if (foretold === true) {
    context.warn(`${name}: the host has no such service yet; a task that check mode left out may bring it`);
  }
  if (offline === true && state !== undefined && foretold !== true) {
    context.warn(
      'Target is a chroot or systemd is offline. This can lead to false positives or prevent the init system tools from working.',
    );
  }
  const result: { [key: string]: Plain } = { name: name ?? null, changed: outcome.changed, status };
  if (enabled !== undefined) result['enabled'] = enabled;
  if (state !== undefined) result['state'] = state === 'stopped' ? 'stopped' : 'started';
  if (context.mode === 'bake' && state !== undefined && state !== 'stopped') {
    const wanted = !isStatic(status);
    if (!wanted) context.warn(`${name} has no [Install] section: it starts at boot only where another unit wants it`);
    return { ...result, enabled: enabled ?? true, ...(wanted && { msg: atBoot(name ?? '', enabled) }) };
  }
  return result;
}

/** Nothing enables it, and nothing need: other units want it, or nothing does. */
function isStatic(status: Plain): boolean {
  return (
    typeof status === 'object' && status !== null && 'UnitFileState' in status && status.UnitFileState === 'static'
  );
}

/** What is wrong with a unit's name, in Ansible's words. */
export function globInName(name: string | undefined): string | undefined {
  const glob = name === undefined ? undefined : ['*', '?', '['].find((sign) => name.includes(sign));
  if (glob === undefined) return undefined;
  return `This module does not currently support using glob patterns, found '${glob}' in service name: ${name}`;
}
