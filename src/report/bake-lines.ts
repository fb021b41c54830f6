/** The words that both views of a bake use. */

import type { BakeEvent } from '../bake/events.ts';
import { paint, type Tone } from './color.ts';

type Of<Type extends BakeEvent['type']> = Extract<BakeEvent, { type: Type }>;

const WORDS: Readonly<Record<Of<'bake-end'>['outcome'], readonly [word: string, tone: Tone]>> = {
  baked: ['Baked', 'ok'],
  unchanged: ['Nothing to bake', 'ok'],
  failed: ['The bake failed', 'error'],
  interrupted: ['The bake was stopped', 'error'],
  kept: ['The bake failed; what it made is kept', 'error'],
};
const WHY: Readonly<Record<Of<'clean-start'>['why'], string>> = {
  end: 'Remove what only the bake needed',
  failure: 'Remove what the bake made',
  sweep: 'Remove what is left',
};
const WIDEST = 48;

export function startLines({ run, image, playbook, cloud, why, region, resumed }: Of<'bake-start'>): readonly string[] {
  const place = cloud === 'aws' ? 'on aws' : 'in the sandbox';
  return [
    `${resumed ? 'Going on with the bake of' : 'Baking'} ${image} ${place}, region ${region} (${why})`,
    `${playbook}, run ${run}`,
    '',
  ];
}

export function endLines(event: Of<'bake-end'>, color: boolean): readonly string[] {
  const { outcome, imageId, name, region, copies, steps, seconds, left, hints } = event;
  const [word, tone] = WORDS[outcome];
  const what = imageId === undefined ? '' : `: ${imageId}  ${name ?? ''}  in ${region}`;
  const slowest = steps.filter((step) => step.seconds >= 0.05);
  return [
    '',
    ...(outcome === 'baked' ? slowest.map((step) => `${step.title.padEnd(WIDEST)}  ${secondsOf(step.seconds)}`) : []),
    ...(outcome === 'baked' ? [`${'In all'.padEnd(WIDEST)}  ${secondsOf(seconds)}`, ''] : []),
    paint(`${word}${what}`, tone, color),
    ...copies.map((copy) => `  copy: ${copy.imageId} in ${copy.region}`),
    ...(left > 0 ? [paint(`${left} ${left === 1 ? 'thing is' : 'things are'} still there`, 'warn', color)] : []),
    ...hints.map((hint) => `  ${paint('hint:', 'hunk', color)} ${hint}`),
  ];
}

export function cleanLine({ why }: Of<'clean-start'>): string {
  return WHY[why];
}

export function removedLine({ kind, name, region, fault }: Of<'removed'>, color: boolean): string {
  const thing = `${kind.replace('-', ' ')} ${name} in ${region}`;
  return fault ? paint(`✖ ${thing}: ${fault.message}`, 'error', color) : `${paint('✔', 'ok', color)} ${thing}`;
}

export function warningLine({ message, hint }: Of<'warning'>, color: boolean): string {
  return paint(`[WARNING]: ${message}${hint === undefined ? '' : ` (${hint})`}`, 'warn', color);
}

/** `✔ Stop the build machine  2.1 s`; nothing for a step that had nothing to do. */
export function stepEndLine({ step, status, seconds }: Of<'step-end'>, color: boolean): string | undefined {
  if (status === 'skipped') return undefined;
  if (status === 'resumed') return paint(`↓ ${step.title}  done before`, 'skip', color);
  const isDone = status === 'done';
  return `${paint(`${isDone ? '✔' : '✖'} ${step.title}`, isDone ? 'ok' : 'error', color)}  ${secondsOf(seconds)}`;
}

export function secondsOf(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}
