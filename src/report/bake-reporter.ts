import type { BakeEvent } from '../bake/events.ts';

/** Shows what happens in a bake. Events come in order; `close` is called once, after the last. */
export interface BakeReporter {
  emit(event: BakeEvent): void;
  /** Takes moving parts off the terminal while `question` asks the user something. */
  aside<T>(question: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
