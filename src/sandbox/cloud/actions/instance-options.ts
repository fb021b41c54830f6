/** Options of instances that have calls of their own: metadata, CPU credits, instance profiles. */

import type {
  AssociateIamInstanceProfileRequest,
  AssociateIamInstanceProfileResult,
  DescribeIamInstanceProfileAssociationsRequest,
  DescribeIamInstanceProfileAssociationsResult,
  DescribeInstanceCreditSpecificationsRequest,
  DescribeInstanceCreditSpecificationsResult,
  DisassociateIamInstanceProfileRequest,
  DisassociateIamInstanceProfileResult,
  IamInstanceProfileAssociation,
  ModifyInstanceCreditSpecificationRequest,
  ModifyInstanceCreditSpecificationResult,
  ModifyInstanceMetadataOptionsRequest,
  ModifyInstanceMetadataOptionsResult,
  ReplaceIamInstanceProfileAssociationRequest,
  ReplaceIamInstanceProfileAssociationResult,
} from '@aws-sdk/client-ec2';
import type { Action, Actions, Context } from '../action.ts';
import { cpuCredits, creditsOf, earnsCredits } from '../cpu-credits.ts';
import { filtered } from '../filters.ts';
import { knownInstances, seenInstances } from '../find-instances.ts';
import { findProfile } from '../find-profile.ts';
import { applyFirewall } from '../firewall.ts';
import { arnOf } from '../iam-record.ts';
import { exists, type InstanceProfile, type InstanceRecord } from '../instance-record.ts';
import { metadataOptions, shownMetadata } from '../metadata-options.ts';
import { paginate } from '../paginate.ts';
import { ApiError } from '../protocol/api-error.ts';
import { newId } from '../resource-ids.ts';

const modifyMetadata: Action<ModifyInstanceMetadataOptionsRequest, ModifyInstanceMetadataOptionsResult> = async (
  { InstanceId = '', ...asked },
  { region, cloud },
) => {
  const [instance] = knownInstances(region, [InstanceId]);
  if (instance === undefined || !exists(instance)) throw wrongState(InstanceId);
  const metadata = metadataOptions(instance.metadata, asked);
  region.change('instances', InstanceId, (now) => ({ ...now, metadata }));
  await applyFirewall(cloud);
  return { InstanceId, InstanceMetadataOptions: { ...shownMetadata(metadata), State: 'pending' } };
};

const describeCredits: Action<
  DescribeInstanceCreditSpecificationsRequest,
  DescribeInstanceCreditSpecificationsResult
> = ({ InstanceIds: ids = [], Filters, MaxResults, NextToken }, { region }) => {
  const all = ids.length === 0 ? region.all('instances').filter(exists) : seenInstances(region, ids);
  const burstable = all.filter(({ type }) => earnsCredits(type));
  const found = filtered(burstable, Filters, { 'instance-id': ({ id }) => [id] });
  const { items, next } = paginate(found, MaxResults, NextToken);
  return {
    InstanceCreditSpecifications: items.map((instance) => ({
      InstanceId: instance.id,
      CpuCredits: creditsOf(instance),
    })),
    ...(next === undefined ? {} : { NextToken: next }),
  };
};

const modifyCredits: Action<ModifyInstanceCreditSpecificationRequest, ModifyInstanceCreditSpecificationResult> = (
  { InstanceCreditSpecifications: wanted = [] },
  { region },
) => {
  const changes = wanted.map(({ InstanceId = '', CpuCredits }) => {
    const [instance] = knownInstances(region, [InstanceId]);
    if (instance === undefined || !earnsCredits(instance.type)) throw wrongState(InstanceId);
    return { InstanceId, credits: cpuCredits(CpuCredits ?? '') };
  });
  for (const { InstanceId, credits } of changes) region.change('instances', InstanceId, (now) => ({ ...now, credits }));
  return {
    SuccessfulInstanceCreditSpecifications: changes.map(({ InstanceId }) => ({ InstanceId })),
    UnsuccessfulInstanceCreditSpecifications: [],
  };
};

