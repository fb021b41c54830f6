/** A rollout's plan, in Terraform's form and signs. */

import type { FleetPlan } from '../rollout/plan/plan.ts';
import { isNeeded, tallyOf } from '../rollout/plan/tally.ts';
import { paint } from './color.ts';
import { FOLDED, folded } from './folded.ts';
import { batchesText } from './rollout-batches-text.ts';
import { changeBlocks, SIGNS } from './rollout-change-text.ts';
import { driftText } from './rollout-drift-text.ts';

export interface PlanTextOptions {
  readonly color: boolean;
  /** Where it is saved. */
  readonly file?: string | undefined;
  /** Whether it was saved just now. */
  readonly isSaved: boolean;
  /** Whether what is shown is about to be applied. */
  readonly isApplied?: boolean;
}

const RULE = '─'.repeat(77);

export function rolloutPlanText(plans: readonly FleetPlan[], options: PlanTextOptions): string {
  const { color } = options;
  const drift = driftText(
    plans.flatMap((plan) => plan.drift),
    color,
  );
  const rule = `\n${paint(RULE, 'debug', color)}\n\n`;
  const needed = isNeeded(plans);
  return [
    drift === '' ? '' : `${drift}${rule}`,
    needed ? actionsText(plans, color) : nothingText(plans, color),
    ...plans.map((plan) => warningsText(plan, color)),
    needed && options.isApplied !== true ? `${rule}${nextText(options)}` : '',
  ].join('');
}

function actionsText(plans: readonly FleetPlan[], color: boolean): string {
  const blocks = plans.flatMap((plan) => changeBlocks(plan, color));
  const legend = [...new Set(blocks.map(({ sign }) => sign))].map((sign) => {
    const [symbol, meaning, tone] = SIGNS[sign];
    return `${paint(symbol, tone, color)} ${meaning}\n`;
  });
  const { add, change, destroy } = tallyOf(plans);
  return `Actions are indicated with the following symbols:
${legend.join('')}
playbake will perform the following actions:

${blocks.map(({ text }) => text).join('\n')}
${color ? '\u001b[1mPlan:\u001b[0m' : 'Plan:'} ${add} to add, ${change} to change, ${destroy} to destroy.
${plans.map((plan) => batchesText(plan)).join('')}`;
}

function nothingText(plans: readonly FleetPlan[], color: boolean): string {
  const names = plans.map(({ fleet }) => fleet.name).join(', ');
  return `${paint('No changes.', 'ok', color)} Your infrastructure matches the configuration.

playbake has compared your real infrastructure against your configuration of ${names} and found no differences, so no changes are needed.
`;
}

function warningsText({ fleet, warnings }: FleetPlan, color: boolean): string {
  const bare = (text: string) => text.replace(/^fleet\.\S+/, '').replaceAll(/\b(?:i|vol)-\w+/g, '');
  const lines = folded(warnings, bare).flatMap((alike) => {
    const own = alike
      .slice(0, FOLDED)
      .map((text) => (text.startsWith('fleet.') ? text : `fleet.${fleet.name}: ${text}`));
    return alike.length > FOLDED ? [...own, `and ${alike.length - FOLDED} more like these`] : own;
  });
  return lines.map((line) => `\n${paint('Warning:', 'warn', color)} ${line}\n`).join('');
}

function nextText({ file, isSaved }: PlanTextOptions): string {
  if (file === undefined) {
    return `Note: You didn't use the -out option to save this plan, so playbake can't guarantee to take exactly these actions if you run "rollout apply" now.\n`;
  }
  const saved = isSaved ? `Saved the plan to: ${file}\n\n` : '';
  return `${saved}To perform exactly these actions, run the following command to apply:\n    rollout apply "${file}"\n`;
}
