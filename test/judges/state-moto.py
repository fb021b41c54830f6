"""moto's S3 with a bucket `states`: prints where it is, until its standard input ends."""

import sys

import boto3
from moto.server import ThreadedMotoServer

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
endpoint = "http://%s:%d" % server.get_host_and_port()
boto3.client(
    "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
).create_bucket(Bucket="states")
print(endpoint, flush=True)
sys.stdin.read()
server.stop()
