/** The image that the sandbox brings: its plain Debian, public in every region as the images of a distributor are. */

import { createHash } from 'node:crypto';
import { basename, relative } from 'node:path';
import { arch } from 'node:process';
import { RELEASE } from '../base-image.ts';
import type { Pristine } from '../disk.ts';
import type { Cloud } from './cloud.ts';
import type { ImageRecord, SnapshotRecord } from './image-record.ts';
import { REGION_NAMES } from './regions.ts';

/** The owner alias of what the sandbox brings, and the account behind it. */
export const DISTRIBUTOR = { alias: 'sandbox', account: '000000000001' } as const;

const ROOT_GIB = 8;

/**
 * Puts the image into every region. Its id follows from what it holds but for the package lists, which are renewed
 * daily: what was baked of it stays comparable. Images of earlier recipes go.
 */
export function seedBaseImages(cloud: Cloud, { base, settings }: Pristine): void {
  const content = basename(settings).replace(/-\d{4}-\d{2}-\d{2}$/, '');
  const layers = [settings, base].map((layer) => relative(cloud.home.root, layer));
  for (const name of REGION_NAMES) {
    const digest = createHash('sha256').update(`${name} ${content}`).digest('hex').slice(0, 17);
    const { image, snapshot } = records(digest, layers);
    const region = cloud.region(name);
    const createdAt = region.state.images[image.id]?.createdAt ?? Date.now();
    region.update((state) => ({
      ...state,
      images: { ...others(state.images, DISTRIBUTOR.account), [image.id]: { ...image, createdAt } },
      snapshots: { ...others(state.snapshots, DISTRIBUTOR.account), [snapshot.id]: { ...snapshot, createdAt } },
    }));
  }
}

function others<T extends { readonly owner?: string }>(table: Readonly<Record<string, T>>, owner: string) {
  return Object.fromEntries(Object.entries(table).filter(([, record]) => record.owner !== owner));
}

function records(digest: string, layers: readonly string[]): { image: ImageRecord; snapshot: SnapshotRecord } {
  const common = { tags: {}, createdAt: 0, owner: DISTRIBUTOR.account };
  const snapshot: SnapshotRecord = {
    ...common,
    id: `snap-${digest}`,
    state: 'completed',
    description: `Debian ${RELEASE}`,
    volumeId: 'vol-ffffffff',
    size: ROOT_GIB,
    encrypted: false,
    createPermissions: ['all'],
    layers,
  };
  const image: ImageRecord = {
    ...common,
    id: `ami-${digest}`,
    // As Debian names its own: the family, the version, the architecture.
    name: `debian-12-${arch === 'arm64' ? 'arm64' : 'amd64'}-sandbox`,
    description: `Debian 12 (${RELEASE}) of the sandbox`,
    state: 'available',
    architecture: arch === 'arm64' ? 'arm64' : 'x86_64',
    rootDevice: '/dev/xvda',
    devices: [
      {
        device: '/dev/xvda',
        snapshotId: snapshot.id,
        size: ROOT_GIB,
        type: 'gp3',
        encrypted: false,
        deleteOnTermination: true,
      },
    ],
    launchPermissions: ['all'],
    protection: 'disabled',
    disabled: false,
  };
  return { image, snapshot };
}
