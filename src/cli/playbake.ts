import manifest from '../../package.json' with { type: 'json' };
import { Fault } from '../fault.ts';
import { nearest } from './nearest.ts';
import type { Verb } from './session.ts';

const USAGE = `Usage: playbake VERB [ARGUMENTS...]

One playbook language for running hosts and machine images.

Verbs:
  play PLAYBOOK...   run playbooks on hosts (also: play)
  sandbox            make Debian hosts on this machine to try playbooks on: up, status, ssh, reset, down
  image              images that were baked: list, show, diff, history, promote, revoke
  bake PLAYBOOK      make a machine image of a playbook (also: bake)
  rollout            bring the instances of fleets to a new image (also: rollout)

Options:
  --version          show the version
  -h, --help         show this help; playbake VERB --help shows a verb's
`;

/** The umbrella: `playbake VERB` is `VERB`. */
export const playbake: Verb = async ([verb, ...args], session) => {
  switch (verb) {
    case undefined:
    case '-h':
    case '--help':
    case 'help':
      session.screen.out(USAGE);
      return 0;
    case '--version':
      session.screen.out(`playbake ${manifest.version}\n`);
      return 0;
    case 'play':
      return (await import('./play.ts')).play(args, session);
    case 'sandbox':
      return (await import('./sandbox.ts')).sandbox(args, session);
    case 'image':
      return (await import('./image.ts')).image(args, session);
    case 'bake':
      return (await import('./bake.ts')).bake(args, session);
    case 'rollout':
      return (await import('./rollout.ts')).rollout(args, session);
    default:
      throw new Fault('option-invalid', `playbake has no verb "${verb}"`, {
        hint: nearest(verb, ['play', 'sandbox', 'bake', 'image', 'rollout']) ?? '`playbake --help` lists the verbs',
      });
  }
};
