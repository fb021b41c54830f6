/** What a ModifyInstanceAttribute changes of a record. */

import type { ModifyInstanceAttributeRequest } from '@aws-sdk/client-ec2';
import type { Context } from './action.ts';
import { checkedUserData } from './checked-user-data.ts';
import type { InstanceRecord } from './instance-record.ts';
import { instanceType } from './instance-type.ts';
import { ApiError, invalidValue } from './protocol/api-error.ts';
import { resolveGroups } from './resolve-groups.ts';

type Change = (instance: InstanceRecord) => Partial<InstanceRecord>;

/** Throws ApiErrors. A call may say one attribute and its value, or one or several by name. */
export function changedAttributes(
  context: Context,
  instance: InstanceRecord,
  input: ModifyInstanceAttributeRequest,
): Change {
  const changes = [
    named(input),
    protection(input),
    type(instance, input),
    shutdown(input),
    userData(instance, input),
    groups(context, instance, input),
    devices(instance, input),
  ].filter((change) => change !== undefined);
  for (const name of ['Kernel', 'Ramdisk', 'SriovNetSupport', 'EnaSupport'] as const) {
    if (input[name] !== undefined) throw new ApiError('UnsupportedOperation', `The sandbox does not change ${name}.`);
  }
  if (changes.length === 0) throw new ApiError('InvalidParameterCombination', 'No attributes specified.');
  return (now) => Object.assign({}, ...changes.map((change) => change(now)));
}

/** The older way, with the name of the attribute as a value. */
function named({ Attribute, Value }: ModifyInstanceAttributeRequest): Change | undefined {
  if (Attribute === undefined) return undefined;
  const flag = () => {
    if (Value === 'true' || Value === 'false') return Value === 'true';
    throw invalidValue(Value ?? '', 'value', 'It must be true or false.');
  };
  switch (Attribute) {
    case 'disableApiTermination':
      return constant({ keepFromTermination: flag() });
    case 'disableApiStop':
      return constant({ keepFromStop: flag() });
    case 'sourceDestCheck':
      return constant({ sourceDestCheck: flag() });
    case 'instanceInitiatedShutdownBehavior':
      return shutdown({ InstanceId: undefined, InstanceInitiatedShutdownBehavior: { Value: Value ?? '' } });
    default:
      throw new ApiError('UnsupportedOperation', `The sandbox takes ${Attribute} by its own parameter.`);
  }
}

function protection(input: ModifyInstanceAttributeRequest): Change | undefined {
  const { DisableApiTermination, DisableApiStop, SourceDestCheck, EbsOptimized } = input;
  const changes = {
    ...(DisableApiTermination?.Value === undefined ? {} : { keepFromTermination: DisableApiTermination.Value }),
    ...(DisableApiStop?.Value === undefined ? {} : { keepFromStop: DisableApiStop.Value }),
    ...(SourceDestCheck?.Value === undefined ? {} : { sourceDestCheck: SourceDestCheck.Value }),
    ...(EbsOptimized?.Value === undefined ? {} : { ebsOptimized: EbsOptimized.Value }),
  };
  return Object.keys(changes).length === 0 ? undefined : constant(changes);
}

function type(instance: InstanceRecord, { InstanceType }: ModifyInstanceAttributeRequest): Change | undefined {
  if (InstanceType?.Value === undefined) return undefined;
  mustBeStopped(instance);
  return constant({ type: instanceType(InstanceType.Value) });
}

function shutdown({
  InstanceInitiatedShutdownBehavior,
}: Pick<ModifyInstanceAttributeRequest, 'InstanceInitiatedShutdownBehavior' | 'InstanceId'>): Change | undefined {
  const value = InstanceInitiatedShutdownBehavior?.Value;
  if (value === undefined) return undefined;
  if (value !== 'stop' && value !== 'terminate') {
    throw invalidValue(value, 'instanceInitiatedShutdownBehavior', 'It is stop or terminate.');
  }
  return constant({ onShutdown: value });
}

/** The codec has taken it out of its Base64. */
function userData(instance: InstanceRecord, { UserData }: ModifyInstanceAttributeRequest): Change | undefined {
  if (UserData?.Value === undefined) return undefined;
  mustBeStopped(instance);
  const text = checkedUserData(Buffer.from(UserData.Value).toString('base64'));
  return (now) => {
    const { userData: _, ...rest } = now;
    return text === undefined ? { ...rest, userData: '' } : { userData: text };
  };
}

function groups(
  context: Context,
  { vpcId }: InstanceRecord,
  { Groups }: ModifyInstanceAttributeRequest,
): Change | undefined {
  if (Groups === undefined || Groups.length === 0) return undefined;
  return constant({ groupIds: resolveGroups(context, { ids: Groups, vpcId }).map(({ id }) => id) });
}

function devices(
  { devices, rootDevice }: InstanceRecord,
  { BlockDeviceMappings = [] }: ModifyInstanceAttributeRequest,
): Change | undefined {
  if (BlockDeviceMappings.length === 0) return undefined;
  const wanted = new Map(BlockDeviceMappings.map(({ DeviceName, Ebs }) => [DeviceName, Ebs?.DeleteOnTermination]));
  const unknown = [...wanted.keys()].find((name) => !devices.some((device) => device.name === name));
  if (wanted.has(unknown)) {
    throw new ApiError('InvalidInstanceAttributeValue', `No device is currently mapped at ${unknown}`);
  }
  if (wanted.get(rootDevice) === false) {
    throw new ApiError('UnsupportedOperation', 'In the sandbox a root volume does not outlive its instance.');
  }
  return (now) => ({
    devices: now.devices.map((device) => ({
      ...device,
      deleteOnTermination: wanted.get(device.name) ?? device.deleteOnTermination,
    })),
  });
}

function mustBeStopped({ id, state }: InstanceRecord): void {
  if (state === 'stopped') return;
  throw new ApiError('IncorrectInstanceState', `The instance '${id}' is not in the 'stopped' state.`);
}

function constant(changes: Partial<InstanceRecord>): Change {
  return () => changes;
}
