import { found } from './found.ts';
import { onceFree } from './once-free.ts';
import type { Removal, Remover } from './removal.ts';

/** A group can be deleted when the network interfaces of terminated instances are gone. */
export const removeSecurityGroup: Remover = async ({ id, name }, removal) => {
  const ids = id === undefined ? await found(() => named(name, removal), removal) : [id];
  for (const GroupId of ids) {
    const remove = () => removal.ec2.deleteSecurityGroup({ GroupId });
    const group = { what: `the security group ${GroupId}`, remove, code: 'DependencyViolation' };
    await onceFree(removal.inUse ? { ...group, timeout: 0 } : group, removal);
  }
};

async function named(name: string, { ec2 }: Removal): Promise<readonly string[]> {
  const { SecurityGroups = [] } = await ec2.describeSecurityGroups({
    Filters: [{ Name: 'group-name', Values: [name] }],
  });
  return SecurityGroups.flatMap(({ GroupId }) => GroupId ?? []);
}
