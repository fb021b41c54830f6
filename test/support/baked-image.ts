import { ACCOUNT } from '../../src/sandbox/cloud/state.ts';
import type { CloudServer } from './cloud-server.ts';

export interface BakedImage {
  /** Hexadecimal; tells it from others, in its id and its name. */
  readonly digit: string;
  /** Of November 2026; default: by its digit. */
  readonly day?: number;
  /** These win over a bake's own. */
  readonly tags?: Readonly<Record<string, string>>;
  readonly owner?: string;
}

/** Puts an image with its snapshot into the cloud as a bake leaves it. @returns its id */
export function bakedImage({ cloud }: CloudServer, { digit, day, tags = {}, owner = ACCOUNT }: BakedImage): string {
  const [id, snapshotId] = [`ami-${digit.repeat(17)}`, `snap-${digit.repeat(17)}`];
  const region = cloud.region('us-east-1');
  const common = { createdAt: Date.UTC(2026, 10, day ?? Number.parseInt(digit, 16) + 1), owner };
  const disk = { size: 8, encrypted: false };
  region.put('snapshots', {
    ...{ ...common, ...disk, id: snapshotId, tags: {}, state: 'completed', description: '', volumeId: 'vol-1' },
    ...{ createPermissions: [], layers: [] },
  });
  region.put('images', {
    ...{ ...common, id, name: `app-${digit}`, description: '', state: 'available', architecture: 'x86_64' },
    ...{ rootDevice: '/dev/xvda', launchPermissions: [], protection: 'disabled', disabled: false },
    devices: [{ ...disk, device: '/dev/xvda', snapshotId, type: 'gp3', deleteOnTermination: true }],
    tags: { 'playbake:image': 'app', 'playbake:run': `run-${digit}`, 'playbake:state': 'good', ...tags },
  });
  return id;
}
