/** What a machine has: its system, its packages, and the files that tasks put. One program, one trip. */

import { Fault } from '../../fault.ts';
import { script, sh } from '../../shell/sh.ts';
import { read } from '../../shell/steps.ts';
import type { Apply } from '../sanitise.ts';
import type { ManifestFile, Os, Package, Packages } from './manifest.ts';

export interface Looked {
  readonly os: Os;
  readonly packages: Packages;
  readonly files: readonly ManifestFile[];
}

const OS = script(`uname -m; cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release 2>/dev/null || :`);

/** Each line: name, version, architecture, with tabs between. */
const PACKAGES = script(`
if command -v dpkg-query >/dev/null && [ -e /var/lib/dpkg/status ]; then echo dpkg
  dpkg-query -W -f '\${db:Status-Abbrev}\\t\${Package}\\t\${Version}\\t\${Architecture}\\n' | grep '^ii' | cut -f 2-
elif command -v rpm >/dev/null && rpm -qa | grep -q .; then echo rpm; rpm -qa --qf '%{NAME}\\t%{VERSION}-%{RELEASE}\\t%{ARCH}\\n' | grep -v '^gpg-pubkey	'
elif command -v apk >/dev/null; then echo apk; apk info -v 2>/dev/null | sed 's/^\\(.*\\)-\\([^-]*-r[0-9]*\\)$/\\1	\\2/'
elif command -v pacman >/dev/null; then echo pacman; pacman -Q | tr ' ' '\\t'
else echo none; fi`);

/** Each record: type, mode, owner, group, size, sha256, target, path. What is no more there has none. */
const FILE = script(`
  if [ -L "$p" ]; then t=link; elif [ -f "$p" ]; then t=file; elif [ -d "$p" ]; then t=directory; elif [ -e "$p" ]; then t=other; else continue; fi
  s=$(stat -c '%a	%U	%G	%s' -- "$p") || continue
  h=; [ "$t" != file ] || { h=$(sha256sum <"$p"); h=\${h%% *}; }
  l=; [ "$t" != link ] || l=$(readlink -- "$p")
  printf '%s\\t%s\\t%s\\t%s\\t%s\\000' "$t" "$s" "$h" "$l" "$p"`);

/**
 * @param put paths that tasks put, with the numbers of the tasks; those that are not there any more are left out.
 * @param installed names of packages that tasks installed, with the numbers of the tasks.
 * Throws `manifest-failed`.
 */
export async function lookAtMachine(
  apply: Apply,
  put: ReadonlyMap<string, number>,
  installed: ReadonlyMap<string, number>,
): Promise<Looked> {
  const paths = [...put.keys()].sort();
  const files = paths.length > 0 ? sh`for p in ${paths}; do ${FILE}; done` : sh`:`;
  const outcome = await apply([
    read(sh`( ${OS} )`, ({ stdout }) => ({ os: stdout })),
    read(sh`( ${PACKAGES} )`, ({ rc, stdout, stderr }) => ({ packages: stdout, rc, stderr })),
    read(sh`( ${files} )`, ({ stdout }) => ({ files: stdout })),
  ]);
  const { values, failed, msg } = outcome;
  if (failed || values['rc'] !== 0) {
    throw new Fault(
      'manifest-failed',
      `what the machine holds cannot be listed: ${msg ?? String(values['stderr']).trim()}`,
    );
  }
  return {
    os: osOf(String(values['os'])),
    packages: packagesOf(String(values['packages']), installed),
    files: filesOf(String(values['files']), put),
  };
}

function osOf(text: string): Os {
  const [architecture = '', ...lines] = text.split('\n');
  const entries = lines.flatMap((line) => {
    const [, key = '', value = ''] = /^(\w+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line)?.map((part) => part ?? '') ?? [];
    return key === '' ? [] : [[key, value || line.slice(key.length + 1).replace(/^['"]|['"]$/g, '')] as const];
  });
  const release = new Map(entries);
  const version = release.get('VERSION_ID') ?? '';
  return { id: release.get('ID') ?? 'linux', version, name: release.get('PRETTY_NAME') ?? '', architecture };
}

function packagesOf(text: string, installed: ReadonlyMap<string, number>): Packages {
  const [first = 'none', ...lines] = text.trim().split('\n');
  const manager = (['dpkg', 'rpm', 'apk', 'pacman'] as const).find((name) => name === first) ?? 'none';
  const list = lines.flatMap((line): Package[] => {
    const [name = '', version = '', architecture = ''] = line.split('\t');
    const task = installed.get(name);
    if (name === '') return [];
    return [{ name, version, ...(architecture && { architecture }), ...(task !== undefined && { task }) }];
  });
  return { manager, list: list.sort((a, b) => order(key(a), key(b))) };
}

const key = ({ name, architecture = '', version }: Package): string => `${name}\0${architecture}\0${version}`;

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function filesOf(text: string, put: ReadonlyMap<string, number>): readonly ManifestFile[] {
  const lines = text.split('\0').filter((line) => line !== '');
  return lines.flatMap((line): ManifestFile[] => {
    const [kind = '', mode = '', owner = '', group = '', size = '', sha256 = '', target = '', ...rest] =
      line.split('\t');
    const path = rest.join('\t');
    const type = (['file', 'directory', 'link'] as const).find((name) => name === kind) ?? 'other';
    const file: ManifestFile = { path, type, mode: mode.padStart(4, '0'), owner, group, task: put.get(path) ?? 0 };
    if (type === 'file') return [{ ...file, size: Number(size), sha256 }];
    return [type === 'link' ? { ...file, target } : file];
  });
}
