/** Ansible's map of distributions to families; a distribution that is not in it is a family of its own. */
const FAMILIES: { readonly [family: string]: string } = {
  RedHat: `RedHat,RHEL,Fedora,CentOS,Scientific,SLC,Ascendos,CloudLinux,PSBM,OracleLinux,OVS,OEL,Amazon,Virtuozzo,
XenServer,Alibaba,EulerOS,openEuler,AlmaLinux,Rocky,TencentOS,EuroLinux,Kylin Linux Advanced Server`,
  Debian: `Debian,Ubuntu,Raspbian,Neon,KDE neon,Linux Mint,SteamOS,Devuan,Kali,Cumulus Linux,Pop!_OS,Parrot,
Pardus GNU/Linux,Uos,Deepin,OSMC`,
  Suse: 'SuSE,SLES,SLED,openSUSE,openSUSE Tumbleweed,SLES_SAP,SUSE_LINUX,openSUSE Leap',
  Archlinux: 'Archlinux,Antergos,Manjaro',
  Mandrake: 'Mandrake,Mandriva',
  Gentoo: 'Gentoo,Funtoo',
  ClearLinux: 'Clear Linux OS,Clear Linux Mix',
};

const FAMILY_OF = new Map(
  Object.entries(FAMILIES).flatMap(([family, names]) => names.split(/,\n?/).map((name) => [name, family] as const)),
);

export function osFamily(distribution: string): string {
  return FAMILY_OF.get(distribution) ?? distribution;
}
