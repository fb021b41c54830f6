import type { SandboxAccess } from '../bake/cloud/choose-cloud.ts';
import { Fault } from '../fault.ts';

/** Makes the sandbox answer EC2's calls. */
export async function startSandbox(): Promise<SandboxAccess> {
  throw new Fault('not-built', 'the sandbox cannot launch machines for a bake yet', {
    hint: 'write  cloud: aws  into playbake.yml, with a region and a base image',
  });
}
