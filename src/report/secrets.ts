/** Blanks out what a code frame must not show, since frames end up in logs: keys, vaults, values of secret-sounding names. */

const NAMED =
  /^(\s*(?:-\s+)?["']?[\w.-]*(?:pass|passwd|password|passphrase|secret|token|api_?key|private_?key)["']?\s*[:=]\s*)(\S.*)$/i;
const INLINE =
  /([\w.-]*(?:pass|passwd|password|passphrase|secret|token|api_?key)\s*[=:]\s*)("[^"]*"|'[^']*'|[^\s,}'"{|>]+)/gi;
/** Templates and what only begins a block or names a look-up are no secrets. */
const HARMLESS = /^["']?(?:\{\{|\{%|[|>][-+\d]*\s*$|yes$|no$|true$|false$|null$|~$)/i;
const BLOCK = /^\s*(?:-----BEGIN [A-Z ]*PRIVATE KEY-----|\$ANSIBLE_VAULT;)/;

/** The same lines, as many, with secrets as `********`. */
export function hideSecrets(text: string): string {
  let block = false;
  let indent: number | undefined;
  return text
    .split('\n')
    .map((line) => {
      const depth = line.search(/\S/);
      if (BLOCK.test(line)) block = true;
      else if (block && (depth < 0 || !/^\s*[A-Za-z0-9+/=]+\s*$|^\s*-----END/.test(line))) block = false;
      if (indent !== undefined && depth >= 0 && depth <= indent) indent = undefined;
      if (block || (indent !== undefined && depth > indent)) return line.replace(/\S.*$/, '********');
      const named = NAMED.exec(line);
      if (named && /^[|>]/.test(named[2]!)) indent = depth;
      if (named && !HARMLESS.test(named[2]!)) return `${named[1]}********`;
      return line.replace(INLINE, (all, name: string, value: string) =>
        HARMLESS.test(value) ? all : `${name}********`,
      );
    })
    .join('\n');
}
