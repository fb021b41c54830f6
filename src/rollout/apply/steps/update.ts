/** What of an instance can be changed while it runs: its tags, its security groups, its target groups. */

import type { Settings } from '../../settings.ts';
import { currentId } from '../await.ts';
import type { StepKind, Work } from '../work.ts';

export const update: StepKind = {
  title: 'Modifying',
  async perform(work) {
    const { change, slot } = work;
    const after = change.after;
    const before = slot().current?.settings;
    if (!after || !before) return undefined;
    const id = currentId(work);
    await retag(id, change.before ?? before, after, work);
    if (!isSame(before.securityGroupIds, after.securityGroupIds)) {
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

async function retag(id: string, before: Settings, after: Settings, { cloud }: Work): Promise<void> {
  const gone = Object.keys(before.tags).filter((key) => !(key in after.tags));
  const Tags = Object.entries(after.tags).map(([Key, Value]) => ({ Key, Value }));
  if (gone.length > 0) await cloud.ec2().deleteTags({ Resources: [id], Tags: gone.map((Key) => ({ Key })) });
  if (Tags.length > 0) await cloud.ec2().createTags({ Resources: [id], Tags });
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}
