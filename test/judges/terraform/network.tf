# A network of one's own with what servers need in it, as a user writes it.

variable "public_key" {
  type = string
}

variable "port" {
  type    = number
  default = 80
}

data "aws_caller_identity" "me" {}

data "aws_availability_zones" "all" {
  state = "available"
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

data "aws_security_group" "default" {
  vpc_id = data.aws_vpc.default.id
  name   = "default"
}

data "aws_ec2_instance_type" "small" {
  instance_type = "t3.small"
}

resource "aws_vpc" "own" {
  cidr_block           = "10.77.244.0/22"
  enable_dns_hostnames = true
  tags                 = { Name = "own" }
}

resource "aws_subnet" "web" {
  count                   = 2
  vpc_id                  = aws_vpc.own.id
  cidr_block              = cidrsubnet(aws_vpc.own.cidr_block, 2, count.index)
  availability_zone       = data.aws_availability_zones.all.names[count.index]
  map_public_ip_on_launch = true
}

resource "aws_internet_gateway" "out" {
  vpc_id = aws_vpc.own.id
}

resource "aws_route_table" "out" {
  vpc_id = aws_vpc.own.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.out.id
  }
}

resource "aws_route_table_association" "web" {
  count          = 2
  subnet_id      = aws_subnet.web[count.index].id
  route_table_id = aws_route_table.out.id
}

resource "aws_route_table" "apart" {
  vpc_id = aws_vpc.own.id
}

resource "aws_route" "apart" {
  route_table_id         = aws_route_table.apart.id
  destination_cidr_block = "192.0.2.0/24"
  gateway_id             = aws_internet_gateway.out.id
}

resource "aws_key_pair" "me" {
  key_name   = "judge"
  public_key = var.public_key
}

resource "aws_security_group" "web" {
  name        = "web"
  description = "from the world"
  vpc_id      = aws_vpc.own.id
  ingress {
    description = "the service"
    from_port   = var.port
    to_port     = var.port
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0", "192.0.2.0/24"]
  }
  ingress {
    from_port = 0
    to_port   = 0
    protocol  = "-1"
    self      = true
  }
  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group" "data" {
  name_prefix = "data-"
  vpc_id      = aws_vpc.own.id
}

resource "aws_vpc_security_group_ingress_rule" "data" {
  security_group_id            = aws_security_group.data.id
  referenced_security_group_id = aws_security_group.web.id
  ip_protocol                  = "tcp"
  from_port                    = 5432
  to_port                      = 5432
  description                  = "from web, ${var.port}"
}

resource "aws_vpc_security_group_egress_rule" "data" {
  security_group_id = aws_security_group.data.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "-1"
}

resource "aws_security_group_rule" "icmp" {
  security_group_id = aws_security_group.data.id
  type              = "ingress"
  protocol          = "icmp"
  from_port         = 8
  to_port           = -1
  cidr_blocks       = ["10.77.0.0/16"]
}

resource "aws_launch_template" "web" {
  name                   = "web"
  instance_type          = data.aws_ec2_instance_type.small.instance_type
  key_name               = aws_key_pair.me.key_name
  vpc_security_group_ids = [aws_security_group.web.id]
  user_data              = base64encode("#!/bin/sh\necho ${var.port}\n")
  update_default_version = true
  block_device_mappings {
    device_name = "/dev/xvda"
    ebs {
      volume_size = 8
    }
  }
  metadata_options {
    http_tokens   = "required"
    http_endpoint = "enabled"
  }
  tag_specifications {
    resource_type = "instance"
    tags          = { Name = "web" }
  }
}

output "account" {
  value = data.aws_caller_identity.me.account_id
}

output "default_subnets" {
  value = length(data.aws_subnets.default.ids)
}

output "template_version" {
  value = aws_launch_template.web.latest_version
}
