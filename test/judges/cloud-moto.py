"""The same calls, by boto3, to the sandbox's API and to moto: prints each member of moto's answers that the sandbox's lack."""

import json
import sys
import time

from botocore.exceptions import ClientError
from client import client
from moto.server import ThreadedMotoServer


def paths(value, prefix=""):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "ResponseMetadata":
                yield f"{prefix}{key}"
                yield from paths(inner, f"{prefix}{key}.")
    elif isinstance(value, list):
        for inner in value[:1]:
            yield from paths(inner, prefix)


def until(look, wanted):
    for _ in range(200):
        if look() == wanted:
            return
        time.sleep(0.05)
    raise AssertionError(f"never {wanted}: {look()}")


def life(endpoint):
    ec2 = client("ec2", endpoint)
    answers = {}

    def call(name, **arguments):
        try:
            answer = getattr(ec2, name)(**arguments)
        except ClientError as error:
            answers.setdefault(f"{name} refused", set()).add(error.response["Error"]["Code"])
            return None
        answers.setdefault(name, set()).update(paths(answer))
        return answer

    def state(instance):
        found = ec2.describe_instances(InstanceIds=[instance])
        return found["Reservations"][0]["Instances"][0]["State"]["Name"]

    image = ec2.describe_images(Filters=[{"Name": "architecture", "Values": ["x86_64", "arm64"]}])["Images"][0]["ImageId"]
    vpc = call("describe_vpcs")["Vpcs"][0]["VpcId"]
    call("describe_subnets")
    call("describe_availability_zones")
    call("describe_regions")
    call("create_key_pair", KeyName="a")
    call("create_key_pair", KeyName="a")
    call("describe_key_pairs")
    group = call("create_security_group", GroupName="a", Description="a", VpcId=vpc)["GroupId"]
    call("create_security_group", GroupName="a", Description="a", VpcId=vpc)
    rule = {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}
    call("authorize_security_group_ingress", GroupId=group, IpPermissions=[rule])
    call("authorize_security_group_ingress", GroupId=group, IpPermissions=[rule])
    call("describe_security_groups", GroupIds=[group])
    call("describe_security_group_rules", Filters=[{"Name": "group-id", "Values": [group]}])
    call("describe_security_groups", GroupIds=["sg-00000000000000000"])
    data = {"ImageId": image, "InstanceType": "t3.micro", "KeyName": "a", "SecurityGroupIds": [group]}
    call("create_launch_template", LaunchTemplateName="abc", LaunchTemplateData=data)
    call("create_launch_template_version", LaunchTemplateName="abc", SourceVersion="1", LaunchTemplateData={"EbsOptimized": True})
    call("describe_launch_templates", LaunchTemplateNames=["abc"])
    call("describe_launch_template_versions", LaunchTemplateName="abc")
    tags = [{"ResourceType": "instance", "Tags": [{"Key": "Name", "Value": "a"}]}]
    made = call("run_instances", MinCount=1, MaxCount=1, TagSpecifications=tags, **data)
    instance = made["Instances"][0]["InstanceId"]
    call("run_instances", MinCount=1, MaxCount=1, ImageId="ami-00000000000000000")
    until(lambda: state(instance), "running")
    call("describe_instances", InstanceIds=[instance])
    call("describe_instance_status", InstanceIds=[instance])
    call("describe_instances", InstanceIds=["i-00000000000000000"])
    call("describe_instance_attribute", InstanceId=instance, Attribute="disableApiTermination")
    call("describe_volumes", Filters=[{"Name": "attachment.instance-id", "Values": [instance]}])
    call("describe_network_interfaces", Filters=[{"Name": "attachment.instance-id", "Values": [instance]}])
    call("create_tags", Resources=[instance], Tags=[{"Key": "b", "Value": "c"}])
    call("describe_tags", Filters=[{"Name": "resource-id", "Values": [instance]}])
    call("stop_instances", InstanceIds=[instance])
    until(lambda: state(instance), "stopped")
    call("start_instances", InstanceIds=[instance])
    until(lambda: state(instance), "running")
    volume = call("create_volume", AvailabilityZone="us-east-1a", Size=1, VolumeType="gp3")["VolumeId"]
    until(lambda: ec2.describe_volumes(VolumeIds=[volume])["Volumes"][0]["State"], "available")
    call("create_snapshot", VolumeId=volume, Description="a")
    call("describe_snapshots", OwnerIds=["self"])
    call("delete_volume", VolumeId=volume)
    call("delete_security_group", GroupId=group)
    call("terminate_instances", InstanceIds=[instance])
    until(lambda: state(instance), "terminated")
    call("delete_security_group", GroupId=group)
    call("delete_launch_template", LaunchTemplateName="abc")
    call("delete_key_pair", KeyName="a")
    return answers


moto = ThreadedMotoServer(port=0, verbose=False)
moto.start()
host, port = moto.get_host_and_port()
theirs = life(f"http://{host}:{port}")
moto.stop()
ours = life(sys.argv[1])
missing = {name: sorted(told - ours.get(name, set())) for name, told in theirs.items()}
json.dump({name: told for name, told in missing.items() if told}, sys.stdout, indent=1)
