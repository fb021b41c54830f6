/** What snapshots and volumes hold, on disk: folders that are whole or not there, whenever we are killed. */

import { mkdir, rename, rmdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { layersOf } from '../disk.ts';
import { namesIn } from '../files.ts';
import type { Home } from '../home.ts';
import { readInstances } from '../machine.ts';
import { mountOverlay, removeTree, unmountBelow } from '../mounts.ts';
import { run } from '../run.ts';
import { exists } from './instance-record.ts';
import type { CloudState } from './state.ts';
import { VOLUMES } from './volume-mounts.ts';

/** A disk on more layers than these is copied into one; the kernel takes a page of options for a mount. */
const MOST_LAYERS = 8;

export class Disks {
  readonly #home: Home;

  constructor(home: Home) {
    this.#home = home;
  }

  /** Copies what the instance's root disk holds, and answers with the layers to mount it from, the uppermost first. */
  async captureRoot(instanceId: string, snapshotId: string): Promise<readonly string[]> {
    const folder = join(this.#home.instances, instanceId);
    const below = await layersOf({ folder });
    const upper = join(folder, 'disk/upper');
    const layer = join(this.#home.layers, snapshotId);
    if (below.length >= MOST_LAYERS) {
      await this.#flatten(upper, below, layer);
      return [this.#relative(layer)];
    }
    await copy(upper, layer);
    // Where volumes are mounted; a machine makes it anew.
    await rmdir(join(layer, VOLUMES)).catch(() => {});
    return [this.#relative(layer), ...below];
  }

  /** Copies what a data volume holds. */
  async captureVolume(volumeId: string, snapshotId: string): Promise<readonly string[]> {
    const layer = join(this.#home.layers, snapshotId);
    await copy(join(this.#home.volumes, volumeId), layer);
    return [this.#relative(layer)];
  }

  /** Makes a data volume: empty, or with what the layers of a snapshot hold. */
  async createVolume(volumeId: string, layers: readonly string[] = []): Promise<void> {
    const folder = join(this.#home.volumes, volumeId);
    const [only] = layers;
    if (only === undefined) await mkdir(folder, { recursive: true });
    else if (layers.length === 1) await copy(join(this.#home.root, only), folder);
    else await this.#flatten(undefined, layers, folder);
  }

  /** Removes what no snapshot, volume or instance of the state needs. */
  async collect({ regions }: CloudState): Promise<void> {
    const all = Object.values(regions);
    const snapshots = all.flatMap((region) => Object.values(region.snapshots));
    const standing = await Promise.all((await readInstances(this.#home)).map(layersOf));
    // Of these some may not have their disk yet.
    const instances = all.flatMap((region) => Object.values(region.instances)).filter(exists);
    const ofRecords = [...snapshots, ...instances].flatMap((record) => record.layers);
    const layers = new Set([...ofRecords, ...standing.flat()]);
    const pending = new Set(snapshots.filter(({ state }) => state === 'pending').map(({ id }) => id));
    const volumes = new Set(all.flatMap((region) => Object.keys(region.volumes)));
    const isLayer = (id: string) => pending.has(id) || layers.has(this.#relative(join(this.#home.layers, id)));
    await removeOthers(this.#home.layers, isLayer);
    await removeOthers(this.#home.volumes, (id) => volumes.has(id));
  }

  /** One folder with what the layers show together. */
  async #flatten(upper: string | undefined, below: readonly string[], target: string): Promise<void> {
    const place = `${target}.flat`;
    await removeTree(place);
    const lower = below.map((layer) => join(this.#home.root, layer));
    // A copy of the upper folder: the kernel refuses one that is mounted elsewhere.
    const top = upper === undefined ? [] : [join(place, 'top')];
    if (upper !== undefined) await copy(upper, join(place, 'top'));
    const root = join(place, 'root');
    await mountOverlay({ lower: [...top, ...lower], disk: join(place, 'disk'), at: root });
    try {
      await copy(root, target);
    } finally {
      await unmountBelow(root);
    }
    await removeTree(place);
  }

  #relative(path: string): string {
    return relative(this.#home.root, path);
  }
}

/** With owners, modes, times, attributes and the marks of an overlay; shared with the original where the disk can. */
async function copy(from: string, to: string): Promise<void> {
  const fresh = `${to}.new`;
  await removeTree(fresh);
  await mkdir(join(fresh, '..'), { recursive: true });
  await run(['cp', '--archive', '--reflink=auto', '--sparse=always', '--one-file-system', from, fresh]);
  await removeTree(to);
  await rename(fresh, to);
}

/** What is being made has a suffix after its id. */
async function removeOthers(folder: string, isNeeded: (id: string) => boolean): Promise<void> {
  for (const name of await namesIn(folder)) {
    if (!isNeeded(name.replace(/\.\w+$/, ''))) await removeTree(join(folder, name));
  }
}
