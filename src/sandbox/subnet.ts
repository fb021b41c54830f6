/** Names and addresses: each sandbox on a machine has its own number, and everything it makes outside its home carries it. */

export interface Subnet {
  readonly index: number;
  /** In CIDR form. */
  readonly network: string;
  readonly gateway: string;
  readonly bridge: string;
  /** Names the nftables table and the control group. */
  readonly tag: string;
}

/** How many sandboxes, each with a home of its own, fit on one machine. */
export const SUBNETS = 16;
const PREFIX = 20;
const FIRST_NUMBER = 10;
/** Machines up to this one are the hosts of `sandbox up`, on the bridge; the others are instances, each on a link of its own. */
export const LAST_HOST = 245;
/** The last address is for broadcasts, the last but one for building layers. */
export const LAST_MACHINE = 2 ** (32 - PREFIX) - FIRST_NUMBER - 3;

/** `index` counts from 0 to SUBNETS - 1. */
export function subnetOf(index: number): Subnet {
  const tag = `playbake${index}`;
  return { index, network: `${at(index, 0)}/${PREFIX}`, gateway: at(index, 1), bridge: `pb${index}`, tag };
}

/** The address of machine `number`, which counts from 1. */
export function addressOf(subnet: Subnet, number: number): string {
  return at(subnet.index, FIRST_NUMBER + number);
}

/** The number of the machine that has an address; below 1 or above LAST_MACHINE where no machine has it. */
export function numberAt(subnet: Subnet, address: string): number {
  return range(address).first - range(subnet.network).first - FIRST_NUMBER;
}

export function prefixedAddressOf(subnet: Subnet, number: number): string {
  return `${addressOf(subnet, number)}/${PREFIX}`;
}

/**
 * The hardware address of machine `number`, or of the bridge as number 0. Were it random, as Linux makes it, everyone
 * who spoke to a machine would keep its old one for half a minute after it is started anew.
 */
export function hardwareAddressOf(subnet: Subnet, number: number): string {
  const bytes = [0x02, 0x70, 0x62, subnet.index, number >> 8, number & 0xff];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

export function prefixedGateway(subnet: Subnet): string {
  return `${subnet.gateway}/${PREFIX}`;
}

/** The name of the link to machine `number`, on this side. */
export function linkOf({ bridge }: Subnet, number: number): string {
  return `${bridge}v${number}`;
}

/** Stands for the links to all machines in rules of nftables. */
export function anyLinkOf({ bridge }: Subnet): string {
  return `${bridge}v*`;
}

/** The nftables table of the cloud's security groups. */
export function groupsTableOf({ tag }: Subnet): string {
  return `${tag}-groups`;
}

/** The nftables table that leads instances to their metadata. */
export function metadataTableOf({ tag }: Subnet): string {
  return `${tag}-metadata`;
}

/** The network namespace and the control group of a machine. */
export function namespaceOf(subnet: Subnet, name: string): string {
  return `${subnet.bridge}-${name}`;
}

export function groupOf(subnet: Subnet, name: string): string {
  return `${subnet.tag}/${name}`;
}

/** Whether two networks, in CIDR form (or one bare address), share an address. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [range(one), range(other)];
  return a.first <= b.last && b.first <= a.last;
}

function range(network: string): { readonly first: number; readonly last: number } {
  const [address = '', prefix = '32'] = network.split('/');
  const size = 2 ** (32 - Number(prefix));
  const value = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = value - (value % size);
  return { first, last: first + size - 1 };
}

function at(index: number, offset: number): string {
  const value = index * 2 ** (32 - PREFIX) + offset;
  return `10.77.${Math.floor(value / 256)}.${value % 256}`;
}
