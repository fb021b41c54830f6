import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { collectorsOf } from '../../../src/module/facts/collectors.ts';
import { dateTimeFacts } from '../../../src/module/facts/date-time.ts';
import { deviceFacts, humanSize } from '../../../src/module/facts/devices.ts';
import { distributionFacts } from '../../../src/module/facts/distribution.ts';
import { filterFacts } from '../../../src/module/facts/filter.ts';
import { dmiFacts, lvmFacts, processorFacts } from '../../../src/module/facts/hardware.ts';
import { localFacts } from '../../../src/module/facts/local-facts.ts';
import { mountFacts } from '../../../src/module/facts/mounts.ts';
import { networkFacts } from '../../../src/module/facts/network.ts';
import { platformFacts } from '../../../src/module/facts/platform.ts';
import { cmdlineFacts, dnsFacts, lsbFacts, packageManager, serviceManager } from '../../../src/module/facts/system.ts';
import { virtualFacts } from '../../../src/module/facts/virtual.ts';
import { probeOf } from './probe-of.ts';

interface Distribution {
  readonly name: string;
  readonly files: { readonly [path: string]: string };
  /** What Ansible 2.14's own code answered for these files. */
  readonly facts: { readonly [name: string]: string | boolean };
}

const distributions = JSON.parse(
  readFileSync(new URL('distributions.json', import.meta.url), 'utf8'),
) as readonly Distribution[];

