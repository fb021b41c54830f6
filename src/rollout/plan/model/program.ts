/** What is done to a slot, one step after the other. Phases are common to all slots of a batch: each becomes a stage. */

import type { Work } from './decide.ts';
import { type Member, membersOf, type Slot } from './slot.ts';

/** `early`: before anything is launched in the slot's place. */
export const PHASES = [
  'forget',
  'depose',
  'deregister early',
  'await-drained early',
  'stop early',
  'detach-volumes early',
  'terminate early',
  'update',
  'restore',
  'launch',
  'await-running',
  'deregister first',
  'await-drained first',
  'stop',
  'detach-volumes',
  'attach-volumes',
  'check',
  'register',
  'await-in-service',
  'deregister',
  'await-drained',
  'terminate',
] as const;

export type Phase = (typeof PHASES)[number];

/**
 * Of what is replaced. `surge`: the new one is there before the old one goes. `hold`: the old one stays until the `end`, out of service.
 * `in-place`: the old one goes first. With data volumes `surge` lets the old one go when the new one runs, for both
 * cannot hold them. `only`: of all other work, which goes one way.
 */
export const WAYS = ['surge', 'hold', 'in-place', 'end', 'only'] as const;

export type Way = (typeof WAYS)[number];

export function programOf(slot: Slot, work: Work, way: Way): readonly Phase[] {
  if (way === 'end') return ['terminate'];
  const forget: readonly Phase[] = slot.gone ? ['forget'] : [];
  return [...forget, ...phasesOf(slot, work, way)];
}

const SERVE: readonly Phase[] = ['check', 'register', 'await-in-service'];
const LEAVE: readonly Phase[] = ['deregister', 'await-drained', 'terminate'];
const LEAVE_VOLUMES: readonly Phase[] = [
  'deregister first',
  'await-drained first',
  'stop',
  'detach-volumes',
  'terminate',
];
/** The old ones let go of the volumes. */
const MOVE: readonly Phase[] = ['deregister first', 'await-drained first', 'stop', 'detach-volumes', 'attach-volumes'];

function phasesOf(slot: Slot, { kind, restored }: Work, way: Way): readonly Phase[] {
  const { current, deposed, moves } = slot;
  // Volumes that are with one that goes are taken from it first.
  const goes = (one: Member | undefined) => one !== undefined && one !== deposed[restored ?? -1] && one.holds;
  const go = deposed.some(goes) || (restored !== undefined && goes(current)) ? LEAVE_VOLUMES : LEAVE;
  const leave = deposed.length > 0 ? go : [];
  switch (kind) {
    case 'create':
      return ['launch', 'await-running', ...(moves ? (['attach-volumes'] as const) : []), ...SERVE];
    case 'replace':
      if (way === 'in-place') return [...early(slot), 'launch', 'await-running', ...attach(slot), ...SERVE];
      if (moves) return ['launch', 'await-running', ...MOVE, ...SERVE, 'terminate'];
      return ['launch', 'await-running', ...SERVE, ...(way === 'hold' ? LEAVE.slice(0, -1) : LEAVE)];
    case 'restore': {
      const one = deposed[restored ?? 0];
      if (one?.serves) return ['restore', ...go];
      if (membersOf(slot).length === 1) return ['restore', 'await-running', ...attach(slot, one?.holds), ...SERVE];
      if (moves && !one?.holds) return ['restore', 'await-running', ...MOVE, ...SERVE, 'terminate'];
      return ['restore', 'await-running', ...SERVE, ...go];
    }
    case 'finish': {
      const move = moves && current?.holds !== true;
      const begin: readonly Phase[] = current?.fit === 'update' ? ['update', 'await-running'] : ['await-running'];
      if (move && deposed.length > 0) return [...begin, ...MOVE, ...SERVE, 'terminate'];
      return [...begin, ...attach(slot, current?.holds), ...SERVE, ...leave];
    }
    case 'update':
      return ['update', 'check', 'await-in-service', ...leave];
    case 'settle':
      return restored === undefined ? go : ['restore', ...go];
    case 'clean':
      return leave;
    case 'delete':
      return early(slot);
    default:
      return [];
  }
}

function attach({ moves }: Slot, holds: boolean | undefined = false): readonly Phase[] {
  return moves && !holds ? ['attach-volumes'] : [];
}

function early(slot: Slot): readonly Phase[] {
  if (membersOf(slot).length === 0) return [];
  return [
    ...(slot.current === undefined ? [] : (['depose'] as const)),
    'deregister early',
    'await-drained early',
    ...(slot.moves ? (['stop early', 'detach-volumes early'] as const) : []),
    'terminate early',
  ];
}
