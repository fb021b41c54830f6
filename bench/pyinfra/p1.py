"""Fifty trivial commands, one after the other."""

from pyinfra.operations import server

for number in range(1, 51):
    server.shell(name=f"Command {number}", commands=["/bin/true"])
