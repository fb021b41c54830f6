"""Records what Ansible makes of each inventory and pattern, for the tests: python3 record.py (needs ansible)."""

import json
import pathlib
import subprocess

here = pathlib.Path(__file__).parent / "cases"
patterns = ["all", "web", "web:db", "web:&dc", "all:!web", "w*", "~w.*1", "web[0]", "web[0:1]", "web[-1]", "web[1:]",
            "*", "localhost", "web,zz", "ungrouped", "dba:zz", "s?", "w[12]", "!web", "all:&~.*1$"]
recorded = {}
for name in ["ini/hosts", "directory", "script.sh"]:
    source = str(here / name)
    listing = json.loads(subprocess.check_output(["ansible-inventory", "-i", source, "--list"], text=True))
    selected = {}
    for pattern in patterns:
        out = subprocess.run(["ansible", "-i", source, pattern, "--list-hosts"], text=True, capture_output=True).stdout
        selected[pattern] = [line.strip() for line in out.splitlines()[1:] if line.strip()]
    recorded[name] = {"hostvars": listing["_meta"]["hostvars"], "selected": selected}
(here / "recorded.json").write_text(json.dumps(recorded, indent=1, sort_keys=True) + "\n")
