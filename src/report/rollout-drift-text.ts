/** What was done to fleets behind our back. */

import type { Drift } from '../rollout/plan/plan.ts';
import { attributeLines } from './attribute-text.ts';
import { paint, type Tone } from './color.ts';
import { folded } from './folded.ts';
import { addressesOf } from './ranges.ts';

const WORDS = {
  gone: ['-', 'removed', 'has been deleted'],
  changed: ['~', 'changed', 'has changed'],
  stopped: ['~', 'changed', 'has been stopped'],
  volume: ['-', 'removed', 'has lost a volume'],
  unknown: ['?', 'skip', 'is in no state'],
} as const satisfies Record<Drift['kind'], readonly [sign: string, tone: Tone, words: string]>;

export function driftText(drift: readonly Drift[], color: boolean): string {
  if (drift.length === 0) return '';
  const blocks = folded(drift, ({ kind, message, attributes, id, address }) => {
    return JSON.stringify([kind, kind === 'unknown' && address, message.replaceAll(id, ''), attributes]);
  });
  return `${paint('Note: Objects have changed outside of playbake', 'hunk', color)}

playbake detected the following changes made outside of playbake since the last "rollout apply":

${blocks.map((alike) => block(alike, color)).join('\n')}
Unless you have made equivalent changes to your configuration, the following plan may include actions to undo or respond to these changes.
`;
}

function block(alike: readonly [Drift, ...Drift[]], color: boolean): string {
  const [{ kind, message, attributes, id, address }] = alike;
  const [sign, tone, words] = WORDS[kind];
  const many = `${alike.length} instances`;
  const name =
    kind === 'unknown' ? `${address}: ${alike.length > 1 ? many : id}` : addressesOf(alike.map((one) => one.address));
  const heading = `  # ${name} ${words}`;
  const note = kind === 'changed' ? '' : `: ${message}`;
  const lines = [
    color ? `\u001b[1m${heading}\u001b[0m` : heading,
    `  ${paint(sign, tone, color)} ${alike.length > 1 ? many : id}${note}`,
    ...attributeLines(
      attributes.map((one) => ({ ...one, forcesReplacement: false })),
      '~',
      color,
    ),
  ];
  return `${lines.join('\n')}\n`;
}
