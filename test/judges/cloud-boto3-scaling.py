"""What boto3, an independent client, makes of the sandbox's Auto Scaling. Prints nothing but what is wrong."""

import sys
import time

from client import client, refused

ec2 = client("ec2", sys.argv[1])
asg = client("autoscaling", sys.argv[1])


def shown():
    return asg.describe_auto_scaling_groups(AutoScalingGroupNames=["boto"])["AutoScalingGroups"][0]


def until(what, holds):
    for _ in range(200):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError(f"it does not come true: {what}: {shown()} {asg.describe_instance_refreshes(AutoScalingGroupName='boto')}")


def in_service(count):
    return lambda: [i["LifecycleState"] for i in shown()["Instances"]] == ["InService"] * count


def waiting():
    instances = asg.describe_auto_scaling_instances()["AutoScalingInstances"]
    return [i for i in instances if i["LifecycleState"] == "Terminating:Wait"]


template = {"LaunchTemplateName": "web", "Version": "1"}
refused("ValidationError", asg.create_auto_scaling_group, AutoScalingGroupName="boto", MinSize=0, MaxSize=1)
asg.create_auto_scaling_group(
    AutoScalingGroupName="boto",
    LaunchTemplate=template,
    MinSize=0,
    MaxSize=4,
    DesiredCapacity=2,
    AvailabilityZones=["us-east-1a", "us-east-1b"],
    Tags=[{"Key": "Name", "Value": "boto", "PropagateAtLaunch": True}],
)
refused(
    "AlreadyExists", asg.create_auto_scaling_group,
    AutoScalingGroupName="boto", MinSize=0, MaxSize=1, LaunchTemplate=template, AvailabilityZones=["us-east-1a"],
)
until("two are in service", in_service(2))
group = shown()
assert sorted(i["AvailabilityZone"] for i in group["Instances"]) == ["us-east-1a", "us-east-1b"], group
assert group["LaunchTemplate"]["Version"] == "1" and group["Tags"][0]["ResourceId"] == "boto", group
ids = [i["InstanceId"] for i in group["Instances"]]
tags = ec2.describe_tags(Filters=[{"Name": "resource-id", "Values": ids}, {"Name": "key", "Values": ["Name"]}])["Tags"]
assert [tag["Value"] for tag in tags] == ["boto", "boto"], tags

ec2.terminate_instances(InstanceIds=ids[:1])
until("the ended one is replaced", lambda: ids[0] not in [i["InstanceId"] for i in shown()["Instances"]] and in_service(2)())
asg.put_lifecycle_hook(
    AutoScalingGroupName="boto", LifecycleHookName="last-words",
    LifecycleTransition="autoscaling:EC2_INSTANCE_TERMINATING", HeartbeatTimeout=600,
)
asg.set_desired_capacity(AutoScalingGroupName="boto", DesiredCapacity=1)
until("one waits for its hook", lambda: len(waiting()) == 1)
asg.complete_lifecycle_action(
    AutoScalingGroupName="boto", LifecycleHookName="last-words",
    InstanceId=waiting()[0]["InstanceId"], LifecycleActionResult="CONTINUE",
)
until("one is left", in_service(1))
asg.delete_lifecycle_hook(AutoScalingGroupName="boto", LifecycleHookName="last-words")
refused("ValidationError", asg.set_desired_capacity, AutoScalingGroupName="boto", DesiredCapacity=5)

new = ec2.create_launch_template_version(
    LaunchTemplateName="web", SourceVersion="1", LaunchTemplateData={"InstanceType": "t3.small"}
)["LaunchTemplateVersion"]
preferences = {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 200, "InstanceWarmup": 0, "AutoRollback": True}
wanted = {"LaunchTemplate": {"LaunchTemplateName": "web", "Version": str(new["VersionNumber"])}}
refresh = asg.start_instance_refresh(
    AutoScalingGroupName="boto", DesiredConfiguration=wanted, Preferences=preferences
)["InstanceRefreshId"]
refused("InstanceRefreshInProgress", asg.start_instance_refresh, AutoScalingGroupName="boto")


def refreshed():
    return asg.describe_instance_refreshes(AutoScalingGroupName="boto", InstanceRefreshIds=[refresh])["InstanceRefreshes"][0]


until("the refresh succeeds", lambda: refreshed()["Status"] == "Successful")
assert refreshed()["PercentageComplete"] == 100 and refreshed()["InstancesToUpdate"] == 0, refreshed()
assert refreshed()["Preferences"]["MaxHealthyPercentage"] == 200, refreshed()
assert shown()["LaunchTemplate"]["Version"] == "2", shown()
until("the old one is gone", in_service(1))
assert shown()["Instances"][0]["InstanceType"] == "t3.small", shown()
refused("ActiveInstanceRefreshNotFound", asg.rollback_instance_refresh, AutoScalingGroupName="boto")

pages = asg.get_paginator("describe_scaling_activities").paginate(AutoScalingGroupName="boto", PaginationConfig={"PageSize": 2})
activities = [activity for page in pages for activity in page["Activities"]]
assert len(activities) == 7 and {a["StatusCode"] for a in activities} == {"Successful"}, activities

refused("ResourceInUse", asg.delete_auto_scaling_group, AutoScalingGroupName="boto")
asg.delete_auto_scaling_group(AutoScalingGroupName="boto", ForceDelete=True)
until("the group is gone", lambda: asg.describe_auto_scaling_groups()["AutoScalingGroups"] == [])
states = [i["State"]["Name"] for r in ec2.describe_instances()["Reservations"] for i in r["Instances"]]
assert set(states) == {"terminated"}, states
