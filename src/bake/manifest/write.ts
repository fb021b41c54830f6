/** Writes the manifest into the machine that becomes the image. */

import { Fault } from '../../fault.ts';
import { sh } from '../../shell/sh.ts';
import { ensure, put } from '../../shell/steps.ts';
import type { Apply } from '../sanitise.ts';
import type { Manifest } from './manifest.ts';

export const MANIFEST_DIRECTORY = '/etc/playbake';

/** As `manifest.json`, for everybody to read. Throws `manifest-failed`. */
export async function writeManifest(apply: Apply, manifest: Manifest, directory = MANIFEST_DIRECTORY): Promise<void> {
  const { failed, msg } = await apply([
    ensure(sh`[ -d ${directory} ]`, sh`mkdir -p -m 0755 -- ${directory}`),
    put(`${directory}/manifest.json`, `${JSON.stringify(manifest, null, 1)}\n`, { mode: '0644' }),
  ]);
  if (failed) throw new Fault('manifest-failed', `the manifest cannot be written to ${directory}: ${msg ?? ''}`);
}
