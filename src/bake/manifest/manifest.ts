/** What an image holds, and which task put it there. `schemas/manifest.json` describes each key for people. */

import type { Status } from '../../play/events.ts';
import type { Plain } from '../../value/value.ts';

export interface Manifest {
  readonly version: 1;
  /** As playbake.yml names it. */
  readonly image: string;
  /** The image's own name in the cloud. */
  readonly name: string;
  readonly run: string;
  /** ISO 8601, UTC. */
  readonly created: string;
  /** Of playbake. */
  readonly playbake: string;
  readonly base: { readonly id: string; readonly name?: string };
  readonly os: Os;
  /** The digest of the bake's inputs. */
  readonly fingerprint: string;
  readonly source: Source;
  readonly tasks: readonly ManifestTask[];
  readonly packages: Packages;
  readonly files: readonly ManifestFile[];
}

/** As `/etc/os-release` has it. */
export interface Os {
  readonly id: string;
  readonly version: string;
  readonly name: string;
  readonly architecture: string;
}

export interface Source {
  /** From the project's directory. */
  readonly playbook: string;
  readonly roles: readonly string[];
  /** Undefined where the project is in no repository of git. */
  readonly commit?: string;
  /** Files that git knows, or should, differ from the commit. */
  readonly modified?: boolean;
  /** Without credentials. */
  readonly remote?: string;
}

export interface ManifestTask {
  readonly name: string;
  readonly module: string;
  /** `site.yml:12`, from the project's directory. */
  readonly where: string;
  readonly status: Status;
  readonly changed: boolean;
  readonly seconds: number;
  /** Of a loop. */
  readonly items?: number;
  /** What is no secret of its result. */
  readonly result?: { readonly [key: string]: Plain };
}

export interface Packages {
  /** `none` where no package manager was found. */
  readonly manager: 'dpkg' | 'rpm' | 'apk' | 'pacman' | 'none';
  readonly list: readonly Package[];
}

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly architecture?: string;
  /** The number of the task that installed it, from 0; undefined: the base image has it. */
  readonly task?: number;
}

export interface ManifestFile {
  readonly path: string;
  readonly type: 'file' | 'directory' | 'link' | 'other';
  readonly mode: string;
  readonly owner: string;
  readonly group: string;
  readonly size?: number;
  readonly sha256?: string;
  /** Where a link leads. */
  readonly target?: string;
  /** The number of the last task that put it, from 0. */
  readonly task: number;
}
