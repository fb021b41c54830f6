/** A listener of a network load balancer: a proxy for TCP. */

import { createHash } from 'node:crypto';
import { connect, createServer, type Socket } from 'node:net';
import { attributeOf } from './attribute-table.ts';
import type { TargetGroupRecord, TargetRecord } from './balancing-records.ts';
import { type Front, type FrontOptions, listening, type Now, now, placeOf } from './front.ts';
import { joined } from './joined.ts';
import { LISTENER_ATTRIBUTES } from './listener-attributes.ts';
import { proxyHeader } from './proxy-protocol.ts';
import { candidatesOf, chooseTarget, settingOf } from './target-choice.ts';

/** Milliseconds. */
const LONGEST_CONNECT = 10_000;

export async function openTcpFront(options: FrontOptions): Promise<Front> {
  const at = now(options);
  if (at === undefined) throw new Error(`the listener ${options.listener} is gone`);
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    open.add(client);
    client.once('close', () => open.delete(client));
    client.on('error', () => client.destroy());
    serve(client, options);
  });
  await listening(server, options.addresses.reach(at.balancer.address), at.listener.port);
  return {
    close: async (patience) => {
      const cut = () => {
        for (const socket of open) socket.destroy();
      };
      const timer = setTimeout(cut, patience);
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        if (patience === 0) cut();
      });
      clearTimeout(timer);
    },
  };
}

function serve(client: Socket, options: FrontOptions): void {
  const at = now(options);
  const action = at?.listener.actions[0];
  const group = action?.type === 'forward' ? at?.region.targetGroups[action.groups[0]?.group ?? ''] : undefined;
  const target = at && group && choose(at, group, client, options);
  if (at === undefined || group === undefined || target === undefined) return void client.resetAndDestroy();
  const { host, port } = placeOf(options, at.region, group, target);
  const localAddress = options.addresses.reach(at.balancer.address);
  const server = connect({ host, port, localAddress, allowHalfOpen: true, noDelay: true });
  const end = options.traffic.begin(group.id, target, () => client.resetAndDestroy());
  const timer = setTimeout(() => client.resetAndDestroy(), LONGEST_CONNECT);
  const idle = attributeOf(at.listener.attributes, LISTENER_ATTRIBUTES.TCP, 'tcp.idle_timeout.seconds');
  server.once('connect', () => {
    clearTimeout(timer);
    if (settingOf(group, 'proxy_protocol_v2.enabled') === 'true') server.write(headerOf(client));
    joined(client, server);
    client.setTimeout(Number(idle) * 1000, () => client.resetAndDestroy());
  });
  // A client must see that its connection did not end well.
  server.once('error', () => client.resetAndDestroy());
  server.once('close', end);
  client.once('close', () => {
    clearTimeout(timer);
    server.destroy();
  });
}

function choose(
  { region }: Now,
  group: TargetGroupRecord,
  { remoteAddress = '' }: Socket,
  { traffic }: FrontOptions,
): TargetRecord | undefined {
  if (settingOf(group, 'stickiness.enabled') === 'true') {
    const candidates = candidatesOf(region, group);
    const digest = createHash('sha256').update(remoteAddress).digest().readUInt32BE();
    return candidates[digest % Math.max(1, candidates.length)];
  }
  return chooseTarget(region, group, { underway: (target) => traffic.underway(group.id, target) });
}

function headerOf({ remoteAddress = '', remotePort = 0, localAddress = '', localPort = 0 }: Socket): Buffer {
  return proxyHeader({ address: remoteAddress, port: remotePort }, { address: localAddress, port: localPort });
}
