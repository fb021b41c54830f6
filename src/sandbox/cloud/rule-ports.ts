/** The protocol of a rule and its ports, checked and in one form. */

import type { RuleTerms } from './permissions.ts';
import { ApiError } from './protocol/api-error.ts';

interface Asked {
  readonly IpProtocol?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
}

const NAMES: Readonly<Record<string, string>> = { '1': 'icmp', '6': 'tcp', '17': 'udp', '58': 'icmpv6', all: '-1' };
const KNOWN = ['tcp', 'udp', 'icmp', 'icmpv6', '-1'];
const LAST_PORT = 65535;

/** For protocols without ports all is meant, as in EC2. Throws ApiErrors. */
export function portsOf({ IpProtocol, FromPort, ToPort }: Asked): Pick<RuleTerms, 'protocol' | 'from' | 'to'> {
  if (IpProtocol === undefined) throw new ApiError('InvalidParameterValue', 'A permission must have an IpProtocol.');
  const given = IpProtocol.toLowerCase();
  const protocol = NAMES[given] ?? given;
  if (!KNOWN.includes(protocol) && !(/^\d{1,3}$/.test(protocol) && Number(protocol) < 256)) {
    throw new ApiError('InvalidParameterValue', `Invalid value '${IpProtocol}' for IP protocol. Unknown protocol.`);
  }
  if (protocol === 'tcp' || protocol === 'udp') return { protocol, ...range(FromPort, ToPort) };
  if (protocol !== 'icmp' && protocol !== 'icmpv6') return { protocol, from: -1, to: -1 };
  const [from, to] = [FromPort ?? -1, ToPort ?? -1];
  if (![from, to].every((value) => Number.isInteger(value) && value >= -1 && value <= 255) || (from < 0 && to >= 0)) {
    throw new ApiError('InvalidParameterValue', `ICMP code (${to}) out of range, or not of the type (${from})`);
  }
  return { protocol, from, to };
}

function range(from: number | undefined, to: number | undefined): Pick<RuleTerms, 'from' | 'to'> {
  if (from === undefined || to === undefined) {
    const message = "Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.";
    throw new ApiError('InvalidParameterValue', message);
  }
  const wrong = [from, to].find((port) => !Number.isInteger(port) || port < 0 || port > LAST_PORT);
  if (wrong !== undefined) throw new ApiError('InvalidParameterValue', `Invalid TCP/UDP port (${wrong})`);
  if (from > to) throw new ApiError('InvalidParameterValue', `Invalid TCP/UDP port range (${from}:${to})`);
  return { from, to };
}
