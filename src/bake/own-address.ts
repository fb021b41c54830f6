/** By which address this machine is known to another. */

import { createSocket } from 'node:dgram';

/** The address that packets to `target` would leave with. A UDP socket is connected, nothing is sent. */
export function ownAddressTowards(target: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(target.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.connect(22, target, () => {
      const { address } = socket.address();
      socket.close();
      resolve(address);
    });
  });
}

/** Whether an IPv4 address is of a network of one's own (RFC 1918, RFC 6598, link-local, loopback): others see another. */
export function isPrivateAddress(address: string): boolean {
  return /^(?:10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/.test(
    address,
  );
}
