/** A temporary security group, which nobody can come in through yet: the rule is made when it is known who we are to the machine. */

import type { Subnet, Vpc } from '@aws-sdk/client-ec2';
import { codeOf } from '../../cloud/cloud-error.ts';
import { tagged } from '../../cloud/tags.ts';
import { Fault } from '../../fault.ts';
import { make } from '../make.ts';
import type { Step } from '../step.ts';
import type { Work } from '../work.ts';

export type Group = {
  readonly groupId: string;
  /** False: it is the user's own, whose rules are left alone. */
  readonly temporary: boolean;
};

export const makeSecurityGroup: Step<object, { readonly group: Group }> = {
  id: 'security-group',
  title: 'Make a security group',
  skip: (_, { request: { image } }) =>
    image.securityGroup === undefined ? undefined : { group: { groupId: image.securityGroup, temporary: false } },
  async run(_, work) {
    const { run, cloud, tags } = work;
    const name = `playbake-${run}`;
    const vpc = await vpcOf(work);
    const ec2 = cloud.ec2();
    const groupId = await make({ kind: 'security-group', region: cloud.region, name }, work, () => {
      return ec2
        .createSecurityGroup({
          GroupName: name,
          Description: 'The build machine of a bake; removed when it ends',
          VpcId: vpc,
          TagSpecifications: tagged(['security-group'], { Name: name, ...tags }),
        })
        .then(
          ({ GroupId = '' }) => GroupId,
          async (error: unknown) => {
            // Made by this run before it was killed.
            if (codeOf(error) !== 'InvalidGroup.Duplicate') throw error;
            const Filters = [{ Name: 'group-name', Values: [name] }];
            const { SecurityGroups = [] } = await ec2.describeSecurityGroups({ Filters });
            return SecurityGroups[0]?.GroupId ?? '';
          },
        );
    });
    return { group: { groupId, temporary: true } };
  },
};

async function vpcOf({ cloud, request: { image } }: Work): Promise<string> {
  const ec2 = cloud.ec2();
  if (image.subnet !== undefined) {
    const { Subnets: [subnet] = [] as Subnet[] } = await ec2.describeSubnets({ SubnetIds: [image.subnet] });
    if (subnet?.VpcId !== undefined) return subnet.VpcId;
    throw new Fault('config-invalid', `there is no subnet ${image.subnet} in ${cloud.region}`, { where: image.where });
  }
  const { Vpcs: [vpc] = [] as Vpc[] } = await ec2.describeVpcs({ Filters: [{ Name: 'is-default', Values: ['true'] }] });
  if (vpc?.VpcId !== undefined) return vpc.VpcId;
  throw new Fault('config-invalid', `there is no default VPC in ${cloud.region}`, {
    where: image.where,
    hint: 'say where the build machine is to be with  subnet: subnet-…',
  });
}
