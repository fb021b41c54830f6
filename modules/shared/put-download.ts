import { type Sh, script, sh } from '../../src/module/module.ts';

/**
 * Shell that puts the file `$o` in the place of `$p`, unless they are alike; `$made` becomes 1 where it did.
 * It keeps owner and mode of the old file, or gets those of a new one.
 */
export function putDownload(backup: boolean, unsafeWrites: boolean): Sh {
  return sh`made=
    if [ -f "$p" ] && cmp -s -- "$o" "$p"; then rm -f -- "$o"
    else
      if [ -f "$p" ]; then chown -- "$(stat -L -c %u:%g -- "$p")" "$o" 2>/dev/null; chmod -- "$(stat -L -c %a -- "$p")" "$o"
      else chmod -- "$(umask -S)" "$o" && chmod -- a-x "$o"; fi
      ${backup ? BACKUP : sh`:`}
      mv -f -- "$o" "$p" ${unsafeWrites ? sh`2>/dev/null || { cat <"$o" >"$p" && rm -f -- "$o"; }` : sh``} || exit 1
      made=1
    fi`;
}

const BACKUP = script(
  'if [ -f "$p" ]; then bak="$p.$$.$(date +%Y-%m-%d@%H:%M:%S~)"; cp -p -- "$p" "$bak" || exit 1; fi',
);
