/** The words for what happens in a rollout: Terraform's, where it has them. */

import type { RolloutEvent, StepAbout } from '../rollout/events.ts';
import type { ImageRef, Step } from '../rollout/plan/plan.ts';
import { paint } from './color.ts';

type Of<Type extends RolloutEvent['type']> = Extract<RolloutEvent, { type: Type }>;

/** What a step says when it begins, while it goes on, and when it has ended; a step without words goes on in silence. */
interface Words {
  readonly begins?: string;
  /** `Still …`. */
  readonly goesOn: string;
  readonly ends?: string;
  /** Its time counts from the beginning of that one. */
  readonly since?: Step['do'];
}

const WORDS: Readonly<Partial<Record<Step['do'], Words>>> = {
  launch: { begins: 'Creating...', goesOn: 'creating' },
  restore: { begins: 'Restoring...', goesOn: 'restoring', ends: 'Restored' },
  'await-running': { goesOn: 'creating', ends: 'Creation complete', since: 'launch' },
  'attach-volumes': { begins: 'Attaching its volumes...', goesOn: 'attaching its volumes', ends: 'Volumes attached' },
  check: { begins: 'Checking its health...', goesOn: 'checking its health', ends: 'Healthy' },
  register: { begins: 'Going into service...', goesOn: 'registering' },
  'await-in-service': { goesOn: 'going into service', ends: 'In service', since: 'register' },
  deregister: { begins: 'Draining...', goesOn: 'deregistering' },
  'await-drained': { goesOn: 'draining', ends: 'Drained', since: 'deregister' },
  stop: { begins: 'Stopping...', goesOn: 'stopping', ends: 'Stopped' },
  'detach-volumes': { begins: 'Detaching its volumes...', goesOn: 'detaching its volumes', ends: 'Volumes detached' },
  terminate: { begins: 'Destroying...', goesOn: 'destroying', ends: 'Destruction complete' },
  update: { begins: 'Modifying...', goesOn: 'modifying', ends: 'Modifications complete' },
  forget: { goesOn: 'looking for it', ends: 'Forgotten, for it is gone' },
  bake: { goesOn: 'baking', ends: 'Baked' },
};

export function startLine(event: Of<'rollout-start'>): string {
  const { fleet, direction, from, to, resumed } = event;
  const where = to ? `to ${imageText(to)}` : 'to nothing';
  if (resumed) return `Going on with the rollout of ${fleet} ${where}, where it was.`;
  if (direction === 'back') return `Rolling ${fleet} back ${where}.`;
  return `Rolling ${fleet} out${from ? ` from ${imageText(from)}` : ''} ${where}.`;
}

export function batchLine({ fleet, number, of, kind, slots, least, most }: Of<'batch-start'>): string {
  const name = kind === 'canary' ? 'Canary' : kind === 'end' ? 'End' : 'Batch';
  const what = slots.length > 0 ? `: ${slotsText(fleet, slots)}` : '';
  return `${name} ${number} of ${of}${what} (at least ${least} in service, at most ${most} there)`;
}

/** `fleet.web[0-2,5]`. */
function slotsText(fleet: string, slots: readonly number[]): string {
  const parts: [number, number][] = [];
  for (const slot of slots) {
    const last = parts.at(-1);
    if (last && last[1] === slot - 1) last[1] = slot;
    else parts.push([slot, slot]);
  }
  return `fleet.${fleet}[${parts.map(([first, last]) => (first === last ? first : `${first}-${last}`)).join(',')}]`;
}

export function stepStartLine({ about }: Of<'step-start'>, color: boolean): string | undefined {
  const { step, ids } = about;
  if (step.do === 'pause') return `Waiting ${timeText(step.time / 1000)} before the next batch...`;
  if (step.do === 'bake') return `Baking for ${timeText(step.time / 1000)}: all must stay healthy...`;
  if (step.do === 'checkpoint') {
    const until = step.time === undefined ? '' : `, waiting ${timeText(step.time / 1000)}...`;
    return `Checkpoint: ${step.percent} % are replaced${until}`;
  }
  const begins = WORDS[step.do]?.begins;
  return begins === undefined || (ids.length === 0 && about.deposed)
    ? undefined
    : `${bold(nameOf(about), color)}: ${begins}${idText(about)}`;
}

