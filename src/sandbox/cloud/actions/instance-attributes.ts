/** What can be read and changed of an instance, one attribute at a time. */

import type {
  DescribeInstanceAttributeRequest,
  InstanceAttribute,
  ModifyInstanceAttributeRequest,
  ResetInstanceAttributeRequest,
} from '@aws-sdk/client-ec2';
import type { Action, Actions, Context } from '../action.ts';
import { changedAttributes } from '../changed-attributes.ts';
import { knownInstances, seenInstances } from '../find-instances.ts';
import { applyFirewall } from '../firewall.ts';
import type { InstanceRecord } from '../instance-record.ts';
import { shownInstance } from '../instance-shown.ts';
import { invalidValue, missingParameter } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';
import { surroundings } from './instances.ts';

type Shown = (instance: InstanceRecord, context: Context) => InstanceAttribute;

const SHOWN: Readonly<Record<string, Shown>> = {
  blockDeviceMapping: (instance, context) => ({
    BlockDeviceMappings: shownInstance(instance, surroundings(context)).BlockDeviceMappings,
  }),
  disableApiStop: ({ keepFromStop }) => ({ DisableApiStop: { Value: keepFromStop } }),
  disableApiTermination: ({ keepFromTermination }) => ({ DisableApiTermination: { Value: keepFromTermination } }),
  ebsOptimized: ({ ebsOptimized }) => ({ EbsOptimized: { Value: ebsOptimized } }),
  enaSupport: () => ({ EnaSupport: { Value: true } }),
  enclaveOptions: () => ({ EnclaveOptions: { Enabled: false } }),
  groupSet: ({ groupIds }, { region }) => ({
    Groups: groupIds.map((id) => ({ GroupId: id, GroupName: region.seen.securityGroups[id]?.name ?? '' })),
  }),
  instanceInitiatedShutdownBehavior: ({ onShutdown }) => ({ InstanceInitiatedShutdownBehavior: { Value: onShutdown } }),
  instanceType: ({ type }) => ({ InstanceType: { Value: type } }),
  kernel: () => ({ KernelId: {} }),
  productCodes: () => ({ ProductCodes: [] }),
  ramdisk: () => ({ RamdiskId: {} }),
  rootDeviceName: ({ rootDevice }) => ({ RootDeviceName: { Value: rootDevice } }),
  sourceDestCheck: ({ sourceDestCheck }) => ({ SourceDestCheck: { Value: sourceDestCheck } }),
  sriovNetSupport: () => ({ SriovNetSupport: {} }),
  userData: ({ userData }) => ({ UserData: userData === undefined ? {} : { Value: userData } }),
};

const describe: Action<DescribeInstanceAttributeRequest, InstanceAttribute> = (
  { InstanceId = '', Attribute = '' },
  context,
) => {
  const shown = Object.hasOwn(SHOWN, Attribute) ? SHOWN[Attribute] : undefined;
  if (shown === undefined) throw invalidValue(Attribute, 'attribute', 'Unknown attribute.');
  const [instance] = seenInstances(context.region, [InstanceId]);
  if (instance === undefined) throw missingParameter('InstanceId');
  return { InstanceId, ...shown(instance, context) };
};

const modify: Action<ModifyInstanceAttributeRequest, object> = async (input, context) => {
  const instance = one(context.region, input.InstanceId);
  const changes = changedAttributes(context, instance, input);
  context.region.change('instances', instance.id, (now) => ({ ...now, ...changes(now) }));
  for (const { volumeId, deleteOnTermination } of context.region.state.instances[instance.id]?.devices ?? []) {
    context.region.change('volumes', volumeId, ({ attachment, ...volume }) => {
      return { ...volume, ...(attachment === undefined ? {} : { attachment: { ...attachment, deleteOnTermination } }) };
    });
  }
  if (input.Groups !== undefined) await applyFirewall(context.cloud);
  return {};
};

const reset: Action<ResetInstanceAttributeRequest, object> = ({ InstanceId, Attribute = '' }, { region }) => {
  const { id } = one(region, InstanceId);
  if (!['kernel', 'ramdisk', 'sourceDestCheck'].includes(Attribute)) throw invalidValue(Attribute, 'attribute');
  const changes = Attribute === 'sourceDestCheck' ? { sourceDestCheck: true } : {};
  region.change('instances', id, (instance) => ({ ...instance, ...changes }));
  return {};
};

function one(region: Region, id = ''): InstanceRecord {
  const [instance] = knownInstances(region, [id]);
  if (instance === undefined) throw missingParameter('InstanceId');
  return instance;
}

export const INSTANCE_ATTRIBUTE_ACTIONS: Actions = {
  DescribeInstanceAttribute: describe,
  ModifyInstanceAttribute: modify,
  ResetInstanceAttribute: reset,
};
