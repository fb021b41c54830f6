import type { EC2 } from '@aws-sdk/client-ec2';
import { Fault } from '../fault.ts';
import { waitFor } from './wait-for.ts';

export interface ImageWait {
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly progress: (text: string) => void;
  /** Which timeout of playbake.yml this is. */
  readonly key: 'image' | 'copy';
}

/** Waits until an image can be launched. Throws `cloud-lost` when it never will. */
export async function waitForImage(ec2: EC2, id: string, { timeout, signal, progress, key }: ImageWait): Promise<void> {
  await waitFor(
    async () => {
      const { Images = [] } = await ec2.describeImages({ ImageIds: [id] });
      const [image] = Images;
      const state = image?.State ?? 'not known yet';
      if (state === 'available') return { ready: true };
      if (['failed', 'error', 'invalid', 'deregistered', 'disabled'].includes(state)) {
        const reason = image?.StateReason?.Message ?? '';
        throw new Fault('cloud-lost', `the image ${id} is ${state}${reason && `: ${reason}`}`);
      }
      return { pending: `${id} is ${state}${await snapshotProgress(ec2, image)}` };
    },
    {
      what: `the image ${id} to be available`,
      timeout,
      signal,
      progress,
      most: 10_000,
      hint: `large disks take long: timeouts.${key} sets how long to wait`,
    },
  );
}

/** How far the snapshots are, where that can be asked. */
async function snapshotProgress(
  ec2: EC2,
  image:
    | {
        readonly BlockDeviceMappings?:
          | readonly { readonly Ebs?: { readonly SnapshotId?: string | undefined } | undefined }[]
          | undefined;
      }
    | undefined,
): Promise<string> {
  const ids = (image?.BlockDeviceMappings ?? []).flatMap(({ Ebs }) => Ebs?.SnapshotId ?? []);
  if (ids.length === 0) return '';
  const { Snapshots = [] } = await ec2.describeSnapshots({ SnapshotIds: ids }).catch(() => ({ Snapshots: [] }));
  const shares = Snapshots.flatMap(({ Progress }) => Progress ?? []);
  return shares.length > 0 ? `, ${shares.join(', ')} of its disk copied` : '';
}
