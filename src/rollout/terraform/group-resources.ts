/** An Auto Scaling group and its launch template as resources of Terraform's, with what they have now. */

import type { ResponseLaunchTemplateData } from '@aws-sdk/client-ec2';
import { Expression, type Hcl, hclText } from './hcl.ts';
import type { SeenGroup } from './look-at-group.ts';
import { resourceName } from './resource-name.ts';

type Attributes = readonly (readonly [string, Hcl])[];

export interface GroupResources {
  /** As Terraform takes it. */
  readonly name: string;
  readonly fleet: string;
  readonly imageId: string;
  readonly imageName: string;
  readonly group: string;
  readonly templateId: string;
  readonly template: Attributes;
  /** Undefined: the groups stand in the template itself. */
  readonly network: Attributes | undefined;
  readonly profile: Attributes | undefined;
  readonly tagged: readonly { readonly type: string; readonly tags: Hcl }[];
  readonly attributes: Attributes;
  readonly bounds: Attributes | undefined;
  readonly tags: readonly { readonly attributes: Attributes }[];
  /** Undefined, or the latest version, which is not the one that is launched. */
  readonly otherVersion: number | undefined;
}

export function groupResources(fleet: string, { group, version, latest, imageName }: SeenGroup): GroupResources {
  const name = resourceName(fleet);
  const data = version.LaunchTemplateData ?? {};
  const { MinHealthyPercentage: min = -1, MaxHealthyPercentage: max = -1 } = group.InstanceMaintenancePolicy ?? {};
  return {
    ...{ name, fleet, imageId: data.ImageId ?? '', imageName: imageName ?? data.ImageId ?? '' },
    group: group.AutoScalingGroupName ?? '',
    templateId: version.LaunchTemplateId ?? '',
    ...templateParts(name, version.LaunchTemplateName ?? '', data, version.VersionDescription),
    attributes: known([
      ['name', group.AutoScalingGroupName],
      ['min_size', group.MinSize],
      ['max_size', group.MaxSize],
      ['desired_capacity', group.DesiredCapacity],
      ['vpc_zone_identifier', group.VPCZoneIdentifier?.split(',').sort()],
      ['target_group_arns', nonEmpty([...(group.TargetGroupARNs ?? [])].sort())],
      ['health_check_type', group.HealthCheckType],
      ['health_check_grace_period', group.HealthCheckGracePeriod],
    ]),
    bounds:
      min < 0
        ? undefined
        : known([
            ['min_healthy_percentage', min],
            ['max_healthy_percentage', max],
          ]),
    tags: (group.Tags ?? [])
      .filter(({ Key = '' }) => !/^(?:aws|playbake):/.test(Key))
      .map(({ Key, Value, PropagateAtLaunch }) => ({
        attributes: known([
          ['key', Key],
          ['value', Value],
          ['propagate_at_launch', PropagateAtLaunch ?? false],
        ]),
      })),
    otherVersion: version.VersionNumber === latest ? undefined : latest,
  };
}

function templateParts(
  name: string,
  template: string,
  data: ResponseLaunchTemplateData,
  description: string | undefined,
) {
  const [primary] = data.NetworkInterfaces ?? [];
  const { Arn, Name } = data.IamInstanceProfile ?? {};
  const groups = nonEmpty([...(primary?.Groups ?? data.SecurityGroupIds ?? [])].sort());
  const text = data.UserData === undefined ? undefined : Buffer.from(data.UserData, 'base64').toString('utf8');
  const isText = text !== undefined && Buffer.from(text).toString('base64') === data.UserData;
  const userData = isText ? encoded(text) : data.UserData;
  return {
    template: known([
      ['name', template],
      ['description', description || undefined],
      ['image_id', new Expression(`var.${name}_image_id`)],
      ['instance_type', data.InstanceType],
      ['key_name', data.KeyName],
      ['vpc_security_group_ids', primary ? undefined : groups],
      ['user_data', userData],
    ]),
    network:
      primary &&
      known([
        ['device_index', primary.DeviceIndex],
        [
          'associate_public_ip_address',
          primary.AssociatePublicIpAddress === undefined ? undefined : String(primary.AssociatePublicIpAddress),
        ],
        ['security_groups', groups],
      ]),
    profile:
      Arn === undefined && Name === undefined
        ? undefined
        : known([
            ['arn', Arn],
            ['name', Arn === undefined ? Name : undefined],
          ]),
    tagged: (data.TagSpecifications ?? []).map(({ ResourceType: type = '', Tags = [] }) => {
      const tags = Tags.map(({ Key = '', Value = '' }) => [Key, Value] as const).sort(([one], [other]) =>
        one < other ? -1 : 1,
      );
      return { type, tags: Object.fromEntries(tags) };
    }),
  };
}

/** A heredoc ends with its line. */
function encoded(text: string): Expression {
  const shown = hclText(text);
  return new Expression(`base64encode(${shown}${shown.includes('\n') ? '\n  ' : ''})`);
}

function known(all: readonly (readonly [string, Hcl | undefined])[]): Attributes {
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}
