# Real machines, as a user asks for them.

variable "public_key" {
  type = string
}

variable "role" {
  type    = string
  default = "web"
}

data "aws_ami" "debian" {
  most_recent = true
  owners      = ["sandbox"]
  filter {
    name   = "architecture"
    values = ["x86_64", "arm64"]
  }
}

resource "aws_key_pair" "me" {
  key_name   = "judge"
  public_key = var.public_key
}

resource "aws_security_group" "web" {
  name = "judge"
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_instance" "plain" {
  ami                    = data.aws_ami.debian.id
  instance_type          = "t3.micro"
  key_name               = aws_key_pair.me.key_name
  vpc_security_group_ids = [aws_security_group.web.id]
  user_data              = "#!/bin/sh\necho told >/etc/told\n"
  metadata_options {
    http_tokens = "required"
  }
  root_block_device {
    volume_size = 9
    tags        = { disk = "root" }
  }
  tags = { Name = "plain", role = var.role }
}

resource "aws_launch_template" "web" {
  name_prefix            = "judge-"
  image_id               = data.aws_ami.debian.id
  instance_type          = "t3.micro"
  key_name               = aws_key_pair.me.key_name
  vpc_security_group_ids = [aws_security_group.web.id]
}

resource "aws_instance" "templated" {
  launch_template {
    id      = aws_launch_template.web.id
    version = aws_launch_template.web.latest_version
  }
  tags = { Name = "templated" }
}

resource "aws_ebs_volume" "data" {
  availability_zone = aws_instance.plain.availability_zone
  size              = 1
  type              = "gp3"
}

resource "aws_volume_attachment" "data" {
  device_name = "/dev/xvdf"
  volume_id   = aws_ebs_volume.data.id
  instance_id = aws_instance.plain.id
}

output "address" {
  value = aws_instance.plain.private_ip
}
