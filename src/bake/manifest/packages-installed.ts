import type { ResultData } from '../../play/events.ts';
import type { Plain } from '../../value/value.ts';

/** What package managers say of a package that they have installed or brought to another version, dependencies too. */
const SAID: readonly RegExp[] = [
  /^Setting up ([^\s:]+)(?::\S+)? \(/gm, // apt, dpkg
  /^\(\s*\d+\/\d+\) (?:Installing|Upgrading|Downgrading|Reinstalling) (\S+) \(/gm, // apk
  /^(?:\(\d+\/\d+\) )?(?:installing|upgrading|downgrading|reinstalling) (\S+?)\.\.\./gm, // pacman
  /^(?:Installed|Upgraded|Downgraded): (\S+)-[^-\s]+-[^-\s]+$/gm, // dnf, zypper: NAME-VERSION-RELEASE.ARCH
];

/** Names of packages, from what a module's result has of the manager's output. */
export function packagesInstalled({ stdout, results }: ResultData): readonly string[] {
  const said = [stdout, results].flatMap(texts).join('\n');
  return [...new Set(SAID.flatMap((pattern) => [...said.matchAll(pattern)].map(([, name]) => name ?? '')))];
}

function texts(value: Plain | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.flatMap((item: Plain) => (typeof item === 'string' ? [item] : [])) : [];
}
