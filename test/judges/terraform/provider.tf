terraform {
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

variable "endpoint" {
  type = string
}

variable "region" {
  type    = string
  default = "eu-west-1"
}

provider "aws" {
  region                  = var.region
  access_key              = "AKIASANDBOX000000000"
  secret_key              = "sandbox"
  skip_metadata_api_check = true
  endpoints {
    autoscaling = var.endpoint
    ec2         = var.endpoint
    elbv2       = var.endpoint
    iam         = var.endpoint
    sts         = var.endpoint
  }
  default_tags {
    tags = { project = "judge" }
  }
}
