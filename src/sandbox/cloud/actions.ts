/** Every action that the sandbox has, by service. */

import type { Actions } from './action.ts';
import { ATTACH_VOLUME_ACTIONS } from './actions/attach-volume.ts';
import { CREATE_IMAGE_ACTIONS } from './actions/create-image.ts';
import { DEFAULT_VPC_ACTIONS } from './actions/default-vpc.ts';
import { IAM_ACTIONS } from './actions/iam.ts';
import { IMAGE_ATTRIBUTE_ACTIONS } from './actions/image-attributes.ts';
import { IMAGE_ACTIONS } from './actions/images.ts';
import { INSTANCE_ATTRIBUTE_ACTIONS } from './actions/instance-attributes.ts';
import { INSTANCE_OPTION_ACTIONS } from './actions/instance-options.ts';
import { INSTANCE_POWER_ACTIONS } from './actions/instance-power.ts';
import { INSTANCE_STATUS_ACTIONS } from './actions/instance-status.ts';
import { INSTANCE_TYPE_ACTIONS } from './actions/instance-types.ts';
import { INSTANCE_ACTIONS } from './actions/instances.ts';
import { INTERNET_GATEWAY_ACTIONS } from './actions/internet-gateways.ts';
import { KEY_PAIR_ACTIONS } from './actions/key-pairs.ts';
import { LAUNCH_TEMPLATE_VERSION_ACTIONS } from './actions/launch-template-versions.ts';
import { LAUNCH_TEMPLATE_ACTIONS } from './actions/launch-templates.ts';
import { NETWORK_ACL_ACTIONS } from './actions/network-acls.ts';
import { NETWORK_INTERFACE_ACTIONS } from './actions/network-interfaces.ts';
import { REGION_ACTIONS } from './actions/regions.ts';
import { ROUTE_TABLE_ACTIONS } from './actions/route-tables.ts';
import { ROUTE_ACTIONS } from './actions/routes.ts';
import { SECURITY_GROUP_RULE_ACTIONS } from './actions/security-group-rules.ts';
import { SECURITY_GROUP_ACTIONS } from './actions/security-groups.ts';
import { SNAPSHOT_ACTIONS } from './actions/snapshots.ts';
import { STS_ACTIONS } from './actions/sts.ts';
import { SUBNET_ACTIONS } from './actions/subnets.ts';
import { TAG_ACTIONS } from './actions/tags.ts';
import { VOLUME_ACTIONS } from './actions/volumes.ts';
import { VPC_ACTIONS } from './actions/vpcs.ts';
import { BALANCING_ACTIONS } from './balancing/balancing-actions.ts';
import { SCALING_ACTIONS } from './scaling/scaling-actions.ts';

export const ACTIONS: Readonly<Record<string, Actions>> = {
  ec2: {
    ...REGION_ACTIONS,
    ...VPC_ACTIONS,
    ...DEFAULT_VPC_ACTIONS,
    ...SUBNET_ACTIONS,
    ...INTERNET_GATEWAY_ACTIONS,
    ...ROUTE_TABLE_ACTIONS,
    ...ROUTE_ACTIONS,
    ...NETWORK_ACL_ACTIONS,
    ...IMAGE_ACTIONS,
    ...IMAGE_ATTRIBUTE_ACTIONS,
    ...CREATE_IMAGE_ACTIONS,
    ...SNAPSHOT_ACTIONS,
    ...VOLUME_ACTIONS,
    ...KEY_PAIR_ACTIONS,
    ...TAG_ACTIONS,
    ...SECURITY_GROUP_ACTIONS,
    ...SECURITY_GROUP_RULE_ACTIONS,
    ...LAUNCH_TEMPLATE_ACTIONS,
    ...LAUNCH_TEMPLATE_VERSION_ACTIONS,
    ...ATTACH_VOLUME_ACTIONS,
    ...INSTANCE_TYPE_ACTIONS,
    ...INSTANCE_ACTIONS,
    ...INSTANCE_POWER_ACTIONS,
    ...INSTANCE_STATUS_ACTIONS,
    ...INSTANCE_ATTRIBUTE_ACTIONS,
    ...INSTANCE_OPTION_ACTIONS,
    ...NETWORK_INTERFACE_ACTIONS,
  },
  sts: STS_ACTIONS,
  iam: IAM_ACTIONS,
  elasticloadbalancing: BALANCING_ACTIONS,
  autoscaling: SCALING_ACTIONS,
};
