import type { IamInstanceProfileSpecification } from '@aws-sdk/client-ec2';
import { arnOf, type ProfileRecord } from './iam-record.ts';
import { ApiError } from './protocol/api-error.ts';
import type { CloudState } from './state.ts';

/** The profile that a launch names, by name or ARN; throws the ApiError with which EC2 says that it does not know it (yet). */
export function findProfile(
  { account, iam }: CloudState,
  { Arn, Name }: IamInstanceProfileSpecification,
): ProfileRecord {
  const profiles = Object.values(iam.profiles);
  const found = profiles.find(
    (profile) => profile.name === Name || arnOf(account, 'instance-profile', profile) === Arn,
  );
  const [value, parameter] = Arn === undefined ? [Name, 'iamInstanceProfile.name'] : [Arn, 'iamInstanceProfile.arn'];
  const refused = (why: string) =>
    new ApiError('InvalidParameterValue', `Value (${value}) for parameter ${parameter} is invalid. ${why}`);
  if (found === undefined)
    throw refused(Arn === undefined ? 'Invalid IAM Instance Profile name' : 'Invalid IAM Instance Profile ARN');
  if (found.role === undefined) throw refused('IAM Instance Profile has no associated IAM Roles');
  return found;
}
