/** Services without systemd: OpenRC (Alpine, Gentoo) and System V init scripts. */

import { ensure, read, run, type Step, type Steps, script, sh, when } from '../../src/module/module.ts';
import { refuse } from './refuse.ts';

export interface ScriptRequest {
  readonly name: string;
  readonly state?: 'reloaded' | 'restarted' | 'started' | 'stopped' | undefined;
  readonly enabled?: boolean | undefined;
  readonly sleep?: number | undefined;
  readonly pattern?: string | undefined;
  readonly runlevel: string;
  readonly arguments: string;
}

/**
 * svc_kind is `openrc` or `script`; svc_running and svc_enabled test, svc_do and svc_enable act.
 * What a script's `status` says is judged as Ansible judges it: the exit code, then its words.
 */
const SHELL = script(`svc_wrong=
svc_run() {
  if [ "$svc_kind" = openrc ]; then rc-service "$svc_name" "$1"
  elif command -v service >/dev/null 2>&1; then service "$svc_name" "$1" $svc_args
  else "/etc/init.d/$svc_name" "$1" $svc_args; fi
}
svc_running() {
  if [ -n "$svc_pattern" ]; then svc_processes | grep -F -e "$svc_pattern" >/dev/null; return; fi
  svc_o=$(svc_run status 2>/dev/null); svc_r=$?
  if [ "$svc_kind" = openrc ]; then case $svc_o in *started*) return 0;; *) return 1;; esac; fi
  case $svc_r in 1 | 2 | 3 | 4 | 69) return 1;; esac
  svc_o=$(printf %s "$svc_o" | tr '[:upper:]' '[:lower:]' | sed "s/$(printf %s "$svc_name" | tr '[:upper:]' '[:lower:]')//g")
  case $svc_o in
    *"
"*) ;;
    *stop*) return 1;;
    *run*) case $svc_o in *'not '*) return 1;; *) return 0;; esac;;
    *'not '*) ;;
    *start*) return 0;;
    *'could not access pid file'* | *'is dead and pid file exists'* | *'dead but'*) return 1;;
  esac
  [ "$svc_r" -eq 0 ]
}
svc_processes() { cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\000' ' '; }
svc_enabled() {
  if [ "$svc_kind" = openrc ]; then [ -e "/etc/runlevels/$svc_level/$svc_name" ]; return; fi
  if ! command -v update-rc.d >/dev/null 2>&1 && command -v chkconfig >/dev/null 2>&1; then
    case $(chkconfig --list "$svc_name" 2>/dev/null) in *3:on*5:on*) return 0;; *) return 1;; esac
  fi
  for svc_f in /etc/rc?.d/S??"$svc_name"; do if [ -e "$svc_f" ]; then return 0; fi; done
  return 1
}
svc_enable() {
  if [ "$svc_kind" = openrc ]; then
    if [ "$1" = on ]; then rc-update add "$svc_name" "$svc_level"; else rc-update delete "$svc_name" "$svc_level"; fi
  elif command -v update-rc.d >/dev/null 2>&1; then
    if [ "$1" = off ]; then update-rc.d "$svc_name" disable; return; fi
    for svc_f in /etc/rc?.d/K??"$svc_name"; do if [ -e "$svc_f" ]; then svc_r=there; fi; done
    if [ "\${svc_r-}" != there ]; then update-rc.d "$svc_name" defaults || return 1; fi
    update-rc.d "$svc_name" enable
  elif command -v chkconfig >/dev/null 2>&1; then chkconfig --add "$svc_name"; chkconfig "$svc_name" "$1"
  else echo "there is neither update-rc.d nor chkconfig on the host to make $svc_name start at boot"; return 1; fi
}
svc_do() { svc_o=$(svc_run "$1" 2>&1) || { printf 'Unable to %s service %s: %s\\n' "$1" "$svc_name" "$svc_o"; return 1; }; }
svc_restart() {
  if [ "$svc_kind" = openrc ]; then svc_do restart; return; fi
  svc_run stop >/dev/null 2>&1
  if [ -n "$svc_sleep" ]; then sleep "$svc_sleep"; fi
  svc_do start
}
if command -v rc-service >/dev/null 2>&1; then svc_kind=openrc; else svc_kind=script; fi
[ -e "/etc/init.d/$svc_name" ] || svc_wrong="Could not find the requested service $svc_name: host"`);

/** In a bake what is to run starts at boot, and is not started now. */
export function scriptSteps(request: ScriptRequest, check: boolean, bake: boolean): Steps {
  const { name, sleep, pattern, runlevel, state } = request;
  const later = bake && state !== undefined && state !== 'stopped';
  const enabled = request.enabled ?? (later ? true : undefined);
  const setup = sh`svc_name=${name} svc_sleep=${sleep ?? ''} svc_pattern=${pattern ?? ''} svc_level=${runlevel}
svc_args=${request.arguments}
${SHELL}`;
  const foretold = run(sh`:`, { harmless: true, changed: true, result: () => ({ foretold: true }) });
  return [
    read(setup, () => ({})),
    when(sh`[ -n "$svc_wrong" ]`, check ? [foretold] : [refuse(sh`$svc_wrong`)], [
      enabled === true && ensure(sh`svc_enabled`, sh`svc_enable on`),
      enabled === false && ensure(sh`! svc_enabled`, sh`svc_enable off`),
      state !== undefined && !later && activity(state),
    ]),
  ];
}

function activity(state: NonNullable<ScriptRequest['state']>): Step {
  if (state === 'started') return ensure(sh`svc_running`, sh`svc_do start`);
  if (state === 'stopped') return ensure(sh`! svc_running`, sh`svc_do stop`);
  if (state === 'restarted') return ensure(sh`false`, sh`svc_restart`);
  return ensure(sh`false`, sh`if svc_running; then svc_do reload; else svc_do start; fi`);
}
