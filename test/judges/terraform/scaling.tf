# A group of instances as a user asks for one: a launch template, a group that refreshes itself, a target group.

variable "type" {
  type    = string
  default = "t3.micro"
}

variable "desired" {
  type    = number
  default = 2
}

data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

data "aws_ami" "debian" {
  most_recent = true
  owners      = ["sandbox"]
  filter {
    name   = "architecture"
    values = ["x86_64", "arm64"]
  }
}

resource "aws_lb_target_group" "web" {
  name     = "judge"
  port     = 80
  protocol = "HTTP"
  vpc_id   = data.aws_vpc.default.id
}

resource "aws_launch_template" "web" {
  name          = "judge"
  image_id      = data.aws_ami.debian.id
  instance_type = var.type
  metadata_options {
    http_tokens = "required"
  }
}

resource "aws_autoscaling_group" "web" {
  name                      = "judge"
  min_size                  = 1
  max_size                  = 4
  desired_capacity          = var.desired
  vpc_zone_identifier       = data.aws_subnets.default.ids
  health_check_grace_period = 60
  default_instance_warmup   = 0
  termination_policies      = ["OldestLaunchTemplate", "Default"]
  enabled_metrics           = []

  launch_template {
    id      = aws_launch_template.web.id
    version = aws_launch_template.web.latest_version
  }

  instance_refresh {
    strategy = "Rolling"
    preferences {
      min_healthy_percentage = 100
      max_healthy_percentage = 150
      instance_warmup        = 0
      auto_rollback          = true
      skip_matching          = true
    }
  }

  instance_maintenance_policy {
    min_healthy_percentage = 100
    max_healthy_percentage = 150
  }

  initial_lifecycle_hook {
    name                 = "first"
    lifecycle_transition = "autoscaling:EC2_INSTANCE_LAUNCHING"
    heartbeat_timeout    = 30
    default_result       = "CONTINUE"
  }

  tag {
    key                 = "Name"
    value               = "judge"
    propagate_at_launch = true
  }
}

resource "aws_autoscaling_lifecycle_hook" "last" {
  name                   = "last"
  autoscaling_group_name = aws_autoscaling_group.web.name
  lifecycle_transition   = "autoscaling:EC2_INSTANCE_TERMINATING"
  heartbeat_timeout      = 30
  default_result         = "CONTINUE"
}

resource "aws_autoscaling_attachment" "web" {
  autoscaling_group_name = aws_autoscaling_group.web.name
  lb_target_group_arn    = aws_lb_target_group.web.arn
}

data "aws_autoscaling_groups" "judge" {
  depends_on = [aws_autoscaling_group.web]
  filter {
    name   = "tag:Name"
    values = ["judge"]
  }
}

output "found" {
  value = data.aws_autoscaling_groups.judge.names
}
