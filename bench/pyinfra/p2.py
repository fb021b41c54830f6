"""Facts, and nothing else."""

from pyinfra import host
from pyinfra.facts import hardware, server

FACTS = [
    hardware.BlockDevices,
    hardware.Cpus,
    hardware.Ipv4Addrs,
    hardware.Ipv6Addrs,
    hardware.Memory,
    hardware.NetworkDevices,
    server.Arch,
    server.Date,
    server.Hostname,
    server.Kernel,
    server.KernelVersion,
    server.LinuxDistribution,
    server.Mounts,
    server.Os,
    server.Path,
    server.Selinux,
    server.User,
]

for fact in FACTS:
    host.get_fact(fact)
