/** The layer between the base and a machine's own disk: how to reach the world from here, and who may log in. */

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault } from '../fault.ts';
import { RECIPE, USER } from './base-image.ts';
import { inGroup } from './cgroup.ts';
import { namesIn } from './files.ts';
import { mountOverlay, removeTree, unmountBelow } from './mounts.ts';
import { createNamespace, removeNamespace } from './network.ts';
import { forgetContainer, nspawn } from './nspawn.ts';
import { attempt, type Command } from './run.ts';
import type { SeedFile } from './seed-file.ts';
import { LAST_MACHINE, namespaceOf, type Subnet } from './subnet.ts';

export interface LayerOptions {
  readonly subnet: Subnet;
  readonly base: string;
  readonly files: readonly SeedFile[];
  /** The line for authorized_keys. */
  readonly publicKey: string;
  readonly group: readonly string[];
  readonly onProgress: (message: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Not the name of a machine: its namespace and its address are used only while a layer is built. */
const BUILDER = 'builder';

const SETUP = `
update-ca-certificates >/dev/null 2>&1
for user in ${USER} ops; do
  install -d -m 0700 -o $user -g $user /home/$user/.ssh
  install -m 0600 -o $user -g $user /root/authorized_keys /home/$user/.ssh/authorized_keys
done
rm -f /root/authorized_keys
export RES_OPTIONS='timeout:3 attempts:2'
apt-get --quiet --quiet update --option APT::Update::Error-Mode=any --option Acquire::http::Timeout=20 \\
  --option Acquire::Retries=1
`;

/**
 * The folder of the layer below `settings`. It is built again when what it holds changes, and once a day so that the
 * package lists do not grow old; where that fails (no network today) an older one with the same settings serves.
 */
export async function ensureSettingsLayer(settings: string, options: LayerOptions): Promise<string> {
  const content = JSON.stringify([SETUP, options.files, options.publicKey]);
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  const prefix = `${RECIPE}-${hash}-`;
  const layer = join(settings, prefix + new Date().toISOString().slice(0, 10));
  if (existsSync(layer)) return layer;
  const older = (await namesIn(settings)).filter((name) => name.startsWith(prefix) && !name.endsWith('.building'));
  try {
    await build(layer, options);
    return layer;
  } catch (error) {
    const last = older.at(-1);
    if (last === undefined || options.signal?.aborted) throw error;
    options.onProgress(`the package lists stay as they are: ${error instanceof Error ? error.message : String(error)}`);
    return join(settings, last);
  }
}

async function build(
  layer: string,
  { subnet, base, files, publicKey, group, onProgress, signal }: LayerOptions,
): Promise<void> {
  const building = `${layer}.building`;
  const root = join(building, 'root');
  await removeTree(building);
  onProgress('copying the settings of this machine: package mirrors, proxies, certificates, name servers');
  await mountOverlay({ lower: [base], disk: building, at: root });
  await createNamespace(subnet, BUILDER, LAST_MACHINE + 1);
  try {
    for (const file of [...files, { path: '/root/authorized_keys', content: publicKey }]) await plant(root, file);
    const container = { root, name: BUILDER, namespace: namespaceOf(subnet, BUILDER) };
    await inside(inGroup(group, nspawn(container, ['--pipe', '--as-pid2', '/bin/sh', '-euc', SETUP])), subnet, signal);
  } finally {
    await forgetContainer({ root, namespace: namespaceOf(subnet, BUILDER) });
    await removeNamespace(subnet, BUILDER);
  }
  await unmountBelow(root);
  await rename(join(building, 'upper'), layer);
  await removeTree(building);
}

async function inside(command: Command, { bridge }: Subnet, signal?: AbortSignal): Promise<void> {
  const { status, stderr } = await attempt(command, { signal });
  if (status === 0) return;
  const errors = stderr.split('\n').filter((line) => line.startsWith('E: '));
  const said = errors.slice(-3).join('; ') || `exit status ${status}: ${stderr.trim()}`;
  throw new Fault('sandbox-failed', `a machine of the sandbox cannot fetch package lists: ${said}`, {
    hint: `see whether apt-get update works here, and whether a firewall of this machine drops packets from ${bridge}`,
  });
}

/** Puts a file below `root`. */
export async function plant(root: string, { path, content, mode = 0o644 }: SeedFile): Promise<void> {
  const target = join(root, path);
  await mkdir(dirname(target), { recursive: true });
  await writeFile(target, content, { mode });
  await chmod(target, mode);
}
