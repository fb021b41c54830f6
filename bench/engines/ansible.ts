/** Ansible as it comes, as its guides say to tune it, and with Mitogen's strategy. */

import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { attempt } from '../../src/sandbox/run.ts';
import type { Engine } from './engine.ts';

/** Ansible runs in no other locale than one of UTF-8. */
const LOCALE = ['env', 'LC_ALL=C.UTF-8'] as const;

const DEFAULTS: readonly string[] = [];
const TUNED = [
  'forks = 50',
  '[ssh_connection]',
  'pipelining = True',
  'ssh_args = -o ControlMaster=auto -o ControlPersist=600s -o PreferredAuthentications=publickey',
];

export const ansible: Engine = engine('ansible', async () => DEFAULTS);
export const tuned: Engine = engine('ansible-tuned', async () => TUNED);
export const mitogen: Engine = engine('mitogen', async () => {
  const strategies = await mitogenStrategies();
  if (strategies === undefined) return undefined;
  return ['forks = 50', 'strategy = mitogen_linear', `strategy_plugins = ${strategies}`, ...TUNED.slice(1, 3)];
});

/** @param settings lines of ansible.cfg, at first those of its defaults; undefined: it is not here. */
function engine(name: string, settings: () => Promise<readonly string[] | undefined>): Engine {
  return {
    name,
    lacks: async () => {
      if ((await attempt([...LOCALE, 'ansible-playbook', '--version'])).status !== 0) return 'ansible is not installed';
      return (await settings()) ? undefined : 'ansible-mitogen is not installed beside ansible';
    },
    command: async (work, { inventory, playbook, scratch }) => {
      if (work === 'scale') return undefined;
      const config = join(scratch, 'ansible.cfg');
      await writeFile(config, ['[defaults]', ...((await settings()) ?? []), ''].join('\n'));
      const environment = {
        ANSIBLE_CONFIG: config,
        ANSIBLE_HOME: scratch,
        ANSIBLE_SSH_CONTROL_PATH_DIR: join(scratch, 'cp'),
        ANSIBLE_NOCOLOR: '1',
        ANSIBLE_DEPRECATION_WARNINGS: 'False',
      };
      if (work === 'version') return { words: ['ansible-playbook', '--version'], environment };
      const check = work === 'syntax' ? ['--syntax-check'] : [];
      return { words: ['ansible-playbook', ...check, '-i', inventory, playbook], environment };
    },
  };
}

/** Where Mitogen's strategies are, when it is installed for the same Python as Ansible. */
async function mitogenStrategies(): Promise<string | undefined> {
  const { stdout } = await attempt([...LOCALE, 'ansible', '--version']);
  const location = /ansible python module location = (.+)/.exec(stdout)?.[1];
  const path = location && join(dirname(location), 'ansible_mitogen/plugins/strategy');
  return path && existsSync(path) ? path : undefined;
}
