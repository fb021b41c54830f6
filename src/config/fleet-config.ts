/** One entry of `fleets`, whose shape is checked, with the defaults of what it leaves out. */

import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { inherit } from '../value/source.ts';
import { type Dict, isDict, isList, type Value } from '../value/value.ts';
import type { ImageConfig } from './config.ts';
import { duration } from './duration.ts';
import { booleanOf, dictOf, numberOf, textOf, textsOf } from './entry-values.ts';
import type {
  Amount,
  FleetConfig,
  HealthConfig,
  SshConfig,
  StrategyConfig,
  TerraformConfig,
  VolumeConfig,
} from './fleet.ts';

/** @param file of the configuration: paths are relative to it. @param images whose playbooks have the verify tasks. */
export function fleetConfig(
  name: string,
  entry: Dict,
  file: string,
  images: ReadonlyMap<string, ImageConfig>,
): FleetConfig {
  const text = (key: string) => textOf(entry.get(key));
  const part = (key: string) => dictOf(entry.get(key));
  const image = text('image') ?? '';
  const ssh = entry.has('ssh') ? sshOf(part('ssh'), file) : undefined;
  const volumes = (isList(entry.get('volumes')) ? textlessList(entry.get('volumes')) : []).map(volumeOf);
  const fleet: FleetConfig = {
    name,
    engine: text('engine') === 'autoscaling' ? 'autoscaling' : 'ec2',
    image,
    count: numberOf(entry.get('count')) ?? 0,
    instanceType: text('instance_type'),
    subnets: listOf(entry.get('subnets')),
    securityGroups: listOf(entry.get('security_groups')),
    key: text('key'),
    iamProfile: text('iam_profile'),
    userData: userDataOf(entry.get('user_data'), file),
    publicAddress: booleanOf(entry.get('public_address')),
    tags: Object.fromEntries([...part('tags')].map(([key, value]) => [String(key), String(value)])),
    volumes,
    targetGroups: listOf(entry.get('target_groups')),
    ssh,
    health: healthOf(part('health'), file, images.get(imageName(image))?.playbook, ssh !== undefined),
    strategy: strategyOf(part('strategy')),
    ...(entry.has('terraform') && { terraform: terraformOf(part('terraform'), file) }),
  };
  return inherit(fleet, entry);
}

/** `app` of `app:stable`. */
export function imageName(image: string): string {
  return image.replace(/:.*$/, '');
}

/** The absolute path of one that is written in the configuration. */
export function pathIn(path: string, file: string): string {
  return path === '~' || path.startsWith('~/') ? join(homedir(), path.slice(1)) : resolve(dirname(file), path);
}

/** Each member once; the list remembers where it stands. */
function listOf(value: Value | undefined): readonly string[] {
  const list = [...new Set(textsOf(value))];
  return isList(value) ? inherit(list, value) : list;
}

function textlessList(value: Value | undefined): readonly Dict[] {
  return isList(value) ? value.filter(isDict) : [];
}

function volumeOf(entry: Dict): VolumeConfig {
  const volume: VolumeConfig = {
    device: textOf(entry.get('device')) ?? '',
    size: numberOf(entry.get('size')) ?? 0,
    type: textOf(entry.get('type')),
    iops: numberOf(entry.get('iops')),
    throughput: numberOf(entry.get('throughput')),
    encrypted: booleanOf(entry.get('encrypted')),
    kmsKey: textOf(entry.get('kms_key')),
    snapshot: textOf(entry.get('snapshot')),
  };
  return inherit(volume, entry);
}

/** A file that cannot be read is told by the checks, which come first. */
function userDataOf(value: Value | undefined, file: string): string | undefined {
  if (!isDict(value)) return textOf(value);
  return readFileSync(pathIn(textOf(value.get('file')) ?? '', file), 'utf8');
}

function sshOf(entry: Dict, file: string): SshConfig {
  const key = textOf(entry.get('private_key'));
  return {
    user: textOf(entry.get('user')) ?? 'admin',
    privateKey: key === undefined ? undefined : pathIn(key, file),
    address: textOf(entry.get('address')) === 'public' ? 'public' : 'private',
  };
}

function terraformOf(entry: Dict, file: string): TerraformConfig {
  const varFile = textOf(entry.get('var_file'));
  const terraform: TerraformConfig = {
    directory: pathIn(textOf(entry.get('directory')) ?? '', file),
    variable: textOf(entry.get('variable')) ?? 'image_id',
    varFile: varFile === undefined ? undefined : pathIn(varFile, file),
  };
  return inherit(terraform, entry);
}

function healthOf(entry: Dict, file: string, playbook: string | undefined, hasSsh: boolean): HealthConfig {
  const time = (key: string, other: string) => duration(textOf(entry.get(key)) ?? other);
  const http = entry.get('http');
  const tcp = entry.get('tcp');
  const verify = verifyOf(entry.get('verify'), file, playbook);
  const health: HealthConfig = {
    http: isDict(http)
      ? {
          port: numberOf(http.get('port')) ?? 0,
          path: textOf(http.get('path')) ?? '/',
          status: http.has('status') ? textsOf(http.get('status')).map(Number) : [200],
        }
      : undefined,
    tcp: isDict(tcp) ? { port: numberOf(tcp.get('port')) ?? 0 } : undefined,
    command: textOf(entry.get('command')),
    verify: hasSsh ? verify : undefined,
    unverified: hasSsh ? undefined : verify,
    grace: time('grace', '5m'),
    interval: time('interval', '5s'),
    healthy: numberOf(entry.get('healthy')) ?? 2,
    unhealthy: numberOf(entry.get('unhealthy')) ?? 3,
  };
  return inherit(health, entry);
}

function verifyOf(value: Value | undefined, file: string, playbook: string | undefined): string | undefined {
  if (value === false) return undefined;
  return typeof value === 'string' ? pathIn(value, file) : playbook;
}

function strategyOf(entry: Dict): StrategyConfig {
  const text = (key: string) => textOf(entry.get(key));
  const time = (key: string, other: string) => duration(text(key) ?? other);
  const type = text('type');
  const delay = text('checkpoint_delay');
  const strategy: StrategyConfig = {
    type: type === 'blue_green' || type === 'canary' ? type : 'rolling',
    maxSurge: amountOf(entry.get('max_surge')) ?? 1,
    maxUnavailable: amountOf(entry.get('max_unavailable')) ?? 0,
    canary: amountOf(entry.get('canary')) ?? 1,
    pause: time('pause', '0s'),
    checkpoints: textsOf(entry.get('checkpoints')).map(Number),
    checkpointDelay: delay === undefined ? undefined : duration(delay),
    bakeTime: time('bake_time', '0s'),
    autoRollback: booleanOf(entry.get('auto_rollback')) ?? true,
    progressDeadline: time('progress_deadline', '15m'),
  };
  return inherit(strategy, entry);
}

function amountOf(value: Value | undefined): Amount | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && value.endsWith('%') ? `${Number.parseInt(value, 10)}%` : undefined;
}
