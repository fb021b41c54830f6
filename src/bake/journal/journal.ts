/** A run's journal: lines of JSON, each on the disk before what it tells of is done. */

import { closeSync, existsSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { Fault } from '../../fault.ts';
import type { JournalEntry, NewEntry } from './entry.ts';

export class Journal {
  readonly file: string;
  readonly #entries: JournalEntry[];
  readonly #descriptor: number;

  /** Opens the journal, or begins it. What a kill left of a half-written last line is cut off. Throws `journal-invalid`. */
  constructor(file: string) {
    this.file = file;
    const isNew = !existsSync(file);
    const { entries, length } = isNew ? { entries: [], length: 0 } : parse(readFileSync(file, 'utf8'), file);
    this.#entries = [...entries];
    this.#descriptor = openSync(file, 'a', 0o600);
    ftruncateSync(this.#descriptor, length);
    if (isNew) syncDirectory(dirname(file));
  }

  get entries(): readonly JournalEntry[] {
    return this.#entries;
  }

  /** Returns when the line is on the disk. Throws `journal-failed` when it cannot be, as on a full disk. */
  add(entry: NewEntry): void {
    const whole: JournalEntry = { ...entry, at: new Date().toISOString() };
    try {
      writeSync(this.#descriptor, `${JSON.stringify(whole)}\n`);
      fsyncSync(this.#descriptor);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new Fault('journal-failed', `the journal ${this.file} cannot be written: ${reason}`, {
        hint: 'make room on the disk; what was made until now is removed',
        cause,
      });
    }
    this.#entries.push(whole);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

/** The entries of a journal that another process may be writing. Throws `journal-invalid`. */
export function readJournal(file: string): readonly JournalEntry[] {
  return parse(readFileSync(file, 'utf8'), file).entries;
}

interface Parsed {
  readonly entries: readonly JournalEntry[];
  /** Bytes up to the end of the last whole line. */
  readonly length: number;
}

function parse(text: string, file: string): Parsed {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const lines = whole.split('\n').slice(0, -1);
  return { entries: lines.map((line, index) => entryOf(line, file, index + 1)), length: Buffer.byteLength(whole) };
}

function entryOf(line: string, file: string, number: number): JournalEntry {
  try {
    const entry: JournalEntry = JSON.parse(line);
    if (typeof entry.type === 'string' && typeof entry.at === 'string') return entry;
  } catch {
    // Told below.
  }
  throw new Fault('journal-invalid', 'this is no line of a journal', {
    where: { file, line: number },
    hint: '`bake sweep RUN` finds what the run made by its tags',
  });
}

function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
