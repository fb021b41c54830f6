/** Networks of IPv4 addresses in CIDR form. */

export interface Cidr {
  readonly first: number;
  readonly last: number;
  readonly prefix: number;
}

/** Undefined for what is no network. Bits after the prefix are cleared, as EC2 clears them. */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', digits = ''] = /^([\d.]+)\/(\d{1,2})$/.exec(text) ?? [];
  const value = parseAddress(address);
  const prefix = Number(digits);
  if (value === undefined || digits === '' || prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  const first = value - (value % size);
  return { first, last: first + size - 1, prefix };
}

/** An address as a number; undefined for what is no address. */
export function parseAddress(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^(?:0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256)) return;
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function addressText(value: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join('.');
}

export function cidrText({ first, prefix }: Cidr): string {
  return `${addressText(first)}/${prefix}`;
}

export function within(inner: Cidr, outer: Cidr): boolean {
  return outer.first <= inner.first && inner.last <= outer.last;
}

export function shared(one: Cidr, other: Cidr): boolean {
  return one.first <= other.last && other.first <= one.last;
}

/** Part `index` of a network that is split into parts with a longer prefix. */
export function part({ first, prefix }: Cidr, longer: number, index: number): Cidr {
  const size = 2 ** (32 - prefix - longer);
  const start = first + index * size;
  return { first: start, last: start + size - 1, prefix: prefix + longer };
}
