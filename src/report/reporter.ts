import type { PlayEvent } from '../play/events.ts';

/** Shows events. Events come in order; `close` is called once, after the last. */
export interface Reporter {
  emit(event: PlayEvent): void;
  /** Takes moving parts off the terminal while `question` asks the user something. */
  aside<T>(question: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
