"""One file of 50 MB."""

from pyinfra import host
from pyinfra.operations import files

files.put(name="The large file", src=f"{host.data.content}/large", dest="/var/tmp/bench/large", mode="644")
