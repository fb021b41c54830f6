"""Records which of the texts in accepted.json ansible-playbook takes: /usr/bin/python3 test/playbook/record_accepted.py (minutes)"""

import json
import os
import subprocess
import tempfile

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "accepted.json")
# What the texts name. The test has the same.
FILES = {
    "roles/r/tasks/main.yml": "- ping:\n",
    "x.yml": "- ping:\n",
    "v.yml": "a: 1\n",
    "s.sh": "echo\n",
    "pb.yml": "- hosts: all\n",
}

with open(FILE) as file:
    texts = json.load(file)
with tempfile.TemporaryDirectory() as directory:
    for name, content in FILES.items():
        path = os.path.join(directory, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w") as file:
            file.write(content)
    for text in texts:
        with open(os.path.join(directory, "site.yml"), "w") as file:
            file.write(text["text"])
        command = ["ansible-playbook", "-i", "web1,db1,", "--syntax-check", "site.yml"]
        text["refused"] = subprocess.run(command, cwd=directory, capture_output=True, check=False).returncode != 0
with open(FILE, "w") as file:
    json.dump(texts, file, indent=1, ensure_ascii=False)
    file.write("\n")
