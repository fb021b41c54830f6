import type { Context } from './action.ts';

/** Shuts a running instance's machine down for `work` and starts it again; its record says `running` all the while. */
export async function whileOff(
  { cloud, region }: Pick<Context, 'cloud' | 'region'>,
  id: string,
  work: () => Promise<void>,
): Promise<void> {
  region.change('instances', id, (instance) => ({ ...instance, imaging: true }));
  await cloud.store.flush();
  try {
    await cloud.machines.stop(id, { force: false });
    await work();
  } finally {
    const instance = region.state.instances[id];
    // It may have been stopped or terminated meanwhile; then it stays off.
    if (instance?.state === 'running') await cloud.machines.start(instance);
    region.change('instances', id, ({ imaging: _, ...rest }) => rest);
  }
}
