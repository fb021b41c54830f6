/** Finding and reading playbake.yml. */

import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Fault, Findings } from '../fault.ts';
import { whereOf } from '../value/source.ts';
import { type Dict, isDict } from '../value/value.ts';
import { readYaml } from '../value/yaml.ts';
import { checkFleets } from './check-fleets.ts';
import { checkShape } from './check-shape.ts';
import type { CloudKind, Config, ImageConfig } from './config.ts';
import { dictOf } from './entry-values.ts';
import { fleetConfig } from './fleet-config.ts';
import { imageConfig } from './image-config.ts';
import { stateLocation } from './state-location.ts';

const NAME = 'playbake.yml';

const NOTHING: Omit<Config, 'state'> = {
  file: undefined,
  cloud: undefined,
  region: undefined,
  profile: undefined,
  endpoint: undefined,
  sshFrom: undefined,
  images: new Map(),
  fleets: new Map(),
};

export interface LoadConfigOptions {
  /** Where `playbake.yml` is looked for. */
  readonly directory: string;
  /** `--config`: this file, which must be there. */
  readonly file?: string | undefined;
  readonly onWarning?: (fault: Fault) => void;
}

/**
 * The configuration; an empty one where there is no file. Throws Faults for all that is wrong with it at once
 * (`config-invalid`, `yaml-syntax`), and `file-missing` for a file that was named and is not there.
 */
export function loadConfig({ directory, file: named, onWarning }: LoadConfigOptions): Config {
  const file = resolve(directory, named ?? NAME);
  if (!existsSync(file)) {
    if (named === undefined) return { ...NOTHING, state: stateLocation(undefined, file) };
    throw new Fault('file-missing', `the configuration ${named} could not be found`, {
      hint: `it was looked for at ${file}`,
    });
  }
  const findings = new Findings();
  const { documents } = readYaml(read(file), file, findings);
  findings.check();
  const document = documents[0] ?? null;
  if (document !== null) checkShape(document, file, findings);
  if (isDict(document)) {
    checkParts(document, findings);
    checkFleets(document, file, findings);
  }
  findings.check();
  for (const warning of findings.warnings) onWarning?.(warning);
  return isDict(document) ? configOf(document, file) : { ...NOTHING, file, state: stateLocation(undefined, file) };
}

function configOf(document: Dict, file: string): Config {
  const text = (key: string) => (document.has(key) ? String(document.get(key)) : undefined);
  const images: ReadonlyMap<string, ImageConfig> = new Map(
    entriesOf(document, 'images').map(([name, entry]) => [name, imageConfig(name, entry, file)]),
  );
  return {
    file,
    cloud: cloudOf(text('cloud')),
    region: text('region'),
    profile: text('profile'),
    endpoint: text('endpoint'),
    sshFrom: text('ssh_from'),
    images,
    fleets: new Map(
      entriesOf(document, 'fleets').map(([name, entry]) => [name, fleetConfig(name, entry, file, images)]),
    ),
    state: stateLocation(document.get('state'), file),
  };
}

function entriesOf(document: Dict, key: string): readonly (readonly [name: string, entry: Dict])[] {
  return [...dictOf(document.get(key))].flatMap(([name, entry]) => (isDict(entry) ? [[String(name), entry]] : []));
}

/** What holds between keys. */
function checkParts(document: Dict, findings: Findings): void {
  const cloud = document.get('cloud') ?? 'sandbox';
  const images = document.get('images');
  for (const [name, image] of isDict(images) ? images : []) {
    if (!isDict(image)) continue;
    const at = (key: string, message: string, hint: string) =>
      findings.fault('config-invalid', `images.${String(name)}.${key} ${message}`, {
        where: whereOf(image, key),
        hint,
      });
    if (cloud === 'aws' && image.get('base') === 'debian') {
      const search = '{ owner: "136693071363", filters: { name: "debian-12-amd64-*" }, most_recent: true }';
      at('base', 'is debian, which only the sandbox has', `for Debian's own on aws write  base: ${search}`);
    }
    if (image.has('kms_key') && image.get('encrypted') === false) {
      at('kms_key', 'is given, and encrypted is false', 'leave one of them out');
    }
  }
  if (cloud === 'sandbox' && document.has('profile')) {
    const where = whereOf(document, 'profile');
    findings.fault('config-invalid', 'profile is for cloud: aws; this is cloud: sandbox', { where });
  }
}

function cloudOf(text: string | undefined): CloudKind | undefined {
  return text === 'aws' || text === 'sandbox' ? text : undefined;
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Fault('file-unreadable', `the configuration ${file} cannot be read: ${reason}`, { cause });
  }
}
