/** The files of a configuration, for Handlebars. `attributes` writes values as `terraform fmt` does. */

export const MAIN = `# Written by \`rollout export terraform\`. It may be changed: nothing of playbake reads it.

terraform {
  # import blocks
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

provider "aws" {
{{{attributes "  " provider}}}
{{#if endpoints}}
  endpoints {
{{{attributes "    " endpoints}}}  }

{{/if}}
  # Tags by which playbake knows what belongs to a fleet.
  ignore_tags {
    key_prefixes = ["playbake:"]
  }
}
`;

export const FLEET = `# The fleet {{fleet}}, with what its instances have now. Written by \`rollout export terraform\`.
#
# Another image replaces all instances: Terraform launches the new ones first, but does not wait until they are healthy, and
# drains none. \`rollout apply\` does both; \`rollout apply --engine terraform\` hands a new image to this configuration.

variable "{{name}}_image_id" {
  description = "The image of the fleet {{fleet}}."
  type        = string
  default     = "{{imageId}}" # {{imageName}}
}

locals {
  {{name}} = {
{{#each slots}}
    "{{slot}}" = {{{value "    " own}}}
{{/each}}
  }
}

resource "aws_instance" "{{name}}" {
  for_each = local.{{name}}

{{{attributes "  " all}}}
  lifecycle {
    create_before_destroy = true
  }
}
{{#each groups}}

# The provider cannot import these. Adding them registers what is registered already: nothing changes.
resource "aws_lb_target_group_attachment" "{{../name}}_{{name}}" {
  for_each = local.{{../name}}

  target_group_arn = "{{arn}}"
  target_id        = aws_instance.{{../name}}[each.key].id

  lifecycle {
    create_before_destroy = true
  }
}
{{/each}}
{{#each volumes}}

locals {
  {{name}} = {
{{#each slots}}
    "{{slot}}" = {{{value "    " own}}}
{{/each}}
  }
}

resource "aws_ebs_volume" "{{name}}" {
  for_each = local.{{name}}

{{{attributes "  " attributes}}}
  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_volume_attachment" "{{name}}" {
  for_each = local.{{name}}

  device_name = "{{device}}"
  volume_id   = aws_ebs_volume.{{name}}[each.key].id
  instance_id = aws_instance.{{../name}}[each.key].id

  # Worth adding once all is imported: a disk in use is not pulled out.
  # stop_instance_before_detaching = true
}
{{/each}}

output "{{name}}_instance_ids" {
  description = "The instances of the fleet {{fleet}}, by slot."
  value       = { for slot, instance in aws_instance.{{name}} : slot => instance.id }
}

output "{{name}}_private_ips" {
  value = { for slot, instance in aws_instance.{{name}} : slot => instance.private_ip }
}
`;

export const GROUP = `# The fleet {{fleet}}, an Auto Scaling group, as it is now. Written by \`rollout export terraform\`.
#
# Another image makes a new version of the launch template, and that an instance refresh.

variable "{{name}}_image_id" {
  description = "The image of the fleet {{fleet}}."
  type        = string
  default     = "{{imageId}}" # {{imageName}}
}

resource "aws_launch_template" "{{name}}" {
{{{attributes "  " template}}}
{{#if network}}
  network_interfaces {
{{{attributes "    " network}}}  }

{{/if}}
{{#if profile}}
  iam_instance_profile {
{{{attributes "    " profile}}}  }

{{/if}}
{{#each tagged}}
  tag_specifications {
    resource_type = "{{type}}"

    tags = {{{value "    " tags}}}
  }

{{/each}}
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_autoscaling_group" "{{name}}" {
{{{attributes "  " attributes}}}
  launch_template {
    id      = aws_launch_template.{{name}}.id
    version = aws_launch_template.{{name}}.latest_version
  }

  instance_refresh {
    strategy = "Rolling"

    preferences {
{{#if bounds}}
{{{attributes "      " bounds}}}
{{/if}}
      auto_rollback = true
      skip_matching = true
    }
  }

{{#if bounds}}
  instance_maintenance_policy {
{{{attributes "    " bounds}}}  }

{{/if}}
{{#each tags}}
  tag {
{{{attributes "    " attributes}}}  }

{{/each}}
  lifecycle {
    create_before_destroy = true
  }
}

output "{{name}}_group" {
  description = "The Auto Scaling group of the fleet {{fleet}}."
  value       = aws_autoscaling_group.{{name}}.name
}
`;

export const GROUP_IMPORTS = `# What runs already. Once it is applied, this file may be removed.

import {
  to = aws_launch_template.{{name}}
  id = "{{templateId}}"
}

import {
  to = aws_autoscaling_group.{{name}}
  id = "{{group}}"
}
`;

export const IMPORTS = `# What runs already. Once it is applied, this file may be removed.
{{#each slots}}

import {
  to = aws_instance.{{../name}}["{{slot}}"]
  id = "{{id}}"
}
{{/each}}
{{#each volumes}}
{{#each slots}}

import {
  to = aws_ebs_volume.{{../name}}["{{slot}}"]
  id = "{{id}}"
}

import {
  to = aws_volume_attachment.{{../name}}["{{slot}}"]
  id = "{{../device}}:{{id}}:{{instanceId}}"
}
{{/each}}
{{/each}}
`;
