#!/bin/sh
# Records what Ansible prints for each playbook in cases/, beside the same run as events. Needs ansible-core 2.14.
# Usage: record.sh [CASE...]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rm -rf /tmp/cases && mkdir -p /tmp/cases && cp -r "$here"/cases/. /tmp/cases
cp "$here/record_events.py" /tmp/cases
cd /tmp/cases
: >ansible.cfg
[ $# -gt 0 ] || set -- $(ls *.yml | sed 's/\.yml$//')
for case in "$@"; do
  args=$(sed -n 's/^# args: //p' "$case.yml")
  rm -rf /tmp/cases/work && mkdir /tmp/cases/work
  color=$(sed -n 's/^# color: //p' "$case.yml")
  env ANSIBLE_CONFIG=/tmp/cases/ansible.cfg ANSIBLE_CALLBACK_PLUGINS=/tmp/cases ANSIBLE_CALLBACKS_ENABLED=record_events \
    RECORD_EVENTS="$here/cases/$case.events.jsonl" ${color:+ANSIBLE_FORCE_COLOR=1} \
    ansible-playbook -i web1,web2,db1, -c local -e ansible_python_interpreter=/usr/bin/python3 $args "$case.yml" \
    >"$here/cases/$case.out" 2>"$here/cases/$case.err" </dev/null || :
  # What only Ansible has to say: its version, its configuration file, its plugins, what it copies to hosts.
  sed -Ei '/^(.\[0;34m)?(Using (.* as config file|module file .*)|Skipping callback .*|Parsed .* with .* plugin|<[^>]*> .*)(.\[0m)?$/d
    /^ansible-playbook \[core/d; /^  (config file|configured module|ansible |executable loc|python version|jinja ver|libyaml)/d
    /^[0-9]+ plays in /d; /^META: /d; /^redirecting \(type/d' "$here/cases/$case.out"
done
