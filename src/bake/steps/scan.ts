import type { Address } from '../machine.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { scan, scanFault } from '../scan.ts';
import { keyFiles } from '../ssh-files.ts';
import type { Step } from '../step.ts';

export const scanMachine: Step<{ readonly machine: Address; readonly manifest: Manifest }, object> = {
  id: 'scan',
  title: 'Search the disk for secrets',
  againUntil: 'stop',
  async run({ machine, manifest }, work) {
    const { directory, request, secrets } = work;
    const { findings, ignored, unsearched } = await scan(work.machine(machine).apply, {
      publicKey: keyFiles(directory, 'login').public,
      secrets,
      put: manifest.files.map(({ path }) => path),
      ignore: request.image.scan.ignore,
    });
    if (findings.length > 0) throw scanFault(findings);
    for (const { path, message } of ignored) work.note(`ignored: ${path}: ${message}`);
    if (unsearched > 0) work.note(`${unsearched} secrets are too short to be searched for`);
    return {};
  },
};
