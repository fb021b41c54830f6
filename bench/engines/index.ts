import { ansible, mitogen, tuned } from './ansible.ts';
import type { Engine } from './engine.ts';
import { node, ssh, ssh2script, ssh2shell } from './floors.ts';
import { playbake } from './playbake.ts';
import { pyinfra } from './pyinfra.ts';

/** In the order of the table's columns. */
export const ENGINES: readonly Engine[] = [
  playbake,
  ansible,
  tuned,
  mitogen,
  pyinfra,
  ssh,
  ssh2script,
  ssh2shell,
  node,
];
