/** One event a line, for programs. Their schema is schemas/events.json. */

import type { Fault, Where } from '../fault.ts';
import type { PlayEvent } from '../play/events.ts';
import type { Reporter } from './reporter.ts';
import type { Screen } from './screen.ts';

export class JsonReporter implements Reporter {
  readonly #screen: Screen;

  constructor(screen: Screen) {
    this.#screen = screen;
  }

  emit(event: PlayEvent): void {
    this.#screen.out(`${JSON.stringify(lean(event), plain)}\n`);
  }

  aside<T>(question: () => Promise<T>): Promise<T> {
    return question();
  }

  async close(): Promise<void> {}
}

/** The text of whole files is left out. */
export function lean(event: PlayEvent): object {
  if ('task' in event) {
    const shown = { ...event, task: { ...event.task, where: withoutText(event.task.where) } };
    return 'fault' in event && event.fault ? { ...shown, fault: faultOf(event.fault) } : shown;
  }
  return 'where' in event && event.where ? { ...event, where: withoutText(event.where) } : event;
}

function faultOf({ code, message, where, hint }: Fault): object {
  return { code, message, ...(where && { where: withoutText(where) }), ...(hint !== undefined && { hint }) };
}

function withoutText({ text: _, ...where }: Where): Where {
  return where;
}

/** Maps as objects; what is Ansible's own business is left out. */
export function plain(key: string, value: unknown): unknown {
  if (key.startsWith('_ansible_')) return undefined;
  return value instanceof Map ? Object.fromEntries(value) : value;
}
