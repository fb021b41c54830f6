/** The packages of an image as a software bill of materials: CycloneDX 1.6. */

import { createHash } from 'node:crypto';
import type { Plain } from '../../value/value.ts';
import type { Manifest, Package, Packages } from './manifest.ts';

/** https://github.com/package-url/purl-spec: the type of each package manager. */
const TYPES = { dpkg: 'deb', rpm: 'rpm', apk: 'apk', pacman: 'alpm' } as const;

export function sbomOf({ name, run, created, playbake, os, packages }: Manifest): Plain {
  const digest = createHash('sha256').update(`${name}\0${run}`).digest('hex');
  return {
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(digest)}`,
    version: 1,
    metadata: {
      timestamp: created,
      tools: { components: [{ type: 'application', name: 'playbake', version: playbake }] },
      component: { type: 'operating-system', name, version: run },
    },
    components: [
      { type: 'operating-system', name: os.id, version: os.version, description: os.name },
      ...packages.list.map((one) => component(one, packages, os.id, os.version)),
    ],
  };
}

function component(one: Package, { manager }: Packages, id: string, release: string): Plain {
  const { name, version, architecture } = one;
  const type = manager === 'none' ? 'generic' : TYPES[manager];
  const about = [...(architecture ? [`arch=${encodeURIComponent(architecture)}`] : []), `distro=${id}-${release}`];
  const purl = `pkg:${type}/${id}/${encodeURIComponent(name)}@${encodeURIComponent(version)}?${about.join('&')}`;
  return { type: 'library', name, version, purl, 'bom-ref': purl };
}

/** The same run has the same number: version 8 is for what one makes by oneself (RFC 9562). */
function uuidOf(digest: string): string {
  const [a, b, c, d, e] = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    digest.slice(13, 16),
    digest.slice(17, 20),
    digest.slice(20, 32),
  ];
  return `${a}-${b}-8${c}-8${d}-${e}`;
}
