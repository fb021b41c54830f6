/** Attaching data volumes to instances, and taking them off. */

import type { AttachVolumeRequest, DetachVolumeRequest, VolumeAttachment } from '@aws-sdk/client-ec2';
import type { Action, Actions } from '../action.ts';
import type { Attachment, VolumeRecord } from '../image-record.ts';
import type { InstanceRecord } from '../instance-record.ts';
import { ApiError, invalidValue } from '../protocol/api-error.ts';
import type { Region } from '../region.ts';

const attach: Action<AttachVolumeRequest, VolumeAttachment> = (input, { region, now, cloud }) => {
  const volume = region.find('volumes', input.VolumeId ?? '');
  const instance = region.find('instances', input.InstanceId ?? '');
  const device = input.Device ?? '';
  if (!/^(?:\/dev\/)?(?:sd|xvd)[a-z]\w*$/.test(device)) {
    throw invalidValue(device, 'device', `${device} is not a valid EBS device name.`);
  }
  if (volume.attachment !== undefined) {
    throw new ApiError('VolumeInUse', `${volume.id} is already attached to an instance`);
  }
  if (volume.state !== 'available') throw new ApiError('IncorrectState', `The volume ${volume.id} is ${volume.state}`);
  if (instance.state !== 'running' && instance.state !== 'stopped') {
    throw new ApiError('IncorrectState', `Instance ${instance.id} is not 'running' or 'stopped'.`);
  }
  if (volume.zone !== instance.zone) {
    throw new ApiError(
      'InvalidVolume.ZoneMismatch',
      `The volume '${volume.id}' is not in the same availability zone as instance '${instance.id}'`,
    );
  }
  if (instance.devices.some(({ name }) => name === device)) {
    throw invalidValue(device, 'unixDevice', 'Attachment point is already in use');
  }
  const attachment: Attachment = {
    instanceId: instance.id,
    device,
    state: 'attaching',
    attachedAt: now,
    deleteOnTermination: false,
  };
  region.change('volumes', volume.id, (old) => ({ ...old, state: 'in-use', attachment }));
  region.change('instances', instance.id, (old) => ({
    ...old,
    devices: [...old.devices, { name: device, volumeId: volume.id, deleteOnTermination: false, attachedAt: now }],
  }));
  const here = cloud.region(region.name);
  cloud.later(`attaching ${volume.id}`, async () => {
    try {
      await cloud.machines.attach(instance.id, { device, volumeId: volume.id });
      setState(here, volume.id, 'attached');
    } catch (error) {
      release(here, volume, instance);
      throw error;
    }
  });
  return shown(volume.id, attachment);
};

const detach: Action<DetachVolumeRequest, VolumeAttachment> = (input, { region, cloud }) => {
  const volume = region.find('volumes', input.VolumeId ?? '');
  const { attachment } = volume;
  if (attachment === undefined)
    throw new ApiError('IncorrectState', `Volume '${volume.id}' is in the 'available' state.`);
  const instance = region.state.instances[attachment.instanceId];
  const isOther =
    (input.InstanceId !== undefined && input.InstanceId !== attachment.instanceId) ||
    (input.Device !== undefined && input.Device !== attachment.device);
  if (isOther || instance === undefined) {
    const where = `${input.InstanceId ?? attachment.instanceId} as ${input.Device ?? attachment.device}`;
    throw new ApiError('InvalidAttachment.NotFound', `The volume '${volume.id}' is not attached to ${where}`);
  }
  if (attachment.device === instance.rootDevice) {
    throw new ApiError(
      'OperationNotPermitted',
      `Unable to detach root volume '${volume.id}' from instance '${instance.id}'`,
    );
  }
  setState(region, volume.id, 'detaching');
  const here = cloud.region(region.name);
  cloud.later(`detaching ${volume.id}`, async () => {
    await cloud.machines.detach(instance.id, { device: attachment.device, volumeId: volume.id });
    release(here, volume, instance);
  });
  return shown(volume.id, { ...attachment, state: 'detaching' });
};

function setState(region: Region, id: string, state: Attachment['state']): void {
  region.change('volumes', id, (old) =>
    old.attachment === undefined ? old : { ...old, attachment: { ...old.attachment, state } },
  );
}

function release(region: Region, { id }: VolumeRecord, instance: InstanceRecord): void {
  region.change('volumes', id, ({ attachment: _, ...old }) => ({ ...old, state: 'available' }));
  region.change('instances', instance.id, (old) => ({
    ...old,
    devices: old.devices.filter(({ volumeId }) => volumeId !== id),
  }));
}

function shown(volumeId: string, attachment: Attachment): VolumeAttachment {
  return {
    VolumeId: volumeId,
    InstanceId: attachment.instanceId,
    Device: attachment.device,
    State: attachment.state,
    AttachTime: new Date(attachment.attachedAt),
    DeleteOnTermination: attachment.deleteOnTermination,
  };
}

export const ATTACH_VOLUME_ACTIONS: Actions = { AttachVolume: attach, DetachVolume: detach };
