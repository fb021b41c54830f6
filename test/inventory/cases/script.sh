#!/bin/sh
# An executable inventory, as dynamic inventories are written.
cat <<'X'
{"_meta": {"hostvars": {"s1": {"ansible_host": "192.0.2.1", "n": 1}}},
 "web": {"hosts": ["s1", "s2"], "vars": {"port": 80}},
 "all_web": {"children": ["web"]}, "listed": ["s3"]}
X
