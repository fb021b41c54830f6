/** Finds what is wrong with the playbook and the credentials while it still costs nothing. */

import { Fault } from '../../fault.ts';
import { prepareOn } from '../play-on.ts';
import type { Step } from '../step.ts';

export const checkAll: Step<object, { readonly account: string }> = {
  id: 'check',
  title: 'Check the playbook and the credentials',
  async run(_, work) {
    const { request, cloud } = work;
    const { tags, skipTags, image } = request;
    const prepared = await prepareOn({ machine: undefined, mode: 'bake', check: true, tags, skipTags }, work, () => {});
    const plays = prepared.plays.flatMap((playbook) => playbook.plays);
    if (!plays.some(({ hosts }) => hosts.includes(image.name))) {
      throw new Fault(
        'pattern-empty',
        `${image.playbook} has no play for the machine: all its plays are for localhost`,
        {
          hint: 'a play with  hosts: all  (or any group) runs on the machine that is baked',
        },
      );
    }
    return { account: await cloud.account() };
  },
};
