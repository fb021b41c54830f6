/** What this machine's apt knows that a machine of the sandbox needs too: mirrors, proxies, certificates, logins. */

import { basename, join } from 'node:path';
import { namesIn, textOf } from './files.ts';
import { attempt } from './run.ts';
import type { SeedFile } from './seed-file.ts';

export interface AptSettings {
  /** One-line sources.list entries. */
  readonly sources: readonly string[];
  /** apt.conf statements, each with its semicolon. */
  readonly options: readonly string[];
  readonly files: readonly SeedFile[];
}

/** Reads this machine's settings; `release` is the Debian release that the machines run. */
export async function readAptSettings(release: string): Promise<AptSettings> {
  const fields = '$(ORIGIN)\t$(RELEASE)\t$(COMPONENT)\t$(REPO_URI)';
  const targets = await attempt(['apt-get', 'indextargets', '--format', fields, 'Created-By: Packages']);
  const config = await attempt(['apt-config', 'dump']);
  const options = aptOptions(config.stdout);
  return { sources: aptSources(targets.stdout, release), options, files: await aptFiles(options) };
}

/** `targets` has a line for each index: origin, release, component and repository, parted by tabs. */
export function aptSources(targets: string, release: string): readonly string[] {
  const rows = targets.split('\n').map((line) => line.split('\t'));
  const find = (suite: RegExp): string | undefined => {
    const debian = rows.filter(([origin, name = '', component, uri = '']) => {
      return suite.test(name) && component === 'main' && (origin ? origin === 'Debian' : /debian/i.test(uri));
    });
    return debian[0]?.[3];
  };
  const main = find(/^[a-z]+$/) ?? 'http://deb.debian.org/debian/';
  const security = find(/^[a-z]+-security$|^[a-z]+\/updates$/) ?? 'http://deb.debian.org/debian-security/';
  return [
    `deb ${main} ${release} main`,
    `deb ${find(/^[a-z]+-updates$/) ?? main} ${release}-updates main`,
    `deb ${security} ${release}-security main`,
  ];
}

/** The statements of `apt-config dump` that say how to reach a mirror and whether to believe it. */
export function aptOptions(dump: string): readonly string[] {
  const reaching = /^Acquire::(?:(?:http|https|tor\+https?)::|Check-Valid-Until |Check-Date |Retries |ForceIPv4 )/;
  const local = /^Acquire::https?::Proxy-Auto-Detect /i;
  return dump.split('\n').filter((line) => reaching.test(line) && !local.test(line) && !line.endsWith(' "";'));
}

/** Certificates and keys that options name, logins, and keys of mirrors that sign with their own. */
async function aptFiles(options: readonly string[]): Promise<readonly SeedFile[]> {
  const named = options.flatMap((line) => /::(?:CaInfo|SslCert|SslKey) "(\/[^"]+)"/i.exec(line)?.[1] ?? []);
  const logins = (await namesIn('/etc/apt/auth.conf.d')).map((name) => join('/etc/apt/auth.conf.d', name));
  const keys = (await namesIn('/etc/apt/trusted.gpg.d')).filter(
    (name) => !basename(name).startsWith('debian-archive-'),
  );
  const armoured = keys.filter((name) => name.endsWith('.asc')).map((name) => join('/etc/apt/trusted.gpg.d', name));
  const files: SeedFile[] = [];
  for (const path of [...named, ...armoured, '/etc/apt/auth.conf', ...logins]) {
    const content = await textOf(path);
    const secret = path.includes('/auth.conf') || /key/i.test(basename(path));
    if (content !== undefined) files.push({ path, content, mode: secret ? 0o600 : 0o644 });
  }
  return files;
}
