/** The same work by hand: as fast as SSH allows. */

import { join, resolve } from 'node:path';
import type { Work } from '../cases.ts';
import type { Place } from '../place.ts';
import type { Engine } from './engine.ts';

const FLOOR = resolve(import.meta.dirname, '../floor');
const SCRIPTED: readonly Work[] = ['one', 'p1', 'p2', 'p3', 'p4a', 'p4b'];

/** One OpenSSH client and one script a host. */
export const ssh: Engine = {
  name: 'floor-ssh',
  lacks: async () => undefined,
  command: async (work, place) => {
    if (work === 'version') return { words: ['ssh', '-V'] };
    if (work === 'first-byte')
      return { words: ['ssh', '-F', 'none', '-o', 'BatchMode=yes', ...address(place), 'true'] };
    if (SCRIPTED.includes(work)) return { words: [join(FLOOR, 'ssh.sh'), work], environment: environmentOf(place) };
    return undefined;
  },
};

/** All hosts from one Node process, one script a host. */
export const ssh2script: Engine = ssh2('script', SCRIPTED);
/** One command at a time through one shell, each waited for. */
export const ssh2shell: Engine = ssh2('shell', ['p1']);

/** Node itself, which does nothing. */
export const node: Engine = {
  name: 'node',
  lacks: async () => undefined,
  command: async (work) => (work === 'version' ? { words: [process.execPath, '-e', '0'] } : undefined),
};

function ssh2(mode: 'script' | 'shell', works: readonly Work[]): Engine {
  return {
    name: `floor-ssh2${mode}`,
    lacks: async () => undefined,
    command: async (work, place) => {
      if (!works.includes(work)) return undefined;
      return { words: [process.execPath, join(FLOOR, 'ssh2.js'), mode, work], environment: environmentOf(place) };
    },
  };
}

function address({ addresses, user }: Place): readonly string[] {
  const [host = '', port = '22'] = (addresses[0] ?? '').split(':');
  return ['-p', port, `${user}@${host}`];
}

function environmentOf(place: Place): { readonly [name: string]: string } {
  return {
    BENCH_ADDRESSES: place.addresses.join(' '),
    BENCH_CONTENT: place.content,
    BENCH_KEY: place.key,
    BENCH_KNOWN_HOSTS: place.knownHosts,
    BENCH_SCRATCH: place.scratch,
    BENCH_SCRIPT: place.script,
    BENCH_USER: place.user,
  };
}
