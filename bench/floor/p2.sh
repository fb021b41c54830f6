# What a module of facts looks at.
exec 2>/dev/null
cat /etc/os-release /etc/debian_version /etc/machine-id /etc/resolv.conf /proc/cpuinfo /proc/meminfo /proc/mounts
cat /proc/uptime /proc/loadavg /proc/cmdline /proc/1/comm
uname -a; hostname; hostname -f; id; env; umask; date '+%s %Z %z'; getent passwd "$(id -un)"; dpkg --print-architecture
ip -o addr; ip -o link; ip route; ip -6 route; df -kP
for file in /sys/class/dmi/id/*; do [ -f "$file" ] && echo "$file" && cat "$file"; done
for disk in /sys/block/*; do echo "$disk"; cat "$disk/size" "$disk/ro" "$disk/removable" "$disk/queue/rotational"; done
cat /etc/ssh/*.pub; command -v python3 apt-get systemctl; ls /usr/lib/systemd/system | wc -l
exit 0
