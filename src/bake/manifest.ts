/** The manifest of an image, from what the play told and what the machine has. */

import manifest from '../../package.json' with { type: 'json' };
import type { Description } from '../play/description.ts';
import type { Collector } from './manifest/collector.ts';
import { lookAtMachine } from './manifest/look.ts';
import type { Manifest, ManifestFile } from './manifest/manifest.ts';
import { sourceOf } from './manifest/source.ts';
import type { Apply } from './sanitise.ts';

export interface ManifestOptions extends Pick<Manifest, 'image' | 'name' | 'run' | 'base' | 'fingerprint'> {
  /** The playbook's file, absolute, and the directory from which paths are told. */
  readonly playbook: string;
  readonly project: string;
  readonly description: Description;
  /** Was told all events of the play. */
  readonly collector: Collector;
  /** Texts that no result may hold. */
  readonly secrets: Iterable<string>;
  readonly now: Date;
}

/** Looks at the machine, when the playbook is through and the machine is clean. Throws `manifest-failed`. */
export async function manifestOf(apply: Apply, options: ManifestOptions): Promise<Manifest> {
  const { image, name, run, base, fingerprint, playbook, project, description, collector, secrets, now } = options;
  const { os, packages, files } = await lookAtMachine(apply, collector.files, collector.packages);
  return {
    version: 1,
    ...{ image, name, run },
    created: now.toISOString(),
    playbake: manifest.version,
    base,
    os,
    fingerprint,
    source: await sourceOf(playbook, project, description.tasks),
    tasks: collector.tasks(secrets),
    packages,
    files: files.map((file) => (collector.hidden.has(file.task) ? withoutContent(file) : file)),
  };
}

/** From its size and digest a short secret could be guessed. */
function withoutContent({ path, type, mode, owner, group, task }: ManifestFile): ManifestFile {
  return { path, type, mode, owner, group, task };
}
