/** What stands in a rule as text: networks, and why it is there. */

import { isIPv6 } from 'node:net';
import { cidrText, parseCidr } from './cidr.ts';
import { ApiError } from './protocol/api-error.ts';

/** Without the bits after the prefix, as EC2 keeps it. */
export function ruleCidr(text: string): string {
  const cidr = parseCidr(text);
  if (cidr === undefined) throw malformed(text);
  return cidrText(cidr);
}

export function ruleCidr6(text: string): string {
  const [, address = '', prefix = ''] = /^([^/%]+)\/(\d{1,3})$/.exec(text) ?? [];
  if (!isIPv6(address) || Number(prefix) > 128) throw malformed(text);
  // An URL has the shortest form of an address.
  return `${new URL(`http://[${address}]/`).hostname.slice(1, -1)}/${Number(prefix)}`;
}

function malformed(text: string): ApiError {
  return new ApiError('InvalidParameterValue', `CIDR block ${text} is malformed`);
}

/** A description of a rule. */
export function ruleText(text: string): string {
  if (/^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{0,255}$/.test(text)) return text;
  const message = `Invalid rule description. Valid descriptions are strings less than 256 characters from the following set: a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*`;
  throw new ApiError('InvalidParameterValue', message);
}
