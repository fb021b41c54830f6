/** `vars_prompt`: asked once, before the play. */

import { Fault } from '../fault.ts';
import type { Play } from '../playbook/types.ts';
import { whereOf } from '../value/source.ts';
import { type Dict, toPlain, type Value } from '../value/value.ts';
import { asBoolean } from './boolean.ts';
import type { World } from './world.ts';

/** A variable that `-e` gives is not asked for. */
export async function promptVars(world: World, play: Play): Promise<Dict> {
  const answers = new Map<Value, Value>();
  for (const entry of play.varsPrompt) {
    const name = String(entry.get('name'));
    if (world.extraVars.has(name)) continue;
    const answer = await ask(world, entry, name);
    if (!isShown(entry)) world.secrets.add([answer]);
    answers.set(name, answer);
  }
  return answers;
}

/** Answers are private unless it says no. */
function isShown(entry: Dict): boolean {
  return entry.has('private') && !asBoolean(entry.get('private'));
}

async function ask(world: World, entry: Dict, name: string): Promise<string> {
  const fallback = entry.get('default');
  const shown = String(toPlain(entry.get('prompt') ?? name));
  const question = fallback === undefined ? `${shown}: ` : `${shown} [${String(toPlain(fallback))}]: `;
  const echo = isShown(entry);
  if (!world.options.ask) {
    if (fallback !== undefined) return String(toPlain(fallback));
    throw new Fault('vars-invalid', `vars_prompt asks for ${name}, and nobody can answer`, {
      where: whereOf(entry),
      hint: `give it with -e ${name}=…`,
    });
  }
  for (;;) {
    const answer = (await world.options.ask(question, { echo })) || String(toPlain(fallback ?? ''));
    if (!asBoolean(entry.get('confirm'))) return answer;
    const again = await world.options.ask(`confirm ${question}`, { echo });
    if (again === answer) return answer;
    world.emit({ type: 'warning', message: '***** VALUES ENTERED DO NOT MATCH ****' });
  }
}
