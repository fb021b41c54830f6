/** What of an instance can be changed while it runs: its tags, its security groups, its target groups. */

import { sameMembers } from '../../plan/settings-seen.ts';
import { currentId } from '../await.ts';
import { retag } from '../retag.ts';
import type { StepKind } from '../work.ts';

export const update: StepKind = {
  title: 'Modifying',
  async perform(work) {
    const { change, slot } = work;
    const after = change.after;
    const before = slot().current?.settings;
    if (!after || !before) return undefined;
    const id = currentId(work);
    await retag(work.cloud.ec2(), id, change.before ?? before, after);
    if (!sameMembers(before.securityGroupIds, after.securityGroupIds)) {
      await work.cloud.ec2().modifyInstanceAttribute({ InstanceId: id, Groups: [...after.securityGroupIds] });
    }
    const isIn = (arns: readonly string[]) => (arn: string) => arns.includes(arn);
    const come = after.targetGroupArns.filter((arn) => !isIn(before.targetGroupArns)(arn));
    const go = before.targetGroupArns.filter((arn) => !isIn(after.targetGroupArns)(arn));
    await Promise.all(come.map((arn) => work.calls.register(arn, id)));
    await Promise.all(go.map((arn) => work.calls.deregister(arn, id)));
    return ({ current, ...rest }) => ({ ...rest, ...(current && { current: { ...current, settings: after } }) });
  },
};
