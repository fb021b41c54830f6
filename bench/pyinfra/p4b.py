"""Two hundred small files, one after the other."""

from pyinfra import host
from pyinfra.operations import files

for number in range(200):
    source = f"{host.data.content}/small/{number}"
    files.put(name=f"The small file {number}", src=source, dest=f"/var/tmp/bench/{number}", mode="644")
