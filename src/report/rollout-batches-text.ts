/** The batches of a plan, those that are alike in one line, with the least that is in service meanwhile. */

import type { Batch, FleetPlan, Stage } from '../rollout/plan/plan.ts';
import { durationText } from './duration-text.ts';
import { rangesOf } from './ranges.ts';

export function batchesText(plan: FleetPlan): string {
  const { fleet, from, to, batches, promise, amounts } = plan;
  if (batches.length === 0) return '';
  const image = (one: { readonly id: string; readonly name: string }) => `${one.name} (${one.id})`;
  const change =
    to === undefined
      ? 'all goes'
      : from === undefined || from.id === to.id
        ? image(to)
        : `${image(from)} -> ${image(to)}`;
  const kept = `; at least ${promise.least} of ${amounts.count} in service, at most ${promise.most} instances`;
  const head =
    to === undefined
      ? `${fleet.name}: ${change}`
      : `${fleet.name}: ${change}, ${fleet.strategy.type.replace('_', '/')}${kept}`;
  const groups = alike(batches);
  let number = 0;
  const lines = groups.flatMap((group) => {
    const [first] = [group[0]!];
    const numbers = rangesOf(group.map((_, index) => number + index + 1));
    number += group.length;
    const served = to === undefined ? '' : `${first.least} of ${amounts.count} in service, `;
    const capacity = `${served}${first.most} instance${first.most === 1 ? '' : 's'} there`;
    return [
      `  ${nameOf(first, group.length, numbers)}: ${slotsOf(group, fleet.name)}${capacity}`,
      ...stagesText(first.stages),
    ];
  });
  return `\n${head}\n${lines.join('\n')}\n`;
}

function alike(batches: readonly Batch[]): readonly (readonly Batch[])[] {
  const groups: Batch[][] = [];
  let last = '';
  for (const batch of batches) {
    const key = [batch.kind, batch.slots.length, batch.least, batch.most, ...stagesText(batch.stages)].join(' ');
    if (key === last) groups.at(-1)?.push(batch);
    else groups.push([batch]);
    last = key;
  }
  return groups;
}

function nameOf({ kind }: Batch, count: number, numbers: string): string {
  if (kind === 'end') return 'end';
  if (kind === 'all') return 'all at once';
  return `${kind}${count > 1 && kind === 'batch' ? 'es' : ''} ${numbers}`;
}

function slotsOf(group: readonly Batch[], fleet: string): string {
  const [first] = [group[0]!];
  if (first.slots.length === 0) return '';
  const slots = `fleet.${fleet}[${rangesOf(group.flatMap((one) => one.slots).sort((a, b) => a - b))}]`;
  if (group.length === 1) return `${slots}; `;
  return `${slots}, ${first.slots.length === 1 ? 'one' : first.slots.length} at a time; `;
}

/** Steps that follow each other, in lines that are not too long. */
function stagesText(stages: readonly Stage[]): readonly string[] {
  const words = stages.map(({ steps }) => [...new Set(steps.map(wordOf))].join(' and '));
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < 100) lines[lines.length - 1] = `${line}, ${word}`;
    else lines.push(`    ${word}`);
  }
  return lines.map((line, index) => (index < lines.length - 1 ? `${line},` : line));
}

function wordOf(step: Stage['steps'][number]): string {
  switch (step.do) {
    case 'pause':
      return `pause ${durationText(step.time)}`;
    case 'bake':
      return `stay healthy for ${durationText(step.time)}`;
    case 'checkpoint': {
      const until = step.time === undefined ? 'until `rollout apply` goes on' : `for ${durationText(step.time)}`;
      return `stop at ${step.percent}% ${until}`;
    }
    case 'await-running':
      return 'wait until it runs';
    case 'await-in-service':
      return 'wait until in service';
    case 'await-drained':
      return 'wait until drained';
    case 'depose':
      return 'set the old one aside';
    case 'deregister':
    case 'stop':
    case 'terminate':
      return `${step.do} the old one`;
    case 'detach-volumes':
      return 'detach its volumes';
    case 'attach-volumes':
      return 'attach them';
    default:
      return step.do;
  }
}
