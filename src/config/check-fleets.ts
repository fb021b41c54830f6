/** What must hold between the keys of a fleet, besides the shape of each. */

import { existsSync, readFileSync } from 'node:fs';
import type { Findings, Where } from '../fault.ts';
import { near } from '../value/near.ts';
import { whereOf } from '../value/source.ts';
import { type Dict, isDict, isList, type Value } from '../value/value.ts';
import { amountsOf } from './amounts.ts';
import { booleanOf, dictOf, numberOf, textOf, textsOf } from './entry-values.ts';
import type { FleetConfig } from './fleet.ts';
import { fleetConfig, imageName, pathIn } from './fleet-config.ts';

/** EC2's bound, of the text before it is encoded. */
const USER_DATA = 16_384;

/** Each fleet's entry by itself: what has not the right shape is told already, and is not looked at. */
export function checkFleets(document: Dict, file: string, findings: Findings): void {
  const images = dictOf(document.get('images'));
  for (const [name, entry] of dictOf(document.get('fleets'))) {
    if (isDict(entry)) new FleetCheck(String(name), entry, file, findings).check(images);
  }
}

class FleetCheck {
  readonly #name: string;
  readonly #entry: Dict;
  readonly #file: string;
  readonly #findings: Findings;

  constructor(name: string, entry: Dict, file: string, findings: Findings) {
    this.#name = name;
    this.#entry = entry;
    this.#file = file;
    this.#findings = findings;
  }

  check(images: Dict): void {
    this.#count();
    this.#image(images);
    this.#volumes();
    this.#userData();
    this.#reach(images);
    this.#strategy();
    this.#terraform();
  }

  #count(): void {
    const count = numberOf(this.#entry.get('count'));
    if (count === undefined || count >= 1) return;
    const hint = `\`rollout destroy ${this.#name}\` removes all instances of a fleet`;
    this.#fault(`count must be at least 1; it is ${count}`, whereOf(this.#entry, 'count'), hint);
  }

