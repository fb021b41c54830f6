"""What boto3, an independent client, makes of the sandbox's load balancers. Prints nothing but what is wrong."""

import sys
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from client import client, refused

endpoint, target, listens = sys.argv[1:]
ec2 = client("ec2", endpoint, "us-west-2")
elb = client("elbv2", endpoint, "us-west-2")


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = f"{self.headers['X-Forwarded-Proto']} {self.path}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer((listens, 8081), Answers)
threading.Thread(target=server.serve_forever, daemon=True).start()

vpc = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"][0]["VpcId"]
subnets = [subnet["SubnetId"] for subnet in ec2.describe_subnets()["Subnets"]]
refused("ValidationError", elb.create_load_balancer, Name="web", Subnets=subnets[:1])
refused("SubnetNotFound", elb.create_load_balancer, Name="web", Subnets=["subnet-0123456789abcdef0", subnets[0]])
made = elb.create_load_balancer(Name="web", Subnets=subnets, Tags=[{"Key": "team", "Value": "web"}])["LoadBalancers"][0]
balancer = made["LoadBalancerArn"]
elb.get_waiter("load_balancer_available").wait(LoadBalancerArns=[balancer], WaiterConfig={"Delay": 1})
elb.get_waiter("load_balancer_exists").wait(Names=["web"])
refused("DuplicateLoadBalancerName", elb.create_load_balancer, Name="web", Subnets=subnets[:2])

group = elb.create_target_group(
    Name="web",
    Protocol="HTTP",
    Port=8081,
    VpcId=vpc,
    TargetType="ip",
    HealthCheckIntervalSeconds=5,
    HealthCheckTimeoutSeconds=2,
)["TargetGroups"][0]["TargetGroupArn"]
refused("TargetGroupNotFound", elb.describe_target_groups, Names=["other"])
elb.modify_target_group_attributes(
    TargetGroupArn=group, Attributes=[{"Key": "deregistration_delay.timeout_seconds", "Value": "1"}]
)
listener = elb.create_listener(
    LoadBalancerArn=balancer,
    Protocol="HTTP",
    Port=8080,
    DefaultActions=[{"Type": "forward", "TargetGroupArn": group}],
)["Listeners"][0]["ListenerArn"]
refused("ResourceInUse", elb.delete_target_group, TargetGroupArn=group)
rule = elb.create_rule(
    ListenerArn=listener,
    Priority=5,
    Conditions=[{"Field": "path-pattern", "Values": ["/teapot"]}],
    Actions=[{"Type": "fixed-response", "FixedResponseConfig": {"StatusCode": "418", "MessageBody": "short, stout"}}],
)["Rules"][0]
assert [one["Priority"] for one in elb.describe_rules(ListenerArn=listener)["Rules"]] == ["5", "default"]
refused("PriorityInUse", elb.create_rule, ListenerArn=listener, Priority=5, **{
    "Conditions": [{"Field": "path-pattern", "Values": ["/x"]}],
    "Actions": [{"Type": "forward", "TargetGroupArn": group}],
})

targets = [{"Id": target, "Port": 8081}]
elb.register_targets(TargetGroupArn=group, Targets=targets)
elb.get_waiter("target_in_service").wait(TargetGroupArn=group, Targets=targets, WaiterConfig={"Delay": 1})
url = f"http://{made['DNSName']}:8080"
assert urllib.request.urlopen(f"{url}/a").read() == b"http /a"
try:
    urllib.request.urlopen(f"{url}/teapot")
    raise AssertionError("418 was expected")
except urllib.error.HTTPError as error:
    assert error.code == 418 and error.read() == b"short, stout", error

elb.deregister_targets(TargetGroupArn=group, Targets=targets)
health = elb.describe_target_health(TargetGroupArn=group, Targets=targets)["TargetHealthDescriptions"][0]
assert health["TargetHealth"]["State"] == "draining", health
elb.get_waiter("target_deregistered").wait(TargetGroupArn=group, Targets=targets, WaiterConfig={"Delay": 1})
try:
    urllib.request.urlopen(url)
    raise AssertionError("503 was expected")
except urllib.error.HTTPError as error:
    assert error.code == 503, error

assert elb.describe_tags(ResourceArns=[balancer])["TagDescriptions"][0]["Tags"] == [{"Key": "team", "Value": "web"}]
assert {limit["Name"] for limit in elb.describe_account_limits()["Limits"]} >= {"target-groups"}
refused("UnsupportedOperation", elb.create_listener, LoadBalancerArn=balancer, Protocol="HTTPS", Port=443, **{
    "Certificates": [{"CertificateArn": "arn:aws:acm:us-west-2:000000000000:certificate/1"}],
    "DefaultActions": [{"Type": "forward", "TargetGroupArn": group}],
})
pages = elb.get_paginator("describe_load_balancers").paginate(PaginationConfig={"PageSize": 1})
assert [one["LoadBalancerName"] for page in pages for one in page["LoadBalancers"]] == ["web"]

elb.delete_rule(RuleArn=rule["RuleArn"])
elb.delete_load_balancer(LoadBalancerArn=balancer)
elb.get_waiter("load_balancers_deleted").wait(LoadBalancerArns=[balancer], WaiterConfig={"Delay": 1})
elb.delete_target_group(TargetGroupArn=group)
refused("ListenerNotFound", elb.describe_listeners, ListenerArns=[listener])
server.shutdown()