describe('facts', () => {
  for (const { name, files, facts } of distributions) {
    it(`knows ${name}`, () => {
      expect(distributionFacts(probeOf({ files, tests: Object.keys(files) }))).to.deep.equal(facts);
    });
  }

  describe('subsets', () => {
    it('take all by default and leave out what is named with !', () => {
      expect(collectorsOf(['all', '!hardware', '!facter']))
        .to.include('network')
        .and.not.include('hardware');
      expect(collectorsOf([])).to.have.length(25);
    });

    it('keep the least with !all, nothing but what is needed with !min', () => {
      expect(collectorsOf(['!all']))
        .to.include('env')
        .and.not.include('network');
      expect(collectorsOf(['!all', '!min', 'network'])).to.deep.equal(['platform', 'distribution', 'network']);
    });

    it('take the name of a fact for its collector', () => {
      expect(collectorsOf(['!all', '!min', 'mounts'])).to.deep.equal(['platform', 'hardware']);
    });

    it('say what can be named, in Ansible’s words', () => {
      const { failed } = collectorsOf(['hard']) as { failed: string };
      expect(failed).to.match(/^Bad subset 'hard' given to Ansible. gather_subset options allowed: all, all_ipv4_addr/);
      expect(collectorsOf(['facter'])).to.have.property('failed');
    });
  });

  it('are filtered by patterns with and without the prefix', () => {
    const facts = { ansible_eth0: 1, ansible_eth1: 2, ansible_mounts: 3, module_setup: true };
    expect(Object.keys(filterFacts(facts, ['eth[!1]']))).to.deep.equal(['ansible_eth0']);
    expect(Object.keys(filterFacts(facts, ['ansible_m*', '*1']))).to.deep.equal(['ansible_eth1', 'ansible_mounts']);
    expect(filterFacts(facts, [])).to.equal(facts);
  });

  it('read addresses, aliases and the default route from ip', () => {
    const base = '/sys/class/net/eth0';
    const facts = networkFacts(
      probeOf({
        tests: [base, '/sys/class/net/lo', '/sys/class/net/bonding_masters'],
        files: { [`${base}/address`]: '02:fc:00:00:00:01', [`${base}/mtu`]: '1500', [`${base}/type`]: '1' },
        sections: {
          addresses: `1: lo: <LOOPBACK> mtu 65536
    inet 127.0.0.1/8 scope host lo
2: eth0@if5: <UP> mtu 1500
    inet 192.0.2.2/24 brd 192.0.2.255 scope global eth0
    inet 192.0.2.9/24 brd 192.0.2.255 scope global secondary eth0:1
    inet6 fd00::2/64 scope global
`,
          route4: '8.8.8.8 via 192.0.2.1 dev eth0 src 192.0.2.2 uid 0',
          route6: '',
        },
      }),
    );
    expect(facts['interfaces']).to.have.members(['eth0', 'lo', 'eth0_1']);
    expect(facts['default_ipv4']).to.deep.equal({
      ...{
        interface: 'eth0',
        address: '192.0.2.2',
        gateway: '192.0.2.1',
        alias: 'eth0',
        macaddress: '02:fc:00:00:00:01',
      },
      ...{
        broadcast: '192.0.2.255',
        netmask: '255.255.255.0',
        network: '192.0.2.0',
        prefix: '24',
        mtu: 1500,
        type: 'ether',
      },
    });
    expect(facts['default_ipv6']).to.deep.equal({});
    expect(facts['all_ipv4_addresses']).to.deep.equal(['192.0.2.2', '192.0.2.9']);
    expect(facts['eth0']).to.have.nested.property('ipv6[0].scope', 'global');
  });

  it('read addresses and the default route from /proc where there is no ip', () => {
    const facts = networkFacts(
      probeOf({
        tests: ['/sys/class/net/eth0', '/sys/class/net/lo'],
        sections: {
          nets: `Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
eth0 00000000 010200C0 0003 0 0 0 00000000 0 0 0
eth0 000200C0 00000000 0001 0 0 0 00FFFFFF 0 0 0`,
          tries: `        |-- 127.0.0.1
           /32 host LOCAL
        |-- 192.0.2.2
           /32 host LOCAL
        |-- 192.0.2.255
           /32 link BROADCAST`,
          if_inet6: 'fd000000000000000000000000000002 02 40 00 80     eth0',
        },
      }),
    );
    expect(facts['all_ipv4_addresses']).to.deep.equal(['192.0.2.2']);
    expect(facts['all_ipv6_addresses']).to.deep.equal(['fd00::2']);
    expect(facts['default_ipv4']).to.include({ gateway: '192.0.2.1', interface: 'eth0', netmask: '255.255.255.0' });
    expect(facts['lo']).to.have.nested.property('ipv4.netmask', '255.0.0.0');
  });

  it('count sockets, cores and threads', () => {
    const cpu = (n: number, socket: number, core: number) =>
      `processor\t: ${n}\nvendor_id\t: GenuineIntel\nmodel name\t: Xeon\nphysical id\t: ${socket}\nsiblings\t: 4\ncore id\t\t: ${core}\ncpu cores\t: 2\n`;
    const all = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => cpu(n, n >> 2, n & 1)).join('\n');
    const status = 'Name:\tgrep\nCpus_allowed_list:\t0-2,5';
    const facts = processorFacts(probeOf({ files: { '/proc/cpuinfo': all, '/proc/self/status': status } }), 'x86_64');
    expect(facts).to.include({ processor_count: 2, processor_cores: 2, processor_threads_per_core: 2 });
    expect(facts).to.include({ processor_vcpus: 8, processor_nproc: 4 });
    expect(facts['processor']).to.have.length(24);
  });

  it('read mounts with sizes, binds, blanks in names, uuids, and one that was too slow', () => {
    const facts = mountFacts(
      probeOf({
        files: {
          '/etc/mtab': `/dev/sda1 / ext4 rw 0 0
proc /proc proc rw 0 0
/dev/sda1 /srv/a\\040b ext4 rw 0 0
nas:/x /nas nfs rw 0 0`,
          '/proc/self/mountinfo': '1 2 8:1 / / rw - ext4 /dev/sda1 rw\n3 2 8:1 /b /srv/a\\040b rw - ext4 /dev/sda1 rw',
        },
        links: { '/dev/disk/by-uuid/abc-1': '../../sda1' },
        sections: { statfs: 'late /nas\n100 40 4096 512 50 20 /\n100 40 4096 4096 50 20 /srv/a b\n' },
      }),
    );
    expect(facts).to.deep.equal([
      {
        ...{ mount: '/', device: '/dev/sda1', fstype: 'ext4', options: 'rw', uuid: 'abc-1' },
        ...{ size_total: 409600, size_available: 163840, block_size: 512, block_total: 100, block_available: 40 },
        ...{ block_used: 60, inode_total: 50, inode_available: 20, inode_used: 30 },
      },
      {
        ...{ mount: '/srv/a b', device: '/dev/sda1', fstype: 'ext4', options: 'rw,bind', uuid: 'abc-1' },
        ...{ size_total: 409600, size_available: 163840, block_size: 4096, block_total: 100, block_available: 40 },
        ...{ block_used: 60, inode_total: 50, inode_available: 20, inode_used: 30 },
      },
      {
        ...{ mount: '/nas', device: 'nas:/x', fstype: 'nfs', options: 'rw' },
        note: 'Could not get extra information due to timeout',
      },
    ]);
  });

  it('read disks, partitions, holders and links', () => {
    const facts = deviceFacts(
      probeOf({
        files: {
          '/sys/block/sda/size': '2097152',
          '/sys/block/sda/queue/scheduler': 'none [mq-deadline]',
          '/sys/block/sda/sda1/start': '2048',
          '/sys/block/sda/sda1/size': '1048576',
          '/sys/block/sda/sda1/holders/dm-0/dm/name': 'vg-root',
        },
        links: {
          '/sys/block/sda': '../devices/pci0000:00/0000:00:1f.2/ata1/block/sda',
          '/sys/block/sda/sda1/holders/dm-0': '../../dm-0',
          '/sys/block/dm-0/slaves/sda1': '../../sda/sda1',
          '/dev/disk/by-id/wwn-0x5': '../../sda',
          '/dev/disk/by-uuid/u-1': '../../sda1',
        },
        sections: { lspci: '0000:00:1f.2 SATA controller: Intel' },
      }),
    );
    expect(facts['devices']).to.deep.nested.include({ 'sda.size': '1.00 GB', 'sda.wwn': '0x5', 'sda.virtual': 1 });
    expect(facts['devices']).to.deep.nested.include({
      'sda.scheduler_mode': 'mq-deadline',
      'sda.host': 'SATA controller: Intel',
      'sda.partitions.sda1.uuid': 'u-1',
      'sda.partitions.sda1.holders': ['vg-root'],
      'sda.partitions.sda1.links.masters': ['dm-0'],
    });
    expect([humanSize(0), humanSize(1023), humanSize(1024 ** 5)]).to.deep.equal([
      '0.00 Bytes',
      '1023.00 Bytes',
      '1.00 PB',
    ]);
  });

  it('read LVM, and know the difference between none and no tools', () => {
    expect(lvmFacts(probeOf({}))).to.equal('N/A');
    expect(lvmFacts(probeOf({ sections: { lvm: '' } }))).to.deep.equal({ lvs: {}, vgs: {}, pvs: {} });
    const sections = {
      lvm: '',
      vgs: '  vg0,1,2,0,wz--n-,10.00,4.00\n',
      lvs: '  root,vg0,-wi-ao----,6.00,,,,,,,,\n',
      pvs: '  /dev/dm-3,vg0,lvm2,a--,10.00,4.00\n',
    };
    expect(lvmFacts(probeOf({ sections, links: { '/dev/mapper/crypt': '../dm-3' } }))).to.deep.equal({
      vgs: { vg0: { size_g: '10.00', free_g: '4.00', num_lvs: '2', num_pvs: '1' } },
      lvs: { root: { size_g: '6.00', vg: 'vg0' } },
      pvs: { '/dev/mapper/crypt': { size_g: '10.00', free_g: '4.00', vg: 'vg0' } },
    });
  });

  it('name the form of the case', () => {
    const id = '/sys/devices/virtual/dmi/id';
    const files = { [`${id}/chassis_type`]: '23', [`${id}/sys_vendor`]: 'ACME', [`${id}/product_name`]: 'Anvil' };
    const facts = dmiFacts(probeOf({ files }));
    expect(facts).to.include({ form_factor: 'Rack Mount Chassis', system_vendor: 'ACME', bios_date: 'NA' });
  });

  it('tell guests from hosts', () => {
    const id = '/sys/devices/virtual/dmi/id';
    const virtual = (seen: Parameters<typeof probeOf>[0]) => virtualFacts(probeOf(seen));
    expect(virtual({ files: { [`${id}/sys_vendor`]: 'Amazon EC2' } })).to.include({
      virtualization_type: 'kvm',
      virtualization_role: 'guest',
    });
    expect(virtual({ files: { '/proc/modules': 'kvm 1 2 - Live 0x0' } })).to.deep.include({
      virtualization_role: 'host',
      virtualization_tech_host: ['kvm'],
    });
    const podman = virtual({
      sections: { init: 'container=podman\nPATH=/bin' },
      files: { [`${id}/sys_vendor`]: 'QEMU' },
    });
    expect(podman).to.include({ virtualization_type: 'podman' });
    expect(podman['virtualization_tech_guest']).to.have.members(['podman', 'container', 'kvm']);
    expect(virtual({})).to.include({ virtualization_type: 'NA', virtualization_role: 'NA' });
  });

  it('read local facts as JSON, INI or the output of a program', () => {
    const said = (path: string, rc = 0, error = '') => `${rc}\n/f/${path}.fact\n${error}`;
    const { local, warnings } = localFacts(
      probeOf({
        sections: {
          local1: '{"port": 80}',
          said1: said('json'),
          local2: '; comment\n[Web]\nPort = 80\nhosts: a\n  b\n[DEFAULT]\nroot = /srv\nwww = %(root)s/www\n',
          said2: said('ini'),
          local3: '',
          said3: said('broken', 3, 'oops'),
          local4: 'neither',
          said4: said('text'),
        },
      }),
    );
    expect(local['json']).to.deep.equal({ port: 80 });
    expect(local['ini']).to.deep.equal({ Web: { port: '80', hosts: 'a\nb', root: '/srv', www: '/srv/www' } });
    expect(local['broken']).to.equal('Failure executing fact script (/f/broken.fact), rc: 3, err: oops');
    expect(local['text']).to.match(/^error loading facts as JSON or ini/);
    expect(warnings).to.have.length(2);
  });

  it('take the kernel’s command line, resolv.conf and lsb apart', () => {
    const cmdline = cmdlineFacts(probeOf({ files: { '/proc/cmdline': 'quiet console=a console=b x="a b" "c d"' } }));
    expect(cmdline['cmdline']).to.deep.equal({ quiet: true, console: 'b', x: '"a', 'b"': true, '"c d"': true });
    expect(cmdline['proc_cmdline']).to.deep.include({ console: ['a', 'b'] });
    const resolv = '# x\nnameserver 192.0.2.53\nsearch a.example b.example\noptions timeout:1 rotate';
    expect(dnsFacts(probeOf({ files: { '/etc/resolv.conf': resolv } }))['dns']).to.deep.equal({
      nameservers: ['192.0.2.53'],
      search: ['a.example', 'b.example'],
      options: { timeout: '1', rotate: true },
    });
    const lsb = 'Distributor ID:\tAlma\nRelease:\t9.3\nCodename:\tn/a\nDescription:\t"Alma"\n';
    expect(lsbFacts(probeOf({ sections: { lsb } }))['lsb']).to.deep.equal({
      ...{ id: 'Alma', release: '9.3', codename: 'n/a', description: 'Alma', major_release: '9' },
    });
  });

  it('find the name of the host as Python does', () => {
    const files = { '/proc/sys/kernel/hostname': 'web1.local', '/etc/hosts': '127.0.1.1 web1.local web1.example.org' };
    const known = {
      files,
      sections: { machine: 'i686\n', fqdn: '192.0.2.2 web1 web1.example.org\n', elf: '\x7fELF\x01' },
    };
    expect(platformFacts(probeOf(known))).to.include({
      ...{ fqdn: 'web1.example.org', hostname: 'web1', nodename: 'web1.local', domain: 'example.org' },
      ...{ architecture: 'i386', userspace_architecture: 'i386', userspace_bits: '32', machine: 'i686' },
    });
    expect(platformFacts(probeOf({ files, sections: { machine: 'aarch64' } }))).to.include({ fqdn: 'web1.local' });
  });

  it('name the zone of the summer', () => {
    const date = '1700000000 123456789 CET +0100 2 46 2023 11 14 23 13 20 Tuesday\n';
    const facts = dateTimeFacts(probeOf({ sections: { date, zones: 'CET +0100\nCEST +0200\n' } }));
    expect(facts['date_time']).to.include({ tz: 'CET', tz_dst: 'CEST', iso8601_micro: '2023-11-14T22:13:20.123456Z' });
  });

  it('know package and service managers', () => {
    const manager = (tests: string[], facts: { [name: string]: string }) => packageManager(probeOf({ tests }), facts);
    expect(manager(['/usr/bin/apt-get', '/usr/bin/dnf'], { os_family: 'Debian' })).to.equal('apt');
    const rocky = { os_family: 'RedHat', distribution: 'Rocky', distribution_major_version: '9' };
    expect(manager(['/usr/bin/dnf', '/usr/bin/yum'], rocky)).to.equal('dnf');
    expect(manager(['/sbin/apk'], { os_family: 'Alpine' })).to.equal('apk');
    expect(serviceManager(probeOf({ files: { '/proc/1/comm': 'systemd' } }), {})).to.equal('systemd');
    expect(serviceManager(probeOf({ files: { '/proc/1/comm': 'init' }, tests: ['/sbin/openrc'] }), {})).to.equal(
      'openrc',
    );
  });
});