const associate: Action<AssociateIamInstanceProfileRequest, AssociateIamInstanceProfileResult> = (
  { InstanceId = '', IamInstanceProfile = {} },
  context,
) => {
  const [instance] = knownInstances(context.region, [InstanceId]);
  if (instance === undefined || !exists(instance)) throw wrongState(InstanceId);
  if (instance.profile !== undefined) {
    throw new ApiError('IncorrectState', `There is an existing association for instance ${InstanceId}`);
  }
  const found = findProfile(context.seen, IamInstanceProfile);
  const arn = arnOf(context.cloud.store.state.account, 'instance-profile', found);
  return {
    IamInstanceProfileAssociation: given(context, instance, { arn, id: found.id, associationId: newAssociation() }),
  };
};

const replace: Action<ReplaceIamInstanceProfileAssociationRequest, ReplaceIamInstanceProfileAssociationResult> = (
  { AssociationId = '', IamInstanceProfile = {} },
  context,
) => {
  const instance = associated(context, AssociationId);
  const found = findProfile(context.seen, IamInstanceProfile);
  const arn = arnOf(context.cloud.store.state.account, 'instance-profile', found);
  return {
    IamInstanceProfileAssociation: given(context, instance, { arn, id: found.id, associationId: newAssociation() }),
  };
};

const disassociate: Action<DisassociateIamInstanceProfileRequest, DisassociateIamInstanceProfileResult> = (
  { AssociationId = '' },
  context,
) => {
  const instance = associated(context, AssociationId);
  context.region.change('instances', instance.id, ({ profile: _, ...now }) => now);
  return { IamInstanceProfileAssociation: { ...shownAssociation(instance), State: 'disassociating' } };
};

const describeAssociations: Action<
  DescribeIamInstanceProfileAssociationsRequest,
  DescribeIamInstanceProfileAssociationsResult
> = ({ AssociationIds: ids, Filters, MaxResults, NextToken }, { region }) => {
  const all = region.all('instances').filter((instance) => exists(instance) && instance.profile !== undefined);
  const named = all.filter(({ profile }) => ids === undefined || ids.includes(profile?.associationId ?? ''));
  const found = filtered(named, Filters, { 'instance-id': ({ id }) => [id], state: () => ['associated'] });
  const { items, next } = paginate(found, MaxResults, NextToken);
  return {
    IamInstanceProfileAssociations: items.map((instance) => shownAssociation(instance)),
    ...(next === undefined ? {} : { NextToken: next }),
  };
};

function associated({ region }: Context, id: string): InstanceRecord {
  const found = Object.values(region.state.instances).find(({ profile }) => profile?.associationId === id);
  if (found !== undefined) return found;
  throw new ApiError('InvalidAssociationID.NotFound', `An invalid association-id of '${id}' was given`);
}

function given({ region }: Context, instance: InstanceRecord, profile: InstanceProfile): IamInstanceProfileAssociation {
  region.change('instances', instance.id, (now) => ({ ...now, profile }));
  return { ...shownAssociation({ ...instance, profile }), State: 'associating' };
}

function shownAssociation({ id, profile }: InstanceRecord): IamInstanceProfileAssociation {
  return {
    AssociationId: profile?.associationId,
    InstanceId: id,
    IamInstanceProfile: { Arn: profile?.arn, Id: profile?.id },
    State: 'associated',
  };
}

function newAssociation(): string {
  return newId('instances').replace(/^i-/, 'iip-assoc-');
}

function wrongState(id: string): ApiError {
  return new ApiError('IncorrectInstanceState', `The instance '${id}' is not in a valid state for this operation.`);
}

export const INSTANCE_OPTION_ACTIONS: Actions = {
  ModifyInstanceMetadataOptions: modifyMetadata,
  DescribeInstanceCreditSpecifications: describeCredits,
  ModifyInstanceCreditSpecification: modifyCredits,
  AssociateIamInstanceProfile: associate,
  ReplaceIamInstanceProfileAssociation: replace,
  DisassociateIamInstanceProfile: disassociate,
  DescribeIamInstanceProfileAssociations: describeAssociations,
};