/** @param waits what it waits for */
export function stillLine({ about, seconds }: Of<'step-still'>, waits: string | undefined, color: boolean): string {
  const goesOn = WORDS[about.step.do]?.goesOn ?? 'waiting';
  const why = waits === undefined ? '' : ` (${waits})`;
  return `${bold(nameOf(about), color)}: Still ${goesOn}... [${idsInside(about)}${timeText(seconds)} elapsed]${why}`;
}

/** @param seconds since that began of which this is the end */
export function stepEndLine({ about, status }: Of<'step-end'>, seconds: number, color: boolean): string | undefined {
  const words = WORDS[about.step.do];
  if (status === 'failed') {
    return paint(
      `${nameOf(about)}: Failed ${words?.goesOn ?? 'waiting'} after ${timeText(seconds)}${idText(about)}`,
      'error',
      color,
    );
  }
  if (status === 'stopped' || words?.ends === undefined || (about.deposed && about.ids.length === 0)) return undefined;
  return `${bold(nameOf(about), color)}: ${words.ends} after ${timeText(seconds)}${idText(about)}`;
}

/** The step from whose beginning the time of this one counts. */
export function beginningOf({ do: kind }: Step): Step['do'] {
  return WORDS[kind]?.since ?? kind;
}

export function verdictLines(
  { fleet, message, hint, next, to, why }: Of<'verdict'>,
  color: boolean,
): readonly string[] {
  const then = next === 'rollback' && to ? `Going back to ${imageText(to)}.` : `It stays as it is: ${why ?? ''}.`;
  return [
    '',
    paint(`Verdict on fleet.${fleet}: it is not good: ${message}`, 'error', color),
    ...(hint === undefined ? [] : [`  hint: ${hint}`]),
    paint(then, 'warn', color),
    '',
  ];
}

const ENDS: Readonly<Record<Of<'rollout-end'>['outcome'], string>> = {
  good: 'Apply complete!',
  destroyed: 'Destroy complete!',
  'rolled-back': 'Rolled back: all is as it was before.',
  failed: 'The rollout failed.',
  waiting: 'The rollout waits at its checkpoint.',
  stopped: 'The rollout was stopped.',
};

export function endLines({ outcome, counts, hints }: Of<'rollout-end'>, color: boolean): readonly string[] {
  const { added, changed, destroyed } = counts;
  const resources =
    outcome === 'destroyed'
      ? `Resources: ${destroyed} destroyed.`
      : `Resources: ${added} added, ${changed} changed, ${destroyed} destroyed.`;
  const isGood = outcome === 'good' || outcome === 'destroyed';
  return [
    '',
    paint(`${ENDS[outcome]} ${resources}`, isGood ? 'ok' : outcome === 'waiting' ? 'warn' : 'error', color),
    ...hints.map((hint) => `  ${paint('hint:', 'hunk', color)} ${hint}`),
  ];
}

export function imageText({ id, name }: ImageRef): string {
  return name === '' ? id : `${name} (${id})`;
}

/** `12s`, `1m5s`, `2h0m0s`: as Terraform writes them. */
export function timeText(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return `${hours > 0 ? `${hours}h` : ''}${whole >= 60 ? `${minutes}m` : ''}${whole % 60}s`;
}

/** Terraform's name of an object that another one takes the place of. */
function nameOf({ address, deposed, ids }: StepAbout): string {
  return deposed && ids[0] !== undefined ? `${address} (deposed object ${ids[0].slice(-8)})` : address;
}

function idText({ ids }: StepAbout): string {
  return ids.length === 0 ? '' : ` [id=${ids.join(', ')}]`;
}

function idsInside({ ids }: StepAbout): string {
  return ids.length === 0 ? '' : `id=${ids.join(', ')}, `;
}

function bold(text: string, color: boolean): string {
  return color ? `\u001b[1m${text}\u001b[0m` : text;
}
