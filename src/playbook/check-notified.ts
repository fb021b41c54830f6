/** Handlers that are notified and do not exist. */

import type { Findings } from '../fault.ts';
import { isTemplate } from '../template/templar.ts';
import { near } from '../value/near.ts';
import { whereOf } from '../value/source.ts';
import { isList, type Value } from '../value/value.ts';
import type { Entry, Play } from './types.ts';
import { didYouMean } from './unknown-keyword.ts';
import { walk } from './walk.ts';

/** Names can only be judged where nothing that is decided later may bring handlers. */
export function checkNotified(play: Play, findings: Findings): void {
  const all = [...walk(play)].map(({ entry }) => entry);
  if (all.some((entry) => entry.kind === 'task' && /^include_(?:tasks|role)$/.test(entry.action))) return;
  const known = new Set([...walk({ ...play, sections: [] })].flatMap(({ entry }) => namesOf(entry)));
  if ([...known].some(isTemplate)) return;
  for (const { keywords } of [play, ...all]) {
    const notify = keywords.get('notify');
    listOf(notify).forEach((name, index) => {
      if (typeof name !== 'string' || isTemplate(name) || known.has(name)) return;
      findings.fault('handler-missing', `The requested handler '${name}' was not found in this play`, {
        where: whereOf(notify, index) ?? whereOf(keywords, 'notify'),
        hint: didYouMean(near(name, known)) ?? 'write it under handlers: of the play or of a role',
      });
    });
  }
}

function namesOf({ name, role, keywords }: Entry): readonly string[] {
  const topics = listOf(keywords.get('listen')).map(String);
  if (name === undefined) return topics;
  return role ? [name, `${role.name} : ${name}`, ...topics] : [name, ...topics];
}

function listOf(value: Value | undefined): readonly Value[] {
  if (value === undefined || value === null) return [];
  return isList(value) ? value.flat() : [value];
}
