"""Records what Ansible makes of each case, for the tests: /usr/bin/python3 record.py (with Ansible's own Python).

With --print the record goes to standard output.
"""

import json
import os
import pathlib
import sys
import tempfile

import yaml
from ansible import context
from ansible.cli.inventory import INTERNAL_VARS
from ansible.errors import AnsibleError
from ansible.inventory.manager import InventoryManager
from ansible.module_utils.common.collections import ImmutableDict
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.vars import host_group_vars
from ansible.utils.display import Display
from ansible.utils.vars import load_extra_vars
from ansible.vars.manager import VariableManager

here = pathlib.Path(__file__).parent
warnings = []
Display.warning = lambda self, message, formatted=False: warnings.append(message)
Display.error = lambda self, message, wrap_text=True: None


def write(files):
    for name, text in files.items():
        path = pathlib.Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        if text.startswith("#!"):
            path.chmod(0o755)


def select(inventory, pattern, limit):
    warnings.clear()
    inventory.clear_pattern_cache()
    inventory.clear_caches()
    try:
        inventory.subset(limit)
        return {"hosts": [host.name for host in inventory.get_hosts(pattern)], "ignored": sorted(set(warnings))}
    except AnsibleError as error:
        return {"error": error.message}
    finally:
        inventory.subset(None)


def place(inventory, name, kind):
    """Where a host and a group have one name, Ansible gives the host's file to the group."""
    path = (inventory.groups.get(name) or inventory.hosts[name]).vars.get(kind)
    # The directory of a list of hosts is the text "None".
    if path == "None":
        return None
    return path and (os.path.relpath(path) if path.startswith("/") else path)


def variables(manager, host):
    found = manager.get_vars(host=host, include_hostvars=False, stage="all")
    return {name: value for name, value in found.items() if name not in INTERNAL_VARS and name != "ansible_config_file"}


def change(inventory, step):
    """`add_host` or `group_by`: whether it says that something changed."""
    result = {}
    if "name" in step:
        host = {"host_name": step["name"], "groups": step.get("groups", []), "host_vars": step.get("vars", {})}
        inventory.add_dynamic_host(host, result)
    else:
        result = {"add_group": step["group"], "parent_groups": step.get("parents", ["all"])}
        inventory.add_dynamic_group(inventory.get_host(step["host"]), result)
    return result["changed"]


def record(case):
    loader = DataLoader()
    loader.set_basedir(os.path.abspath(case.get("play", "nowhere")))
    host_group_vars.FOUND.clear()
    warnings.clear()
    sources = [source if "," in source else os.path.abspath(source) for source in case["sources"]]
    inventory = InventoryManager(loader=loader, sources=sources)
    failed = [text for text in warnings if text.startswith("Unable to parse")]
    manager = VariableManager(loader=loader, inventory=inventory)
    manager.safe_basedir = True
    if failed:
        return {"failed": True}
    changed = [change(inventory, step) for step in case.get("changes", [])]
    result = {
        "changed": changed,
        "hosts": {
            name: {
                "vars": variables(manager, host),
                "groups": sorted(group.name for group in host.get_groups() if group.name != "all"),
                "file": place(inventory, name, "inventory_file"),
                "dir": place(inventory, name, "inventory_dir"),
            }
            for name, host in inventory.hosts.items()
        },
        "order": list(inventory.hosts),
        "groups": {
            name: {
                "hosts": [host.name for host in group.get_hosts()],
                "children": [child.name for child in group.child_groups],
                "depth": group.depth,
                "priority": group.priority,
            }
            for name, group in inventory.groups.items()
        },
        "selected": [
            select(inventory, pattern, None) for pattern in case.get("patterns", [])
        ] + [select(inventory, pattern, limit) for pattern, limit in case.get("limits", [])],
    }
    if "localhost" not in inventory.hosts:
        result["localhost"] = variables(manager, inventory.get_host("localhost"))
        result["localhost"].pop("ansible_python_interpreter", None)
    return result


def extra(texts):
    context.CLIARGS = ImmutableDict(extra_vars=texts)
    try:
        found = load_extra_vars(DataLoader())
        # Words that are no key=value become a variable that nobody asked for: playbake says that they are wrong.
        return "failed" if "_raw_params" in found else found
    except AnsibleError:
        return "failed"
    finally:
        context.CLIARGS = ImmutableDict()


def main():
    recorded = {}
    for file in sorted((here / "cases").glob("*.yml")):
        case = yaml.safe_load(file.read_text())
        with tempfile.TemporaryDirectory() as directory:
            os.chdir(directory)
            write(case.get("files", {}))
            if "sources" in case:
                try:
                    recorded[file.stem] = record(case)
                except AnsibleError:
                    recorded[file.stem] = {"failed": True}
            else:
                recorded[file.stem] = [extra(texts) for texts in case["extra_vars"]]
            os.chdir("/")
    text = json.dumps(recorded, indent=1, sort_keys=True, default=str) + "\n"
    if "--print" in sys.argv:
        sys.stdout.write(text)
    else:
        (here / "recorded.json").write_text(text)


main()
