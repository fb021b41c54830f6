import type { _InstanceType } from '@aws-sdk/client-ec2';
import { instanceTypeNamed } from './instance-types.ts';
import { ApiError } from './protocol/api-error.ts';

/** The name of an instance type as the SDK spells it; throws the ApiError `InvalidParameterValue` for what can be none. */
export function instanceType(name: string): _InstanceType {
  if (isInstanceType(name)) return name;
  throw new ApiError('InvalidParameterValue', `Invalid value '${name}' for InstanceType.`);
}

/** Refuses a type that images of the architecture do not run on, as far as it is known. */
export function mustRun(type: string, architecture: string): void {
  const { architectures } = instanceTypeNamed(type) ?? {};
  if (architectures === undefined || architectures.some((known) => known === architecture)) return;
  const message = `The architecture '${architectures.join(',')}' of the specified instance type does not match the architecture '${architecture}' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again.`;
  throw new ApiError('InvalidParameterValue', message);
}

/** EC2 has many more than those that the sandbox can tell of. */
function isInstanceType(name: string): name is _InstanceType {
  return /^[a-z][a-z0-9-]*\.(?:nano|micro|small|medium|large|\d*xlarge|metal(?:-\d+xl)?)$/.test(name);
}
