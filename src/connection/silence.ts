/**
 * Hosts that are being connected to and do not answer: they are at no work and keep no other host from its own. One
 * that answers after all waits until it is let in.
 */

/** Milliseconds after which a host counts as silent. */
const PATIENCE = 1000;

interface Silent {
  /** It has answered and may go on. */
  letIn(): void;
}

const back: Silent[] = [];
const watchers = new Set<() => void>();
let silent = 0;

/** How many hosts are silent or wait to be let in. */
export function silentHosts(): number {
  return silent;
}

/** Lets in the one who waits longest; false when nobody waits. */
export function letIn(): boolean {
  const next = back.shift();
  next?.letIn();
  return next !== undefined;
}

/** @param told whenever a host has become silent or waits. @returns to be called when nobody needs to be told any more. */
export function watchSilence(told: () => void): () => void {
  watchers.add(told);
  return () => {
    watchers.delete(told);
    while (watchers.size === 0 && letIn());
  };
}

/** What `connecting` gives. A host that was silent goes on when it is let in, or at once where nobody watches. */
export async function hearing<T>(connecting: Promise<T>): Promise<T> {
  let isSilent = false;
  const timer = setTimeout(() => {
    isSilent = true;
    silent++;
    tell();
  }, PATIENCE);
  const end = () => {
    clearTimeout(timer);
    if (isSilent) silent--;
    isSilent = false;
  };
  try {
    const connection = await connecting;
    if (isSilent && watchers.size > 0) {
      await new Promise<void>((resolve) => {
        const letIn = () => {
          end();
          resolve();
        };
        back.push({ letIn });
        tell();
      });
    }
    return connection;
  } finally {
    end();
  }
}

function tell(): void {
  for (const told of watchers) told();
}