  /** An image may be made elsewhere; what is nearly the name of one here is that. */
  #image(images: Dict): void {
    const image = this.#entry.get('image');
    if (typeof image !== 'string' || /^ami-[0-9a-f]{8,17}$/.test(image)) return;
    const names = [...images.keys()].map(String);
    const name = imageName(image);
    if (names.includes(name)) return;
    const [likely] = near(name, names);
    if (likely === undefined && (name === image || names.length === 0)) return;
    const hint = likely === undefined ? `images has ${names.join(', ')}` : `did you mean ${likely}?`;
    this.#fault(`image names "${name}", which images lacks`, whereOf(this.#entry, 'image'), hint);
  }

  #volumes(): void {
    const volumes = this.#entry.get('volumes');
    const devices = new Map<string, Where | undefined>();
    for (const volume of isList(volumes) ? volumes.filter(isDict) : []) {
      const device = textOf(volume.get('device'));
      const where = whereOf(volume, 'device');
      if (device === undefined) continue;
      if (devices.has(device)) {
        const first = devices.get(device)?.line;
        this.#fault(
          `volumes has ${device} twice`,
          where,
          `give one of them another device; the first is in line ${first}`,
        );
      }
      devices.set(device, where);
      if (volume.has('kms_key') && booleanOf(volume.get('encrypted')) !== true) {
        this.#fault(`volumes: ${device} has kms_key without encrypted: true`, whereOf(volume, 'kms_key'));
      }
      if (volume.has('throughput') && textOf(volume.get('type')) !== 'gp3') {
        this.#fault(`volumes: ${device} has throughput, which only type: gp3 has`, whereOf(volume, 'throughput'));
      }
      if (volume.has('iops') && !/^(?:gp3|io1|io2)$/.test(textOf(volume.get('type')) ?? '')) {
        this.#fault(`volumes: ${device} has iops, which only gp3, io1 and io2 have`, whereOf(volume, 'iops'));
      }
    }
  }

  #userData(): void {
    const given = this.#entry.get('user_data');
    const named = isDict(given) ? textOf(given.get('file')) : undefined;
    const where = named === undefined ? whereOf(this.#entry, 'user_data') : whereOf(given, 'file');
    let text = isDict(given) ? '' : (textOf(given) ?? '');
    if (named !== undefined) {
      const path = pathIn(named, this.#file);
      try {
        text = readFileSync(path, 'utf8');
      } catch {
        this.#fault(`user_data.file cannot be read: ${named}`, where, `it was looked for at ${path}`);
      }
    }
    const size = Buffer.byteLength(text);
    if (size > USER_DATA) this.#fault(`user_data is ${size} bytes, and EC2 takes ${USER_DATA}`, where);
  }

  /** What runs on an instance must get there. */
  #reach(images: Dict): void {
    const ssh = this.#entry.get('ssh');
    const health = dictOf(this.#entry.get('health'));
    const hint = 'give ssh: { user: ..., private_key: ... }';
    const needs = (key: string) =>
      this.#fault(`health.${key} runs on the instances, and there is no ssh`, whereOf(health, key), hint);
    if (!isDict(ssh) && health.has('command')) needs('command');
    const verify = health.get('verify');
    if (!isDict(ssh) && (verify === true || typeof verify === 'string')) needs('verify');
    if (verify === true && !images.has(imageName(textOf(this.#entry.get('image')) ?? ''))) {
      const message = 'health.verify is true, and the image is none of images: its playbook is not known';
      this.#fault(message, whereOf(health, 'verify'), 'name the playbook: verify: app_update.yml');
    }
    if (typeof verify === 'string') this.#isFile('health.verify', verify, health, 'verify');
    const key = isDict(ssh) ? textOf(ssh.get('private_key')) : undefined;
    if (isDict(ssh) && key !== undefined) this.#isFile('ssh.private_key', key, ssh, 'private_key');
  }

  #terraform(): void {
    const terraform = dictOf(this.#entry.get('terraform'));
    for (const key of ['directory', 'var_file']) {
      const named = terraform.get(key);
      if (typeof named === 'string') this.#isFile(`terraform.${key}`, named, terraform, key);
    }
  }

  #isFile(what: string, named: string, holder: Dict, key: string): void {
    const path = pathIn(named, this.#file);
    if (existsSync(path)) return;
    this.#fault(`${what} could not be found: ${named}`, whereOf(holder, key), `it was looked for at ${path}`);
  }

  #strategy(): void {
    const strategy = dictOf(this.#entry.get('strategy'));
    const type = textOf(strategy.get('type')) ?? 'rolling';
    const ignored = (keys: readonly string[], why: string) => {
      for (const key of keys.filter((one) => strategy.has(one))) {
        this.#warn(`strategy.${key} ${why}`, whereOf(strategy, key, 'key'));
      }
    };
    if (type === 'blue_green') {
      const keys = ['max_surge', 'max_unavailable', 'canary', 'pause', 'checkpoints', 'checkpoint_delay'];
      ignored(keys, 'means nothing to type: blue_green, which starts all new ones beside all old ones');
    } else if (type === 'rolling') ignored(['canary'], 'means nothing to type: rolling; write type: canary');
    if (!strategy.has('checkpoints')) ignored(['checkpoint_delay'], 'means nothing without checkpoints');
    this.#checkpoints(strategy);
    this.#amounts(strategy);
  }

  #checkpoints(strategy: Dict): void {
    const shares = textsOf(strategy.get('checkpoints')).map(Number);
    if (shares.length === 0 || shares.some((share) => !Number.isInteger(share))) return;
    const where = whereOf(strategy, 'checkpoints');
    if (shares.some((share, index) => share <= (shares[index - 1] ?? 0))) {
      this.#fault(`strategy.checkpoints must rise; they are ${shares.join(', ')}`, where);
    } else if (shares.at(-1) !== 100) {
      const hint = `write [${[...shares, 100].join(', ')}]`;
      this.#fault('strategy.checkpoints must end with 100, when all are replaced', where, hint);
    }
  }

  /** Only where all that the amounts depend on is right. */
  #amounts(strategy: Dict): void {
    const count = numberOf(this.#entry.get('count')) ?? 0;
    if (count < 1 || !['max_surge', 'max_unavailable', 'canary'].every((key) => isAmount(strategy.get(key)))) return;
    const only = new Map<Value, Value>([['strategy', strategy]]);
    const { strategy: meant }: FleetConfig = fleetConfig(this.#name, only, this.#file, new Map());
    const { surge, unavailable, canary } = amountsOf(count, meant);
    if (surge === 0 && unavailable === 0) {
      const [one, other] = [String(meant.maxSurge), String(meant.maxUnavailable)];
      const rounded = one === '0' && other === '0' ? 'both 0' : `${one} and ${other}, both 0 of ${count}`;
      const key = strategy.has('max_surge') ? 'max_surge' : 'max_unavailable';
      this.#fault(
        `strategy.max_surge and max_unavailable are ${rounded}: nothing could be replaced`,
        whereOf(strategy, key),
        'write max_surge: 1 to launch before terminating, or max_unavailable: 1 to terminate first',
      );
    }
    if (canary > count) {
      const where = whereOf(strategy, 'canary');
      this.#fault(`strategy.canary is ${canary}, more than count, which is ${count}`, where);
    }
  }

  #fault(message: string, where: Where | undefined, hint?: string): void {
    this.#findings.fault('config-invalid', `fleets.${this.#name}.${message}`, { where, hint });
  }

  #warn(message: string, where: Where | undefined): void {
    this.#findings.warn('config-invalid', `fleets.${this.#name}: ${message}`, { where });
  }
}

function isAmount(value: Value | undefined): boolean {
  return value === undefined || (typeof value === 'number' && value >= 0) || /^\d+%$/.test(String(value));
}
