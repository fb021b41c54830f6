/** Whether and how the host is virtual. The order of the tests is Ansible's: the first that holds gives type and role. */

import type { Plain } from '../../value/value.ts';
import type { Probe } from './probe.ts';

class Findings {
  readonly guest = new Set<string>();
  readonly host = new Set<string>();
  type: string | undefined;
  role: string | undefined;

  asGuest(technology: string, role = 'guest'): void {
    this.guest.add(technology);
    this.#settle(technology, role);
  }

  asHost(technology: string, role = 'host'): void {
    this.host.add(technology);
    this.#settle(technology, role);
  }

  /** Type and role without a technology. */
  call(type: string, role: string): void {
    this.#settle(type, role);
  }

  #settle(type: string, role: string): void {
    this.type ??= type;
    this.role ??= role;
  }
}

export function virtualFacts(probe: Probe): { [name: string]: Plain } {
  const found = new Findings();
  containers(probe, found);
  xen(probe, found);
  firmware(probe, found);
  processor(probe, found);
  kernelModules(probe, found);
  if (/^VMware/.test(dmi(probe, 'product_name'))) found.asGuest('VMware');
  if (dmi(probe, 'product_name').includes('BHYVE')) found.asGuest('bhyve');
  if (probe.exists('/dev/kvm')) found.asHost('kvm');
  return {
    virtualization_type: found.type ?? 'NA',
    virtualization_role: found.role ?? 'NA',
    virtualization_tech_guest: [...found.guest],
    virtualization_tech_host: [...found.host],
  };
}

function containers(probe: Probe, found: Findings): void {
  for (const line of probe.fileLines('/proc/1/cgroup')) {
    if (/\/docker(\/|-[0-9a-f]+\.scope)/.test(line)) found.asGuest('docker');
    if (/\/lxc\/|\/machine\.slice\/machine-lxc/.test(line)) found.asGuest('lxc');
    if (line.includes('/system.slice/containerd.service')) found.asGuest('containerd');
  }
  for (const line of probe.lines('init')) {
    if (line.includes('container=lxc')) found.asGuest('lxc');
    if (line.includes('container=podman')) found.asGuest('podman');
    if (/^container=./.test(line)) found.asGuest('container');
  }
  if (probe.exists('/proc/vz') && !probe.exists('/proc/lve')) {
    if (probe.exists('/proc/bc')) found.asHost('openvz');
    else found.asGuest('openvz');
  }
  const systemd = probe.file('/run/systemd/container');
  if (systemd) found.asGuest(systemd);
  if (probe.exists('/.dockerenv') || probe.exists('/.dockerinit')) found.asGuest('docker');
  const engines = ['docker', 'lxc', 'podman', 'openvz', 'containerd'];
  if (systemd || engines.some((engine) => found.guest.has(engine))) found.guest.add('container');
}

function xen(probe: Probe, found: Findings): void {
  if (!probe.exists('/proc/xen')) return;
  if (probe.file('/proc/xen/capabilities')?.includes('control_d')) found.asHost('xen');
  else found.call('xen', 'guest');
}

/** What firmware calls its maker and product, by technology. */
const FIRMWARE: readonly (readonly [technology: string, file: string, values: readonly string[]])[] = [
  ['kvm', 'product_name', ['KVM', 'KVM Server', 'Bochs', 'AHV']],
  ['oVirt', 'sys_vendor', ['oVirt']],
  ['VMware', 'product_name', ['VMware Virtual Platform', 'VMware7,1']],
  ['openstack', 'product_name', ['OpenStack Compute', 'OpenStack Nova']],
  ['xen', 'bios_vendor', ['Xen']],
  ['virtualbox', 'bios_vendor', ['innotek GmbH']],
  ['kvm', 'bios_vendor', ['Amazon EC2', 'DigitalOcean', 'Hetzner']],
  ['kvm', 'sys_vendor', ['QEMU', 'Amazon EC2', 'DigitalOcean', 'Google', 'Scaleway', 'Nutanix']],
  ['KubeVirt', 'sys_vendor', ['KubeVirt']],
  ['VirtualPC', 'sys_vendor', ['Microsoft Corporation']],
  ['parallels', 'sys_vendor', ['Parallels Software International Inc.']],
  ['openstack', 'sys_vendor', ['OpenStack Foundation']],
];

function firmware(probe: Probe, found: Findings): void {
  if (dmi(probe, 'sys_vendor') === 'Red Hat') {
    if (dmi(probe, 'product_family') === 'RHV') found.asGuest('RHV');
    else if (dmi(probe, 'product_name') === 'RHEV Hypervisor') found.asGuest('RHEV');
  }
  for (const [technology, file, values] of FIRMWARE) {
    if (values.includes(dmi(probe, file))) found.asGuest(technology);
  }
}

function dmi(probe: Probe, name: string): string {
  return probe.file(`/sys/devices/virtual/dmi/id/${name}`) ?? '';
}

const PROCESSORS: readonly (readonly [technology: string, line: RegExp])[] = [
  ['kvm', /^model name.*QEMU Virtual CPU/],
  ['uml', /^vendor_id.*User Mode Linux/],
  ['uml', /^model name.*UML/],
  ['kvm', /^machine.*CHRP IBM pSeries .emulated by qemu./],
  ['powervm_lx86', /^vendor_id.*PowerVM Lx86/],
];

function processor(probe: Probe, found: Findings): void {
  const server = probe.fileLines('/proc/self/status').find((line) => /^VxID:\s+\d+/.test(line));
  if (server && /^VxID:\s+0/.test(server)) found.asHost('linux_vserver');
  else if (server) found.asGuest('linux_vserver');
  for (const line of probe.fileLines('/proc/cpuinfo')) {
    const known = PROCESSORS.find(([, pattern]) => pattern.test(line));
    if (known) found.asGuest(known[0]);
    if (/^vendor_id.*IBM\/S390/.test(line)) mainframe(probe, found);
  }
}

function mainframe(probe: Probe, found: Findings): void {
  found.asGuest('PR/SM', 'LPAR');
  const hypervisor = /^Hypervisor:\s*(.*)$/m.exec(probe.section('lscpu'))?.[1];
  if (hypervisor) found.guest.add(hypervisor);
  else if (!probe.has('lscpu')) found.guest.add('ibm_systemz');
}

function kernelModules(probe: Probe, found: Findings): void {
  const modules = new Set(probe.fileLines('/proc/modules').map((line) => line.split(' ')[0]));
  if (modules.has('kvm')) found.asHost('kvm');
  if (modules.has('vboxdrv')) found.asHost('virtualbox');
  if (modules.has('virtio')) found.asHost('kvm', 'guest');
}
