import type { PlayEvent } from '../../src/play/events.ts';

/** Events from JSON lines; the recap's hosts become the Map that they are in a run. */
export function readEvents(text: string): PlayEvent[] {
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const event = JSON.parse(line);
      return event.type === 'run-end' ? { ...event, stats: new Map(Object.entries(event.stats)) } : event;
    });
}
