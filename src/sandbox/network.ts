/** The network of a sandbox: one bridge, a namespace for each machine, and a narrow way out. */

import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { forgetDocker, passDocker } from './docker-firewall.ts';
import type { Egress } from './egress.ts';
import { namesIn } from './files.ts';
import { attempt, run } from './run.ts';
import {
  addressOf,
  anyLinkOf,
  groupsTableOf,
  hardwareAddressOf,
  LAST_HOST,
  LAST_MACHINE,
  linkOf,
  metadataTableOf,
  namespaceOf,
  prefixedAddressOf,
  prefixedGateway,
  type Subnet,
} from './subnet.ts';

/** Makes the bridge and the rules; both may be there already. */
export async function raiseNetwork(subnet: Subnet, egress: Egress): Promise<void> {
  const { bridge } = subnet;
  if (!existsSync(`/sys/class/net/${bridge}`)) {
    await run(['ip', '-batch', '-'], {
      input: [
        `link add ${bridge} type bridge`,
        `link set ${bridge} addrgenmode none`,
        `addr add ${prefixedGateway(subnet)} dev ${bridge}`,
      ].join('\n'),
    });
  }
  await run(['ip', 'link', 'set', bridge, 'address', hardwareAddressOf(subnet, 0), 'up']);
  // Lets the rules below hand what a machine asks of the gateway to a service that listens on loopback only.
  if (egress.forwards.size > 0) await writeFile(`/proc/sys/net/ipv4/conf/${bridge}/route_localnet`, '1');
  await answerFor(subnet, bridge);
  await run(['nft', '-f', '-'], { input: rules(subnet, egress) });
  await passDocker(bridge);
}

/** Removes the rules, the bridge and every namespace. */
export async function lowerNetwork(subnet: Subnet): Promise<void> {
  for (const name of await namespacesOf(subnet)) await removeNamespace(subnet, name);
  await forgetDocker(subnet.bridge);
  for (const table of [subnet.tag, groupsTableOf(subnet), metadataTableOf(subnet)])
    await attempt(['nft', 'delete', 'table', 'ip', table]);
  if (existsSync(`/sys/class/net/${subnet.bridge}`)) await run(['ip', 'link', 'delete', subnet.bridge]);
}

/** A fresh namespace with `eth0` up, whatever was there before: a host's is on the bridge, an instance's on a link of its own. */
export async function createNamespace(subnet: Subnet, name: string, number: number): Promise<void> {
  await removeNamespace(subnet, name);
  const namespace = namespaceOf(subnet, name);
  const link = linkOf(subnet, number);
  const isRouted = number > LAST_HOST && number <= LAST_MACHINE;
  // The kernel removes the links of a namespace some time after the namespace.
  if (existsSync(`/sys/class/net/${link}`)) await attempt(['ip', 'link', 'delete', link]);
  await run(['ip', '-batch', '-'], {
    input: [
      `netns add ${namespace}`,
      `link add ${link} type veth peer name eth0 address ${hardwareAddressOf(subnet, number)} netns ${namespace}`,
      `link set ${link} addrgenmode none`,
      isRouted ? `link set ${link} up` : `link set ${link} master ${subnet.bridge} up`,
      ...(isRouted ? [`route add ${addressOf(subnet, number)} dev ${link} src ${subnet.gateway}`] : []),
    ].join('\n'),
  });
  if (isRouted) await answerFor(subnet, link);
  await run(['ip', '-netns', namespace, '-batch', '-'], {
    input: [
      'link set lo up',
      'link set eth0 addrgenmode none',
      `addr add ${prefixedAddressOf(subnet, number)} dev eth0`,
      'link set eth0 up',
      `route add default via ${subnet.gateway}`,
    ].join('\n'),
  });
}

/** This machine answers who asks on `link` for machines that are behind other links, so that it passes packets on. */
async function answerFor(subnet: Subnet, link: string): Promise<void> {
  const settings = '/proc/sys/net/ipv4';
  await writeFile(`${settings}/conf/${link}/proxy_arp`, '1');
  // Else the kernel waits for up to 0.8 seconds, in case that somebody else answers.
  await writeFile(`${settings}/neigh/${link}/proxy_delay`, '0');
  if (link === subnet.bridge) return;
  const local = await readFile(`${settings}/conf/${subnet.bridge}/route_localnet`, 'utf8');
  await writeFile(`${settings}/conf/${link}/route_localnet`, local);
}

export async function removeNamespace(subnet: Subnet, name: string): Promise<void> {
  const namespace = namespaceOf(subnet, name);
  if (existsSync(`/run/netns/${namespace}`)) await run(['ip', 'netns', 'delete', namespace]);
}

/** The names of the machines that have a namespace. */
export async function namespacesOf(subnet: Subnet): Promise<readonly string[]> {
  const prefix = namespaceOf(subnet, '');
  const names = await namesIn('/run/netns');
  return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/** The nftables program: what machines may ask of the world (names, HTTP, HTTPS, a proxy), and nothing else. */
export function rules(subnet: Subnet, { ports, forwards }: Egress): string {
  const { bridge, network, gateway, tag } = subnet;
  const inside = [bridge, anyLinkOf(subnet)];
  const from = (chain: string) => inside.map((link) => `    iifname "${link}" jump ${chain}`).join('\n');
  const doors = [...forwards].flatMap(([port, target]) =>
    ['tcp', 'udp'].map((protocol) => `    ip daddr ${gateway} ${protocol} dport ${port} dnat to ${target}:${port}`),
  );
  // Bridged packets pass the forward chain too where br_netfilter is loaded.
  return `table ip ${tag} {}
delete table ip ${tag}
table ip ${tag} {
  chain egress {
${inside.map((link) => `    oifname "${link}" accept`).join('\n')}
    ct state established,related accept
    tcp dport { ${[...ports].sort((a, b) => a - b).join(', ')} } accept
    udp dport 53 accept
    drop
  }
  chain doors {
${doors.join('\n')}
  }
  chain forward {
    type filter hook forward priority filter; policy accept;
${from('egress')}
  }
  chain outgoing {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${network} ip daddr != ${network} masquerade
  }
  chain incoming {
    type nat hook prerouting priority dstnat; policy accept;
${from('doors')}
  }
}
`;
}
