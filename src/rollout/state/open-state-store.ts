import { openCloud } from '../../cloud/open-cloud.ts';
import type { Config } from '../../config/config.ts';
import { FileStateStore } from './file-state-store.ts';
import { S3StateStore } from './s3-state-store.ts';
import type { StateStore } from './state-store.ts';

/** Where `state:` of playbake.yml says; nothing is called yet. Throws `config-invalid` where S3 has no region. */
export async function openStateStore({ state, cloud, region, profile, endpoint }: Config): Promise<StateStore> {
  if (state.kind === 'file') return new FileStateStore(state.path);
  const { bucket, key, kmsKey } = state;
  // The sandbox's own endpoint keeps no objects: its fleets may have their state in S3 all the same.
  const { s3 } = await openCloud({
    kind: 'aws',
    why: 'the state is kept in S3',
    region: state.region ?? region,
    profile,
    endpoint: state.endpoint ?? (cloud === 'aws' ? endpoint : undefined),
  });
  return new S3StateStore({ s3: s3(), bucket, key, kmsKey });
}
