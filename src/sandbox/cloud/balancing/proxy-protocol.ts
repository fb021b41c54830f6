/** The header of the PROXY protocol, version 2, for TCP over IPv4. Source: haproxy's proxy-protocol.txt, section 2.2. */

import { parseAddress } from '../cidr.ts';

interface End {
  readonly address: string;
  readonly port: number;
}

const SIGNATURE = Buffer.from('0d0a0d0a000d0a515549540a', 'hex');

export function proxyHeader(from: End, to: End): Buffer {
  const header = Buffer.alloc(28);
  SIGNATURE.copy(header);
  // Version 2, PROXY; TCP over IPv4; 12 bytes follow.
  header.set([0x21, 0x11, 0, 12], 12);
  header.writeUInt32BE(parseAddress(from.address) ?? 0, 16);
  header.writeUInt32BE(parseAddress(to.address) ?? 0, 20);
  header.writeUInt16BE(from.port, 24);
  header.writeUInt16BE(to.port, 26);
  return header;
}
