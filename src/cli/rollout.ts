/** `rollout VERB`. */

import manifest from '../../package.json' with { type: 'json' };
import { Fault } from '../fault.ts';
import { nearest } from './nearest.ts';
import { otherEngine } from './rollout/other-engine.ts';
import type { Verb } from './session.ts';

interface Entry {
  readonly usage: string;
  readonly summary: string;
  /** Each verb is loaded when it is used. */
  readonly load: () => Promise<Verb>;
}

const VERBS: Readonly<Record<string, Entry>> = {
  plan: {
    usage: 'plan [FLEET...]',
    summary: 'what a rollout would do, in which order, and what it keeps in service',
    load: async () => (await import('./rollout/plan.ts')).plan,
  },
  show: {
    usage: 'show PLANFILE',
    summary: 'a plan that was saved',
    load: async () => (await import('./rollout/show.ts')).show,
  },
  apply: {
    usage: 'apply [PLANFILE | FLEET...]',
    summary: 'do what is planned, or go on where a rollout was stopped',
    load: async () => (await import('./rollout/apply.ts')).apply,
  },
  rollback: {
    usage: 'rollback [FLEET] [TO]',
    summary: 'go back to an earlier release',
    load: async () => (await import('./rollout/rollback.ts')).rollback,
  },
  destroy: {
    usage: 'destroy [FLEET...]',
    summary: 'drain and terminate all instances of fleets',
    load: async () => (await import('./rollout/destroy.ts')).destroy,
  },
  status: {
    usage: 'status [FLEET...]',
    summary: 'the instances of fleets, how they are, and what is under way',
    load: async () => (await import('./rollout/status.ts')).status,
  },
  history: {
    usage: 'history [FLEET...]',
    summary: 'what was rolled out, and what came of it',
    load: async () => (await import('./rollout/history.ts')).history,
  },
  import: {
    usage: 'import FLEET INSTANCE...',
    summary: 'adopt instances that are there; --all: all that bear the tags of a fleet',
    load: async () => (await import('./rollout/import.ts')).importVerb,
  },
  state: {
    usage: 'state',
    summary: 'what rollouts remember: list, show, rm, mv, pull, push',
    load: async () => (await import('./rollout/state.ts')).state,
  },
  unlock: {
    usage: 'unlock [ID]',
    summary: 'remove the lock of a rollout that is known to be dead',
    load: async () => (await import('./rollout/unlock.ts')).unlock,
  },
  export: {
    usage: 'export terraform [FLEET...]',
    summary: "a configuration of Terraform's for what runs",
    load: async () => (await import('./rollout/export.ts')).exportVerb,
  },
  inventory: {
    usage: 'inventory [FLEET...]',
    summary: "the instances of fleets as Ansible's inventory",
    load: async () => (await import('./rollout/inventory.ts')).inventory,
  },
};

export const rollout: Verb = async ([name, ...args], session) => {
  if (name === undefined || name === '-h' || name === '--help' || name === 'help') {
    session.screen.out(usage());
    return 0;
  }
  if (name === '--version') {
    session.screen.out(`rollout ${manifest.version}\n`);
    return 0;
  }
  const other = await otherEngine(name, args);
  if (other) return other(args, session);
  const entry = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (entry) return (await entry.load())(args, session);
  throw new Fault('option-invalid', `rollout has no verb "${name}"`, {
    hint: nearest(name, Object.keys(VERBS)) ?? '`rollout --help` lists the verbs',
  });
};

function usage(): string {
  const width = Math.max(...Object.values(VERBS).map((entry) => entry.usage.length));
  const lines = Object.values(VERBS).map((entry) => `  ${entry.usage.padEnd(width)}  ${entry.summary}\n`);
  return `Usage: rollout VERB [ARGUMENTS...]

Brings the instances of the fleets in playbake.yml to what it says, by images that bakes have made.

Verbs:
${lines.join('')}
Options:
  --version   show the version
  -h, --help  show this help; rollout VERB --help shows a verb's
`;
}
