/** The network of a sandbox: one bridge, a namespace for each machine, and a narrow way out. */

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { forgetDocker, passDocker } from './docker-firewall.ts';
import type { Egress } from './egress.ts';
import { namesIn } from './files.ts';
import { attempt, run } from './run.ts';
import { hardwareAddressOf, namespaceOf, prefixedAddressOf, prefixedGateway, type Subnet } from './subnet.ts';

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
  await run(['nft', '-f', '-'], { input: rules(subnet, egress) });
  await passDocker(bridge);
}

/** Removes the rules, the bridge and every namespace. */
export async function lowerNetwork(subnet: Subnet): Promise<void> {
  for (const name of await namespacesOf(subnet)) await removeNamespace(subnet, name);
  await forgetDocker(subnet.bridge);
  await attempt(['nft', 'delete', 'table', 'ip', subnet.tag]);
  if (existsSync(`/sys/class/net/${subnet.bridge}`)) await run(['ip', 'link', 'delete', subnet.bridge]);
}

/** A fresh namespace with `eth0` up, whatever was there before. */
export async function createNamespace(subnet: Subnet, name: string, number: number): Promise<void> {
  await removeNamespace(subnet, name);
  const namespace = namespaceOf(subnet, name);
  const link = `${subnet.bridge}v${number}`;
  await run(['ip', '-batch', '-'], {
    input: [
      `netns add ${namespace}`,
      `link add ${link} type veth peer name eth0 address ${hardwareAddressOf(subnet, number)} netns ${namespace}`,
      `link set ${link} addrgenmode none`,
      `link set ${link} master ${subnet.bridge} up`,
    ].join('\n'),
  });
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
export function rules({ bridge, network, gateway, tag }: Subnet, { ports, forwards }: Egress): string {
  const doors = [...forwards].flatMap(([port, target]) =>
    ['tcp', 'udp'].map(
      (protocol) => `    iifname "${bridge}" ip daddr ${gateway} ${protocol} dport ${port} dnat to ${target}:${port}`,
    ),
  );
  // Bridged packets pass the forward chain too where br_netfilter is loaded.
  return `table ip ${tag} {}
delete table ip ${tag}
table ip ${tag} {
  chain forward {
    type filter hook forward priority filter; policy accept;
    iifname "${bridge}" oifname "${bridge}" accept
    iifname "${bridge}" ct state established,related accept
    iifname "${bridge}" tcp dport { ${[...ports].sort((a, b) => a - b).join(', ')} } accept
    iifname "${bridge}" udp dport 53 accept
    iifname "${bridge}" drop
  }
  chain outgoing {
    type nat hook postrouting priority srcnat; policy accept;
    ip saddr ${network} ip daddr != ${network} masquerade
  }
  chain incoming {
    type nat hook prerouting priority dstnat; policy accept;
${doors.join('\n')}
  }
}
`;
}
