/** Docker drops every forwarded packet that is not its own; its chain DOCKER-USER is where others ask to be let through. */

import { attempt, run } from './run.ts';

/** For the bridge, and for the links to instances; iptables writes `+` for any rest of a name. */
const rulesFor = (bridge: string) =>
  [bridge, `${bridge}v+`].flatMap((link) => [
    ['-i', link, '-j', 'ACCEPT'],
    ['-o', link, '-j', 'ACCEPT'],
  ]);

/** Lets packets of the bridge pass Docker; our own rules still say which of them may leave. */
export async function passDocker(bridge: string): Promise<void> {
  if ((await attempt(['iptables', '-w', '-n', '-L', 'DOCKER-USER'])).status !== 0) return;
  for (const rule of rulesFor(bridge)) {
    const there = (await attempt(['iptables', '-w', '-C', 'DOCKER-USER', ...rule])).status === 0;
    if (!there) await run(['iptables', '-w', '-I', 'DOCKER-USER', ...rule]);
  }
}

export async function forgetDocker(bridge: string): Promise<void> {
  for (const rule of rulesFor(bridge)) await attempt(['iptables', '-w', '-D', 'DOCKER-USER', ...rule]);
}
