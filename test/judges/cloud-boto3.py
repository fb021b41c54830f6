"""What boto3, an independent client, makes of the sandbox's API. Prints nothing but what is wrong."""

import sys

from client import client, refused

ec2 = client("ec2", sys.argv[1], "us-west-2")


def tags(kind, **values):
    return [{"ResourceType": kind, "Tags": [{"Key": k, "Value": v} for k, v in values.items()]}]


vpc = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]
subnets = ec2.describe_subnets(Filters=[{"Name": "vpc-id", "Values": [vpc["VpcId"]]}])["Subnets"]
assert [subnet["AvailabilityZone"] for subnet in subnets] == ["us-west-2a", "us-west-2b", "us-west-2c"]
assert all(subnet["DefaultForAz"] and subnet["AvailableIpAddressCount"] > 500 for subnet in subnets)

own = ec2.create_vpc(CidrBlock="10.0.0.0/16", TagSpecifications=tags("vpc", Name="own"))["Vpc"]
ec2.get_waiter("vpc_available").wait(VpcIds=[own["VpcId"]])
subnet = ec2.create_subnet(VpcId=own["VpcId"], CidrBlock="10.0.1.0/24")["Subnet"]
ec2.get_waiter("subnet_available").wait(SubnetIds=[subnet["SubnetId"]])
refused("InvalidSubnet.Conflict", ec2.create_subnet, VpcId=own["VpcId"], CidrBlock="10.0.1.128/25")
refused("DependencyViolation", ec2.delete_vpc, VpcId=own["VpcId"])
refused("DryRunOperation", ec2.delete_subnet, SubnetId=subnet["SubnetId"], DryRun=True)

made = ec2.create_key_pair(KeyName="boto", KeyType="ed25519", TagSpecifications=tags("key-pair", run="1"))
assert made["KeyMaterial"].startswith("-----BEGIN OPENSSH PRIVATE KEY-----"), made
pair = ec2.describe_key_pairs(KeyNames=["boto"], IncludePublicKey=True)["KeyPairs"][0]
assert pair["KeyFingerprint"] == made["KeyFingerprint"] and pair["PublicKey"].startswith("ssh-ed25519 ")
ec2.import_key_pair(KeyName="imported", PublicKeyMaterial=pair["PublicKey"].encode())
refused("InvalidKeyPair.Duplicate", ec2.import_key_pair, KeyName="boto", PublicKeyMaterial=pair["PublicKey"].encode())
ec2.get_waiter("key_pair_exists").wait(KeyNames=["boto", "imported"])

group = ec2.create_security_group(GroupName="boto", Description="of boto3", VpcId=own["VpcId"])["GroupId"]
ec2.get_waiter("security_group_exists").wait(GroupIds=[group])
ec2.authorize_security_group_ingress(GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="10.0.0.0/8")
rules = ec2.authorize_security_group_ingress(
    GroupId=group,
    IpPermissions=[{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}],
    TagSpecifications=tags("security-group-rule", why="each other"),
)["SecurityGroupRules"]
assert rules[0]["ReferencedGroupInfo"]["GroupId"] == group and rules[0]["Tags"][0]["Value"] == "each other"
refused(
    "InvalidPermission.Duplicate",
    ec2.authorize_security_group_ingress,
    GroupId=group, IpProtocol="tcp", FromPort=22, ToPort=22, CidrIp="10.0.0.0/8",
)
shown = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]
assert [p["IpProtocol"] for p in shown["IpPermissions"]] == ["tcp", "-1"], shown
ec2.revoke_security_group_ingress(GroupId=group, SecurityGroupRuleIds=[rules[0]["SecurityGroupRuleId"]])

ec2.create_tags(Resources=[own["VpcId"], group], Tags=[{"Key": "owner", "Value": "boto"}])
pages = ec2.get_paginator("describe_tags").paginate(Filters=[{"Name": "key", "Values": ["owner"]}])
assert {tag["ResourceId"] for page in pages for tag in page["Tags"]} == {own["VpcId"], group}
ec2.delete_tags(Resources=[group], Tags=[{"Key": "owner", "Value": "another"}])
assert len(ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": [group]}])["Tags"]) == 1

data = {"InstanceType": "t3.micro", "SecurityGroupIds": [group], "UserData": "IyEvYmluL3NoCg=="}
first = ec2.create_launch_template(LaunchTemplateName="boto", ClientToken="one", LaunchTemplateData=data)
again = ec2.create_launch_template(LaunchTemplateName="boto", ClientToken="one", LaunchTemplateData=data)
assert first["LaunchTemplate"]["LaunchTemplateId"] == again["LaunchTemplate"]["LaunchTemplateId"]
refused(
    "IdempotentParameterMismatch",
    ec2.create_launch_template,
    LaunchTemplateName="boto", ClientToken="one", LaunchTemplateData={"InstanceType": "t3.nano"},
)
ec2.create_launch_template_version(
    LaunchTemplateName="boto", SourceVersion="1", LaunchTemplateData={"KeyName": "boto"}
)
versions = ec2.describe_launch_template_versions(LaunchTemplateName="boto", Versions=["$Latest", "$Default"])
assert [v["VersionNumber"] for v in versions["LaunchTemplateVersions"]] == [2, 1]
assert versions["LaunchTemplateVersions"][0]["LaunchTemplateData"] == {**data, "KeyName": "boto"}

types = ec2.describe_instance_types(InstanceTypes=["t3.micro"])["InstanceTypes"][0]
assert types["MemoryInfo"]["SizeInMiB"] == 1024 and types["VCpuInfo"]["DefaultVCpus"] == 2

ec2.delete_launch_template(LaunchTemplateName="boto")
ec2.delete_security_group(GroupId=group)
for name in ["boto", "imported"]:
    ec2.delete_key_pair(KeyName=name)
ec2.delete_subnet(SubnetId=subnet["SubnetId"])
ec2.delete_vpc(VpcId=own["VpcId"])
refused("InvalidVpcID.NotFound", ec2.describe_vpcs, VpcIds=[own["VpcId"]])
