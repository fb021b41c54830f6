#!/usr/bin/env python3
"""A wire of some length between two TUN devices, for kernels without netem: every packet comes out that much later.

    delay-line.py DEVICE DEVICE MILLISECONDS    one way; a round trip takes twice that

Says `ready` when the devices are there. They go when it ends; one may be moved to another network namespace meanwhile.
"""

import fcntl
import os
import select
import struct
import sys
import time
from collections import deque

# linux/if_tun.h
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000


def tun(name):
    device = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TUN | IFF_NO_PI))
    return device


def main():
    near, far = tun(sys.argv[1]), tun(sys.argv[2])
    delay = float(sys.argv[3]) / 1000
    under_way = {near: deque(), far: deque()}
    other = {near: far, far: near}
    print("ready", flush=True)
    while True:
        now = time.monotonic()
        due = []
        for source, packets in under_way.items():
            while packets and packets[0][0] <= now:
                try:
                    os.write(other[source], packets.popleft()[1])
                except OSError:
                    pass  # The device is down: the packet is lost, as on any wire.
            due += [packets[0][0]] if packets else []
        readable, _, _ = select.select([near, far], [], [], max(0, min(due) - now) if due else None)
        for source in readable:
            try:
                for _ in range(64):
                    under_way[source].append((time.monotonic() + delay, os.read(source, 65536)))
            except BlockingIOError:
                pass


main()
