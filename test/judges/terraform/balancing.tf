# Load balancers as a user writes them: one for HTTP with rules, one for TCP.

variable "network" {
  type = string
}

variable "address" {
  type = string
}

variable "path" {
  type    = string
  default = "/health"
}

variable "idle" {
  type    = number
  default = 60
}

variable "green" {
  type    = number
  default = 0
}

data "aws_availability_zones" "all" {
  state = "available"
}

resource "aws_vpc" "own" {
  cidr_block = var.network
}

resource "aws_subnet" "own" {
  count             = 2
  vpc_id            = aws_vpc.own.id
  cidr_block        = cidrsubnet(var.network, 2, count.index + 1)
  availability_zone = data.aws_availability_zones.all.names[count.index]
}

resource "aws_security_group" "web" {
  name   = "web"
  vpc_id = aws_vpc.own.id
  ingress {
    from_port   = 8080
    to_port     = 8080
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_lb" "web" {
  name                       = "web"
  load_balancer_type         = "application"
  internal                   = true
  subnets                    = aws_subnet.own[*].id
  security_groups            = [aws_security_group.web.id]
  idle_timeout               = var.idle
  drop_invalid_header_fields = true
  tags                       = { Name = "web" }
}

resource "aws_lb_target_group" "web" {
  for_each             = toset(["blue", "green"])
  name                 = each.key
  port                 = 8081
  protocol             = "HTTP"
  target_type          = "ip"
  vpc_id               = aws_vpc.own.id
  deregistration_delay = 0
  slow_start           = 30
  health_check {
    path                = var.path
    interval            = 5
    timeout             = 2
    healthy_threshold   = 2
    unhealthy_threshold = 3
    matcher             = "200-299"
  }
  stickiness {
    type            = "lb_cookie"
    cookie_duration = 600
  }
}

resource "aws_lb_target_group_attachment" "web" {
  target_group_arn = aws_lb_target_group.web["blue"].arn
  target_id        = var.address
  port             = 8081
}

resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  port              = 8080
  protocol          = "HTTP"
  default_action {
    type = "forward"
    forward {
      target_group {
        arn    = aws_lb_target_group.web["blue"].arn
        weight = 100 - var.green
      }
      target_group {
        arn    = aws_lb_target_group.web["green"].arn
        weight = var.green
      }
      stickiness {
        enabled  = true
        duration = 60
      }
    }
  }
}

resource "aws_lb_listener_rule" "static" {
  listener_arn = aws_lb_listener.web.arn
  priority     = 10
  action {
    type = "fixed-response"
    fixed_response {
      content_type = "text/plain"
      message_body = "nothing here"
      status_code  = "404"
    }
  }
  condition {
    path_pattern {
      values = ["/static/*"]
    }
  }
  condition {
    host_header {
      values = ["*.example.com"]
    }
  }
}

resource "aws_lb_listener_rule" "moved" {
  listener_arn = aws_lb_listener.web.arn
  action {
    type = "redirect"
    redirect {
      host        = "www.example.com"
      status_code = "HTTP_301"
    }
  }
  condition {
    http_header {
      http_header_name = "X-Moved"
      values           = ["*"]
    }
  }
  condition {
    query_string {
      key   = "moved"
      value = "yes"
    }
  }
}

resource "aws_lb" "tcp" {
  name               = "tcp"
  load_balancer_type = "network"
  internal           = true
  subnets            = [aws_subnet.own[0].id]
}

resource "aws_lb_target_group" "tcp" {
  name        = "tcp"
  port        = 5432
  protocol    = "TCP"
  target_type = "ip"
  vpc_id      = aws_vpc.own.id
}

resource "aws_lb_listener" "tcp" {
  load_balancer_arn = aws_lb.tcp.arn
  port              = 5432
  protocol          = "TCP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.tcp.arn
  }
}

data "aws_lb" "web" {
  name       = aws_lb.web.name
  depends_on = [aws_lb_listener.web]
}

output "address" {
  value = data.aws_lb.web.dns_name
}
