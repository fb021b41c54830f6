/** A long way to a machine: beside its own address it answers at another one, whose packets are delayed. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Fault } from '../src/fault.ts';
import { run } from '../src/sandbox/run.ts';

/** RFC 2544 sets these addresses aside for benchmarks. */
const [HERE, THERE] = ['198.18.0.1', '198.18.0.2'];
const [NEAR, FAR] = ['pbbench-near', 'pbbench-far'];

export interface Wire {
  /** The machine's address at its other end. */
  readonly address: string;
  close(): Promise<void>;
}

/**
 * @param namespace the machine's network namespace.
 * @param roundTrip milliseconds.
 * Throws `sandbox-failed`.
 */
export async function openWire(namespace: string, roundTrip: number): Promise<Wire> {
  const words = [join(import.meta.dirname, 'delay-line.py'), NEAR, FAR, String(roundTrip / 2)];
  const line = spawn('python3', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(line, 'exit');
  const ready = await Promise.race([once(line.stdout, 'data'), ended.then(() => undefined)]);
  if (!ready) throw new Fault('sandbox-failed', 'the delay line does not start', { hint: 'it needs /dev/net/tun' });
  const close = async () => {
    line.kill();
    await ended;
  };
  try {
    await run(['ip', '-batch', '-'], {
      input: [`link set ${FAR} netns ${namespace}`, ...end(NEAR, HERE, THERE)].join('\n'),
    });
    await run(['ip', '-netns', namespace, '-batch', '-'], { input: end(FAR, THERE, HERE).join('\n') });
  } catch (error) {
    await close();
    throw error;
  }
  return { address: THERE, close };
}

function end(device: string, own: string, peer: string): readonly string[] {
  return [`addr add ${own} peer ${peer} dev ${device}`, `link set ${device} up`];
}
