/** What an image was made of, as digests: nothing in it can be read back. */

export interface Inputs {
  readonly version: 1;
  /** SHA-256 over all below: two bakes with the same one have the same inputs. */
  readonly digest: string;
  /** The id of the base image. Facts follow from it. */
  readonly base: string;
  /** What of the configuration makes a difference to the image, by name. */
  readonly settings: Readonly<Record<string, string>>;
  readonly tasks: readonly TaskPrint[];
  /** What can be read by now: files that tasks name, outputs of commands … */
  readonly reads: readonly ReadPrint[];
  /** All variables that tasks could read, as one digest. */
  readonly variables: string;
}

export interface TaskPrint {
  /** As a run shows it; a new name alone is no difference. */
  readonly name: string;
  /** `site.yml:12`; where a task stands is no difference. */
  readonly where: string;
  readonly digest: string;
  /** What the task is made of, each with its digest: `module`, `argument dest`, `when`, `keyword become` … */
  readonly parts: Readonly<Record<string, string>>;
}

/** Something that was read, and its digest; null where there is nothing of that name. */
export interface ReadPrint {
  readonly kind: 'variable' | 'fact' | 'file' | 'glob' | 'environment' | 'command';
  /** A name, a path as `Places` names it, or a command. */
  readonly name: string;
  readonly digest: string | null;
  /** Whose variable or fact, where it is not the build machine's. */
  readonly host?: string;
  /** From where a variable was seen. */
  readonly play?: number;
  readonly role?: string;
  /** Where a command ran. */
  readonly directory?: string;
}

/** The inputs of a bake that has run, and what it really read of them. */
export interface Fingerprint extends Inputs {
  readonly read: readonly ReadPrint[];
  /** All that was read is among the inputs: the same digest means the same image. Else the reads must be compared. */
  readonly complete: boolean;
}
