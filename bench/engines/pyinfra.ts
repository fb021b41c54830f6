/** pyinfra, which runs Python and no playbooks: `pyinfra/*.py` do the same. */

import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { attempt } from '../../src/sandbox/run.ts';
import type { Work } from '../cases.ts';
import type { Engine } from './engine.ts';

const DEPLOYS = resolve(import.meta.dirname, '../pyinfra');
const WORKS: readonly Work[] = ['p1', 'p2', 'p4a', 'p4b'];

export const pyinfra: Engine = {
  name: 'pyinfra',
  lacks: async () => ((await attempt(['pyinfra', '--version'])).status === 0 ? undefined : 'pyinfra is not installed'),
  command: async (work, { addresses, content, key, knownHosts, scratch, user }) => {
    if (work === 'version') return { words: ['pyinfra', '--version'] };
    if (!WORKS.includes(work)) return undefined;
    const data = { ssh_user: user, ssh_key: key, ssh_known_hosts_file: knownHosts, content };
    const inventory = join(scratch, 'inventory.py');
    await writeFile(inventory, `hosts = (${JSON.stringify(addresses)}, ${JSON.stringify(data)})\n`);
    return { words: ['pyinfra', '-y', inventory, join(DEPLOYS, `${work}.py`)] };
  },
};
