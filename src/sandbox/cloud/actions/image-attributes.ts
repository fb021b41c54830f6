/** What can be changed of an image: who may launch it, its description, deprecation, protection. */

import type {
  DescribeImageAttributeRequest,
  DisableImageDeprecationRequest,
  DisableImageDeregistrationProtectionRequest,
  DisableImageRequest,
  EnableImageDeprecationRequest,
  EnableImageDeregistrationProtectionRequest,
  EnableImageRequest,
  ImageAttribute,
  ModifyImageAttributeRequest,
  ResetImageAttributeRequest,
} from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import { ownImage, visibleImage } from '../find-image.ts';
import { shownDevice } from '../image-shown.ts';
import { ApiError, invalidValue, missingParameter } from '../protocol/api-error.ts';
import { changedPermissions } from '../share.ts';

const describe: Action<DescribeImageAttributeRequest, ImageAttribute> = ({ ImageId = '', Attribute }, { region }) => {
  const image = Attribute === 'launchPermission' ? ownImage(region, ImageId) : visibleImage(region, ImageId);
  switch (Attribute) {
    case 'description':
      return { ImageId, Description: { Value: image.description } };
    case 'launchPermission':
      return {
        ImageId,
        LaunchPermissions: image.launchPermissions.map((who) =>
          who === 'all' ? { Group: 'all' as const } : { UserId: who },
        ),
      };
    case 'blockDeviceMapping':
      return { ImageId, BlockDeviceMappings: image.devices.map(shownDevice) };
    case 'imdsSupport':
      return { ImageId, ...(image.imdsSupport === undefined ? {} : { ImdsSupport: { Value: image.imdsSupport } }) };
    case 'lastLaunchedTime': {
      const { lastLaunchedAt: time } = image;
      return { ImageId, ...(time === undefined ? {} : { LastLaunchedTime: { Value: new Date(time).toISOString() } }) };
    }
    case 'deregistrationProtection':
      return { ImageId, DeregistrationProtection: { Value: image.protection } };
    case 'bootMode':
      return { ImageId, BootMode: { Value: 'uefi-preferred' } };
    case 'sriovNetSupport':
      return { ImageId, SriovNetSupport: { Value: 'simple' } };
    case 'kernel':
    case 'ramdisk':
    case 'productCodes':
    case 'tpmSupport':
    case 'uefiData':
      return { ImageId };
    default:
      throw invalidValue(Attribute ?? '', 'attribute');
  }
};

const modify: Action<ModifyImageAttributeRequest, object> = (input, { region }) => {
  const image = ownImage(region, input.ImageId ?? '');
  const { Description, ImdsSupport } = input;
  const permissions = changedPermissions(image.launchPermissions, {
    add: input.LaunchPermission?.Add?.map(({ Group, UserId }) => Group ?? UserId ?? '') ?? [],
    remove: input.LaunchPermission?.Remove?.map(({ Group, UserId }) => Group ?? UserId ?? '') ?? [],
    operation: input.OperationType,
    names: [...(input.UserIds ?? []), ...(input.UserGroups ?? [])],
  });
  const description = Description?.Value ?? (input.Attribute === 'description' ? input.Value : undefined);
  const imds = ImdsSupport?.Value ?? (input.Attribute === 'imdsSupport' ? input.Value : undefined);
  if (imds !== undefined && imds !== 'v2.0') throw invalidValue(imds, 'imdsSupport');
  if (permissions === undefined && description === undefined && imds === undefined) {
    throw new ApiError('InvalidParameterCombination', 'No attributes specified.');
  }
  region.change('images', image.id, (old) => ({
    ...old,
    ...(permissions === undefined ? {} : { launchPermissions: permissions }),
    ...(description === undefined ? {} : { description }),
    ...(imds === undefined ? {} : { imdsSupport: 'v2.0' }),
  }));
  return {};
};

const reset: Action<ResetImageAttributeRequest, object> = ({ ImageId = '', Attribute }, { region }) => {
  const image = ownImage(region, ImageId);
  if (Attribute !== 'launchPermission') throw invalidValue(Attribute ?? '', 'attribute');
  region.change('images', image.id, (old) => ({ ...old, launchPermissions: [] }));
  return {};
};

/** No deprecation lies further ahead: ten years. */
const LONGEST = 10 * 366 * 24 * 3600 * 1000;

const enableDeprecation: Action<EnableImageDeprecationRequest, object> = (input, { region, now }) => {
  const image = ownImage(region, input.ImageId ?? '');
  const time = input.DeprecateAt?.getTime();
  if (time === undefined) throw missingParameter('deprecateAt');
  if (time < now - 60_000)
    throw invalidValue(String(input.DeprecateAt?.toISOString()), 'deprecateAt', 'It is in the past.');
  if (time > now + LONGEST)
    throw invalidValue(String(input.DeprecateAt?.toISOString()), 'deprecateAt', 'It is too far ahead.');
  region.change('images', image.id, (old) => ({ ...old, deprecatedAt: Math.round(time / 60_000) * 60_000 }));
  return { Return: true };
};

const disableDeprecation: Action<DisableImageDeprecationRequest, object> = ({ ImageId = '' }, { region }) => {
  const image = ownImage(region, ImageId);
  region.change('images', image.id, (old) => ({ ...old, deprecatedAt: undefined }));
  return { Return: true };
};

const protect: Action<EnableImageDeregistrationProtectionRequest, object> = (
  { ImageId = '', WithCooldown = false },
  { region },
) => {
  const image = ownImage(region, ImageId);
  const protection = WithCooldown ? 'enabled-with-cooldown' : 'enabled';
  region.change('images', image.id, (old) => ({ ...old, protection }));
  return { Return: protection };
};

const unprotect: Action<DisableImageDeregistrationProtectionRequest, object> = ({ ImageId = '' }, { region }) => {
  const image = ownImage(region, ImageId);
  region.change('images', image.id, (old) => ({ ...old, protection: 'disabled' }));
  return { Return: 'disabled' };
};

const enable: Action<EnableImageRequest, object> = ({ ImageId = '' }, { region }) => {
  const image = ownImage(region, ImageId);
  region.change('images', image.id, (old) => ({ ...old, disabled: false }));
  return { Return: true };
};

/** A disabled image is not shared with anybody any more, and cannot be launched. */
const disable: Action<DisableImageRequest, object> = ({ ImageId = '' }, { region }) => {
  const image = ownImage(region, ImageId);
  region.change('images', image.id, (old) => ({ ...old, disabled: true, launchPermissions: [] }));
  return { Return: true };
};

export const IMAGE_ATTRIBUTE_ACTIONS: Actions = {
  DescribeImageAttribute: describe,
  ModifyImageAttribute: modify,
  ResetImageAttribute: reset,
  EnableImageDeprecation: enableDeprecation,
  DisableImageDeprecation: disableDeprecation,
  EnableImageDeregistrationProtection: protect,
  DisableImageDeregistrationProtection: unprotect,
  EnableImage: enable,
  DisableImage: disable,
};
