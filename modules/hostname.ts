import {
  type Args,
  ensure,
  fail,
  module,
  type Planned,
  type Result,
  read,
  script,
  set,
  sh,
  when,
} from '../src/module/module.ts';

const args = {
  name: { type: 'string', required: true, doc: 'The name of the host.' },
  use: {
    type: 'enum',
    of: ['alpine', 'debian', 'generic', 'openrc', 'redhat', 'sles', 'systemd'],
    doc: 'How it is set, where what is found on the host is not right.',
  },
} as const satisfies Args;

/** Where systemd does not manage the host: hn_kind by the distribution, as Ansible chooses. */
const KIND = script(`if command -v hostnamectl >/dev/null 2>&1 && [ -d /run/systemd/system ]; then hn_kind=systemd
else
  hn_id=$(sed -n 's/^ID=//p' /etc/os-release 2>/dev/null | tr -d '"')
  hn_version=$(sed -n 's/^VERSION_ID=//p' /etc/os-release 2>/dev/null | tr -d '"')
  case $hn_id in
    alpine) hn_kind=alpine;;
    gentoo) hn_kind=openrc;;
    rhel | centos | anolis | cloudlinux | alinux | scientific | ol | virtuozzo | amzn | altlinux | eurolinux) hn_kind=redhat;;
    sles) case \${hn_version%%.*} in 10 | 11 | 12) hn_kind=sles;; esac;;
    debian | kylin | cumulus-linux | kali | parrot | ubuntu | linuxmint | linaro | devuan | raspbian | uos | deepin | neon | void | pop) hn_kind=file;;
  esac
fi`);

/** hn_file is where the name is kept, hn_read tells it, hn_write keeps hn_name. */
const SHELL = script(`case $hn_kind in
  sles) hn_file=/etc/HOSTNAME;; redhat) hn_file=/etc/sysconfig/network;; openrc) hn_file=/etc/conf.d/hostname;; *) hn_file=/etc/hostname;;
esac
hn_read() {
  case $hn_kind in
    systemd) hostnamectl --static status 2>/dev/null;;
    redhat) sed -n 's/^HOSTNAME=//p' "$hn_file" | head -n 1;;
    openrc) sed -n 's/^hostname=//p' "$hn_file" | head -n 1 | tr -d '"';;
    *) if [ -f "$hn_file" ]; then head -n 1 "$hn_file"; fi;;
  esac | tr -d ' \\t'
}
hn_line() {
  hn_t=$(mktemp "$hn_file.XXXXXX") && { if [ -f "$hn_file" ]; then sed "/^$1=/d" "$hn_file"; fi; printf '%s=%s\\n' "$1" "$2"; } >"$hn_t" &&
    chmod 644 "$hn_t" && mv -f "$hn_t" "$hn_file"
}
hn_write() {
  case $hn_kind in
    systemd) hostnamectl --pretty --static set-hostname "$hn_name";;
    redhat) hn_line HOSTNAME "$hn_name";;
    openrc) hn_line hostname "\\"$hn_name\\"";;
    *) printf '%s\\n' "$hn_name" >"$hn_file";;
  esac
}
hn_now() { if [ "$hn_kind" = systemd ]; then hostnamectl --transient status; else cat /proc/sys/kernel/hostname; fi; }
hn_call() { if [ "$hn_kind" = systemd ]; then hostnamectl --transient set-hostname "$hn_name"; else hostname -F "$hn_file"; fi; }`);

export default module({
  doc: 'Set the name of the host, now and for later boots.',
  args,
  examples: `
- hostname: { name: web01 }
- hostname: { name: web01, use: systemd }
`,
  plan({ name, use }, context): Planned {
    if (context.mode === 'bake') {
      const msg = 'an image has no name of its own, hosts get theirs at boot: set it there, with tags: [first_boot]';
      return { changed: false, skipped: true, msg };
    }
    const kind = use === undefined ? KIND : sh`hn_kind=${use === 'debian' ? 'systemd' : use}`;
    return [
      read(
        sh`hn_name=${name} hn_kind=; ${kind}
${SHELL}`,
        () => ({}),
      ),
      ensure(
        sh`[ -n "$hn_kind" ] && [ "$hn_kind" != generic ]`,
        fail('hostname module cannot be used on this platform; name one with use'),
      ),
      ensure(
        sh`[ "$hn_kind" != systemd ] || [ ${name.length} -le 64 ]`,
        fail('name cannot be longer than 64 characters on systemd servers, try a shorter name'),
      ),
      // Kept before it is called so: NetworkManager complains of the other order.
      set('hostname', sh`hn_read`, name, sh`hn_write`),
      when(sh`case $hn_kind in systemd | alpine) :;; *) false;; esac`, [
        set('hostname', sh`hn_now`, name, sh`hn_call`),
      ]),
      read(sh`hostname -f 2>/dev/null || hostname`, ({ stdout }) => ({ fqdn: stdout.trim() })),
    ];
  },
  result({ changed, failed, msg, values }, { name }): Result {
    if (failed) return { changed, failed, msg: msg ?? 'the name could not be set', name };
    const fqdn = String(values['fqdn'] ?? name);
    const facts = {
      ansible_hostname: name.split('.')[0] ?? name,
      ansible_nodename: name,
      ansible_fqdn: fqdn,
      ansible_domain: fqdn.split('.').slice(1).join('.'),
    };
    return { changed, name, ansible_facts: facts };
  },
});
