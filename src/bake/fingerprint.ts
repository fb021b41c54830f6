/** The fingerprint of a bake: first of what goes in, then of what was really read. */

import type { Description } from '../play/description.ts';
import type { Read } from '../play/reads.ts';
import type { Plain } from '../value/value.ts';
import { digest, shortDigest } from './fingerprint/digest.ts';
import type { Fingerprint, Inputs, ReadPrint } from './fingerprint/fingerprint.ts';
import { Places } from './fingerprint/places.ts';
import { printRead, readKey } from './fingerprint/print-read.ts';
import { printTask } from './fingerprint/print-task.ts';

export type { Fingerprint, Inputs } from './fingerprint/fingerprint.ts';

export interface InputsOptions {
  /** The id of the base image. */
  readonly base: string;
  /** What `PreparedRun.describe` says for the build machine. */
  readonly description: Description;
  /** The build machine's name. */
  readonly host: string;
  /** The directory that is cloned: paths below it are told from there. */
  readonly project: string;
  /** What else makes a difference to the image, such as `sanitise` and the size of its disk. */
  readonly settings?: Readonly<Record<string, Plain>>;
}

export interface HostRead {
  readonly host: string;
  readonly read: Read;
}

/** Templates that are filled in before there are hosts see what localhost sees. */
const NOBODY = 'localhost';

/** Known without a machine. */
export function inputsOf({ base, description, host, project, settings = {} }: InputsOptions): Inputs {
  const places = new Places(project);
  const seen = [host, NOBODY].flatMap((name) => description.variables(name));
  const variables = seen.map(({ play, role, values }) => [
    play,
    role ?? null,
    [...values]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, shortDigest(places.placeless(value))]),
  ]);
  const inputs = {
    version: 1,
    base,
    settings: Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, shortDigest(value)])),
    tasks: description.tasks.map((task) => printTask(task, places)),
    reads: sorted(description.reads.map((read) => printRead(read, places))),
    variables: digest(variables),
  } as const;
  const { tasks, ...rest } = inputs;
  return {
    ...inputs,
    digest: digest({ ...rest, reads: rest.reads.map(told), tasks: tasks.map((task) => task.digest) }),
  };
}

/** @param read what the run's `onRead` was told. */
export function fingerprintOf(
  inputs: Inputs,
  read: readonly HostRead[],
  { host, project }: Pick<InputsOptions, 'host' | 'project'>,
): Fingerprint {
  const places = new Places(project);
  const prints = sorted(read.map((one) => printRead(one.read, places, one.host === host ? undefined : one.host)));
  const known = new Map(inputs.reads.map((one) => [readKey(one), one.digest]));
  const isKnown = (one: ReadPrint): boolean => {
    if (one.kind === 'fact') return one.host === undefined;
    if (one.kind === 'variable') return one.host === undefined || one.host === NOBODY;
    const key = readKey(one);
    return known.has(key) && known.get(key) === one.digest;
  };
  return { ...inputs, read: prints, complete: prints.every(isKnown) };
}

function told({ kind, name, digest: value, directory }: ReadPrint): Plain {
  return [kind, name, value, directory ?? null];
}

/** By what they are, each once: the order in which things are read may depend on the wire. */
function sorted(reads: readonly ReadPrint[]): readonly ReadPrint[] {
  const byKey = new Map(reads.map((read) => [readKey(read), read]));
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, read]) => read);
}
