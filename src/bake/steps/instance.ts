import { launch } from '../launch.ts';
import type { Step } from '../step.ts';
import type { BaseImage } from './base.ts';
import type { Group } from './security-group.ts';

interface Needs {
  readonly base: BaseImage;
  readonly keyName: string;
  readonly group: Group;
}

export const launchBuildMachine: Step<Needs, { readonly instanceId: string }> = {
  id: 'instance',
  title: 'Launch the build machine',
  async run({ base, keyName, group }, work) {
    const instanceId = await launch({ purpose: 'build', imageId: base.id, base, keyName, group }, work);
    work.note(instanceId);
    return { instanceId };
  },
};
