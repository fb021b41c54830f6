/** The options of ssh_config(5): keywords in lower case, each with its values in the order in which they were found. */

export type SshOptions = ReadonlyMap<string, readonly string[]>;

/** Keywords that add up; of all others the first value holds, as in ssh. */
const ADDING = new Set(['identityfile', 'certificatefile', 'sendenv', 'setenv', 'localforward', 'remoteforward']);

/** Keywords that ssh knows by an older name. */
const RENAMED: { readonly [keyword: string]: string } = {
  dsaauthentication: 'pubkeyauthentication',
  challengeresponseauthentication: 'kbdinteractiveauthentication',
  keepalive: 'tcpkeepalive',
};

export class OptionsBuilder {
  readonly options = new Map<string, string[]>();

  add(keyword: string, value: string): void {
    const lower = keyword.toLowerCase();
    const key = RENAMED[lower] ?? lower;
    const values = this.options.get(key);
    if (!values) this.options.set(key, [value]);
    else if (ADDING.has(key) && !values.includes(value)) values.push(value);
  }

  addAll(options: SshOptions): void {
    for (const [keyword, values] of options) for (const value of values) this.add(keyword, value);
  }

  /** A line or `-o` word: `Keyword value`, `Keyword=value` or `Keyword = "value"`. */
  addLine(line: string): void {
    const found = /^\s*(\w+)(?:\s*=\s*|\s+)(.*?)\s*$/s.exec(line);
    if (found) this.add(found[1]!, found[2]!.replace(/^"(.*)"$/s, '$1'));
  }
}

export function first(options: SshOptions, keyword: string): string | undefined {
  const value = options.get(keyword)?.[0];
  return value === undefined || value.toLowerCase() === 'none' || value === '' ? undefined : value;
}

/** `ssh -G` says true or false for some keywords and yes or no for others. */
export function flag(options: SshOptions, keyword: string, otherwise: boolean): boolean {
  const value = first(options, keyword)?.toLowerCase();
  return value === undefined ? otherwise : value === 'yes' || value === 'true';
}
