/** What happens to the slots of a fleet, in Terraform's form: those that are alike together, where they are many. */

import { attributesOf } from '../rollout/plan/differences.ts';
import type { AttributeChange, Change, FleetPlan } from '../rollout/plan/plan.ts';
import { destroyedBy, destroyedFirst } from '../rollout/plan/tally.ts';
import { attributeLines, KNOWN_LATER } from './attribute-text.ts';
import { paint, type Tone } from './color.ts';
import { folded } from './folded.ts';
import { addressesOf } from './ranges.ts';

export const SIGNS = {
  create: ['  +', 'create', 'added'],
  update: ['  ~', 'update in-place', 'changed'],
  delete: ['  -', 'destroy', 'removed'],
  before: ['+/-', 'create replacement and then destroy', 'changed'],
  after: ['-/+', 'destroy and then create replacement', 'changed'],
  restore: [' <-', 'bring an earlier instance back and then destroy', 'changed'],
} as const satisfies Readonly<Record<string, readonly [sign: string, meaning: string, tone: Tone]>>;

export type Sign = keyof typeof SIGNS;

export interface Block {
  readonly sign: Sign;
  readonly text: string;
}

type Alike = readonly [Change, ...Change[]];

export function changeBlocks(plan: FleetPlan, color: boolean): readonly Block[] {
  const first = destroyedFirst(plan);
  const names = new Map(plan.targetGroups.map(({ arn, name }) => [arn, name]));
  const changes = plan.changes.filter(({ action }) => action !== 'no-op');
  return folded(changes, (one) => keyOf(one, first)).map((alike) => {
    const sign = signOf(alike[0], first);
    return { sign, text: block(alike, sign, names, color) };
  });
}

/** Alike but for the slot, its subnet and its instance. */
function keyOf({ action, slot, attributes, after, deposed, id, reason }: Change, first: ReadonlySet<number>): string {
  const made = action === 'create' ? { ...after, subnetId: '' } : attributes;
  const why = reason.replaceAll(/\d+\]|i-\w+/g, '');
  return JSON.stringify([action, first.has(slot), deposed.length, id === undefined, why, made]);
}

function block(alike: Alike, sign: Sign, names: ReadonlyMap<string, string>, color: boolean): string {
  const [symbol, , tone] = SIGNS[sign];
  const heading = `  # ${addressesOf(alike.map(({ address }) => address))} ${verbOf(alike[0])}`;
  const reason = reasonOf(alike);
  const lines = [
    color ? `\u001b[1m${heading}\u001b[0m` : heading,
    ...(reason === '' ? [] : [`  # (${reason})`]),
    `${paint(symbol, tone, color)} ${subject(alike)} {`,
    ...body(alike, sign, names, color),
    '    }',
  ];
  return `${lines.join('\n')}\n`;
}

function body(alike: Alike, sign: Sign, names: ReadonlyMap<string, string>, color: boolean): readonly string[] {
  const [change] = alike;
  const { action, before, after, attributes } = change;
  if (action === 'create' && after) {
    const subnets = [...new Set(alike.flatMap((one) => one.after?.subnetId ?? []))];
    const own = attributesOf(after, names).map(([name, value]) =>
      attribute(name, null, name === 'subnet' && subnets.length > 1 ? subnets : value),
    );
    return attributeLines([attribute('id', null, KNOWN_LATER), ...own], '+', color);
  }
  if (action === 'delete' && before) {
    const own = attributesOf(before, names).filter(([name]) => alike.length === 1 || name === 'image');
    return attributeLines(
      own.map(([name, value]) => attribute(name, value, null)),
      '-',
      color,
    );
  }
  const gone = alike.length > 1 ? [] : destroyedBy(change).filter((id) => id !== change.id);
  return [
    ...attributeLines([...identity(alike, sign), ...attributes], '~', color),
    ...attributeLines(
      gone.map((id) => attribute('deposed', id, null)),
      '-',
      color,
    ),
    ...hidden(change, names, color),
  ];
}

function identity(alike: Alike, sign: Sign): readonly AttributeChange[] {
  const [{ id, reason }] = alike;
  if (sign !== 'before' && sign !== 'after' && sign !== 'restore') return [];
  const before = alike.length > 1 ? `(${alike.length} instances)` : (id ?? null);
  const [, restored] = /^by (\S+),/.exec(reason) ?? [];
  const back = alike.length > 1 ? '(earlier ones)' : restored;
  return [attribute('id', before, sign === 'restore' ? back : KNOWN_LATER)];
}

function hidden({ action, before, attributes }: Change, names: ReadonlyMap<string, string>, color: boolean) {
  if (before === undefined || action === 'clean') return [];
  const changed = new Set(attributes.map(({ name }) => name));
  const count = attributesOf(before, names).filter(([name]) => !changed.has(name)).length;
  if (count === 0) return [];
  return [`        ${paint(`# (${count} unchanged attribute${count === 1 ? '' : 's'} hidden)`, 'debug', color)}`];
}

function attribute(name: string, before: unknown, after: unknown): AttributeChange {
  return { name, before, after, forcesReplacement: false };
}

function signOf({ action, slot }: Change, first: ReadonlySet<number>): Sign {
  if (action === 'replace') return first.has(slot) ? 'after' : 'before';
  if (action === 'clean' || action === 'delete') return 'delete';
  return action === 'create' || action === 'restore' ? action : 'update';
}

function verbOf({ action, attributes, deposed }: Change): string {
  switch (action) {
    case 'create':
      return 'will be created';
    case 'replace':
      return attributes.some(({ forcesReplacement }) => forcesReplacement) ? 'must be replaced' : 'will be replaced';
    case 'restore':
      return 'will be restored';
    case 'delete':
      return 'will be destroyed';
    case 'clean':
      if (deposed.length === 0) return 'will be forgotten';
      return `(deposed object${deposed.length === 1 ? '' : 's'} ${deposed.join(', ')}) will be destroyed`;
    default:
      return 'will be updated in-place';
  }
}

function reasonOf(alike: Alike): string {
  const [{ reason }] = alike;
  if (alike.length === 1) return reason;
  return reason.replace(/index \[\d+\] is/, 'they are').replace(/^by \S+, which is/, 'by those that are');
}

function subject(alike: Alike): string {
  if (alike.length > 1) return `${alike.length} instances`;
  const [{ id, action }] = alike;
  return id === undefined || action === 'create' ? 'instance' : `instance ${JSON.stringify(id)}`;
}
