/** Host names and addresses as inventories and patterns write them: `web1`, `web[1:3]:22`, `::1`, `[::1]:22`. */

export interface Address {
  /** Ranges are still in it. */
  readonly host: string;
  readonly port?: number;
}

// Ansible's own expressions (its parse_address), so that the same texts are addresses.
const NUMERIC = String.raw`\[[0-9]+:[0-9]+(?::[0-9]+)?\]`;
const HEXADECIMAL = String.raw`\[[0-9a-f]+:[0-9a-f]+(?::[0-9]+)?\]`;
const ALPHANUMERIC = String.raw`\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)(?::[0-9]+)?\]`;
const V4 = `(?:[01]?[0-9]{1,2}|2[0-4][0-9]|25[0-5]|${NUMERIC})`;
const V6 = `(?:[0-9a-f]{1,4}|${HEXADECIMAL})`;
const LETTER = String.raw`[\p{L}\p{N}_]`;
const LABEL = `(?:${LETTER}|${ALPHANUMERIC})(?:${LETTER}|-|${ALPHANUMERIC})*(?<![_-])`;
const HOSTS: readonly RegExp[] = [
  String.raw`^(?:${V4}\.){3}${V4}$`,
  // As there, only the last form must fill the text: what follows may be the name of an interface, `fe80::1%eth0`.
  `^(?:${[
    `(?:${V6}:){7}${V6}`,
    `(?:${V6}:){1,6}:`,
    ...[1, 2, 3, 4, 5, 6].map((before) => `(?:${V6}:){${before}}(?::${V6}){1,${7 - before}}`),
    `:(?::${V6}){1,6}`,
    `${V6}?::`,
    String.raw`(?:0:){6}(?:${V6}\.){3}${V6}`,
    String.raw`::(?:ffff:)?(?:${V6}\.){3}${V6}`,
    String.raw`(?:0:){5}ffff:(?:${V6}\.){3}${V6}$`,
  ].join('|')})`,
  String.raw`^${LABEL}(?:\.${LABEL})*$`,
].map((source) => new RegExp(source, 'iu'));

const PORTS: readonly RegExp[] = [/^\[(.+)\]:([0-9]+)$/, /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/];

/** Most names: the expressions for all of them take milliseconds when they are first used. */
const PLAIN = /^[a-z0-9]+(?:[-.][a-z0-9]+)*$/i;

/** Undefined for what is no host name or address, perhaps with a port. */
export function parseAddress(text: string): Address | undefined {
  if (PLAIN.test(text)) return { host: text };
  let host = text;
  let port: number | undefined;
  for (const pattern of PORTS) {
    const match = pattern.exec(host);
    if (match) [host, port] = [match[1] ?? '', Number(match[2])];
  }
  if (!HOSTS.some((pattern) => pattern.test(host))) return undefined;
  return port === undefined ? { host } : { host, port };
}
