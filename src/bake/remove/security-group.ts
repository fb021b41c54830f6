import { codeOf, isNotFound } from '../../cloud/cloud-error.ts';
import { waitFor } from '../../cloud/wait-for.ts';
import { found } from './found.ts';
import type { Removal, Remover } from './removal.ts';

const TIMEOUT = 10 * 60_000;

/** A group can be deleted when the network interfaces of terminated instances are gone, which takes a moment. */
export const removeSecurityGroup: Remover = async ({ id, name }, removal) => {
  const ids = id === undefined ? await found(() => named(name, removal), removal) : [id];
  for (const one of ids) await remove(one, removal);
};

async function named(name: string, { ec2 }: Removal): Promise<readonly string[]> {
  const { SecurityGroups = [] } = await ec2.describeSecurityGroups({
    Filters: [{ Name: 'group-name', Values: [name] }],
  });
  return SecurityGroups.flatMap(({ GroupId }) => GroupId ?? []);
}

async function remove(id: string, { ec2, inUse, signal, progress }: Removal): Promise<void> {
  const look = async () => {
    try {
      await ec2.deleteSecurityGroup({ GroupId: id });
      return { ready: true };
    } catch (error) {
      if (isNotFound(error)) return { ready: true };
      if (codeOf(error) === 'DependencyViolation') return { pending: `the security group ${id} is still in use` };
      throw error;
    }
  };
  await waitFor(look, { what: `the security group ${id} to be free`, timeout: inUse ? 0 : TIMEOUT, signal, progress });
}
