"""Records what Ansible makes of the same input, for the tests beside it: /usr/bin/python3 test/playbook/record.py"""

import json
import os
import subprocess

from ansible.parsing.splitter import parse_kv
from ansible.playbook.block import Block
from ansible.playbook.handler import Handler
from ansible.playbook.loop_control import LoopControl
from ansible.playbook.play import Play
from ansible.playbook.playbook_include import PlaybookInclude
from ansible.playbook.role.include import RoleInclude
from ansible.playbook.task import Task

HERE = os.path.dirname(os.path.abspath(__file__))

TEXTS = [
    ("copy", "src=a dest=b"),
    ("copy", "src=a dest=\"b c\" content='x y'"),
    ("command", "echo hi"),
    ("command", "creates=/x echo a=b chdir=/tmp"),
    ("shell", "echo \"a b\"  'c'   d"),
    ("shell", "cat <<EOF\nline 1\n  line 2\nEOF"),
    ("shell", "a \\\n  b"),
    ("debug", "msg={{ a | default('x y') }} verbosity=2"),
    ("debug", "msg=\"{{ a }}\n b\""),
    ("debug", "msg='it''s'"),
    ("copy", "content='a\\nb' dest=/x"),
    ("copy", "content=\"tab\\there \\u00e9 \\x41\""),
    ("copy", "src=a=b dest=c\\=d"),
    ("command", "x=1 y"),
    ("command", "executable=/bin/sh stdin=a\\=b cat"),
    ("file", "path=/x state=directory mode=0755 "),
    ("debug", "msg={% if a %}x y{% endif %}"),
    ("debug", "msg={# a b #}z"),
    ("meta", "flush_handlers"),
    ("include_tasks", "x.yml a=b"),
    ("lineinfile", "line='a = b' regexp=^a\\s*=  path=/x"),
    ("copy", "=a b==c"),
    ("shell", "echo {{ a }}{{ b }} | grep 'x{{ y }}'"),
    ("shell", "echo {{ a }} {{ b | join(' ') }} >> /x"),
    ("script", "a.sh --x=1 creates=/y"),
    ("debug", "msg=a\\'b"),
    ("shell", "awk '{ print $1 }' file=x"),
    ("copy", "a= b=\"\" c=''"),
    ("shell", "echo \"{{ x }}\" removes='/a b'"),
    ("debug", "msg=a\tb c=d"),
    ("shell", "echo a\\\\nb c\\=d"),
    ("shell", "if true; then\n  echo 'a\n  b'   c\nfi\n\necho {{ x\n | d }}"),
    ("win_shell", "Get-Item chdir=C:\\x a=b"),
]
UNBALANCED = ["a='b", "{{ a", "x {% if", "\"a", "{# a"]
COMMANDS = ("command", "shell", "raw", "script", "win_command", "win_shell")
LEVELS = {
    "import": PlaybookInclude,
    "play": Play,
    "block": Block,
    "task": Task,
    "handler": Handler,
    "role": RoleInclude,
    "loop_control": LoopControl,
}
INTERNAL = {"async_val", "loop_with", "vars_val"}


def write(name, data):
    with open(os.path.join(HERE, name), "w") as file:
        json.dump(data, file, indent=1, ensure_ascii=False)
        file.write("\n")


def refused(text):
    try:
        parse_kv(text)
    except Exception:
        return True
    return False


parsed = [
    {"action": action, "text": text, "args": parse_kv(text, check_raw=action in COMMANDS)} for action, text in TEXTS
]
write("free-form.json", {"parsed": parsed, "refused": [text for text in UNBALANCED if refused(text)]})
write("keywords.json", {level: sorted(set(kind.fattributes) - INTERNAL) for level, kind in LEVELS.items()})

with open(os.path.join(HERE, "tree.txt"), "w") as file:
    command = ["ansible-playbook", "-i", "localhost,", "--list-tasks", "site.yml"]
    subprocess.run(command, cwd=os.path.join(HERE, "tree"), stdout=file, stderr=subprocess.DEVNULL, check=True)

LISTS = [
    "--list-tasks --list-tags --list-hosts",
    "--list-tasks -t web",
    "--list-tasks -t nested,db",
    "--list-tasks -t all,never",
    "--list-tasks --skip-tags never,deploy",
    "--list-tasks -t tagged --skip-tags web",
    "--list-tasks -t untagged",
    "--list-tags",
    "--list-tags -t web",
    "--list-hosts -l web2",
    "--list-hosts -l all:!web*",
    "--syntax-check",
]


def listed(options):
    command = ["ansible-playbook", "-i", "web1,web2,db1", *options.split(), "site.yml"]
    ran = subprocess.run(command, cwd=os.path.join(HERE, "tree"), capture_output=True, text=True, check=False)
    return {"options": options, "code": ran.returncode, "stdout": ran.stdout}


write("lists.json", [listed(options) for options in LISTS])
