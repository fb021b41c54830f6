/** What differs between two images, and which task made the difference. */

import type { Manifest, ManifestFile, ManifestTask, Package } from './manifest/manifest.ts';

export interface TaskReference {
  readonly name: string;
  readonly where: string;
}

export interface PackageChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
  /** Of the image that has it; absent where it came with the base image. */
  readonly task?: TaskReference;
}

export interface FileChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly path: string;
  /** `content`, `mode`, `owner` … of a file that both have. */
  readonly what: readonly string[];
  readonly task: TaskReference;
}

export interface TaskChange extends TaskReference {
  readonly change: 'added' | 'removed' | 'changed';
  /** How it ended: before and after. */
  readonly before?: string;
  readonly after?: string;
}

export interface ManifestDifference {
  readonly base: Change | undefined;
  readonly os: Change | undefined;
  /** Commits of git. */
  readonly source: Change | undefined;
  readonly packages: readonly PackageChange[];
  readonly files: readonly FileChange[];
  readonly tasks: readonly TaskChange[];
}

export interface Change {
  readonly before: string;
  readonly after: string;
}

export function diffManifests(before: Manifest, after: Manifest): ManifestDifference {
  return {
    base: change(baseOf(before), baseOf(after)),
    os: change(before.os.name, after.os.name),
    source: change(commitOf(before), commitOf(after)),
    packages: packages(before, after),
    files: files(before, after),
    tasks: tasks(before.tasks, after.tasks),
  };
}

export function isSame({ base, os, packages: some, files: put, tasks: done }: ManifestDifference): boolean {
  return !base && !os && some.length + put.length + done.length === 0;
}

function change(before: string, after: string): Change | undefined {
  return before === after ? undefined : { before, after };
}

const baseOf = ({ base: { id, name } }: Manifest): string => (name === undefined ? id : `${id} (${name})`);

const commitOf = ({ source: { commit, modified } }: Manifest): string =>
  `${commit?.slice(0, 12) ?? 'no commit'}${modified ? ' with changes' : ''}`;

function packages(before: Manifest, after: Manifest): readonly PackageChange[] {
  const [old, own] = [byKey(before.packages.list, nameOf), byKey(after.packages.list, nameOf)];
  return keysOf(old, own).flatMap((name): PackageChange[] => {
    const [was, is] = [old.get(name), own.get(name)];
    if (was && is) {
      if (was.version === is.version) return [];
      return [{ change: 'changed', name, before: was.version, after: is.version, ...taskOf(after, is.task) }];
    }
    if (is) return [{ change: 'added', name, after: is.version, ...taskOf(after, is.task) }];
    return was ? [{ change: 'removed', name, before: was.version, ...taskOf(before, was.task) }] : [];
  });
}

/** Of kernels and the like there are several of one name: each version is one by itself, unless there is one on each side. */
function nameOf({ name, architecture = '' }: Package): string {
  return architecture === '' || architecture === 'all' || architecture === 'noarch' ? name : `${name}:${architecture}`;
}

function files(before: Manifest, after: Manifest): readonly FileChange[] {
  const path = (file: ManifestFile) => file.path;
  const [old, own] = [byKey(before.files, path), byKey(after.files, path)];
  return keysOf(old, own).flatMap((name): FileChange[] => {
    const [was, is] = [old.get(name), own.get(name)];
    if (was && is) {
      const what = changesOf(was, is);
      return what.length === 0 ? [] : [{ change: 'changed', path: name, what, task: reference(after, is.task) }];
    }
    if (is) return [{ change: 'added', path: name, what: [], task: reference(after, is.task) }];
    return was ? [{ change: 'removed', path: name, what: [], task: reference(before, was.task) }] : [];
  });
}

function changesOf(was: ManifestFile, is: ManifestFile): readonly string[] {
  return [
    was.type !== is.type && 'type',
    was.sha256 !== is.sha256 && 'content',
    was.target !== is.target && 'target',
    was.mode !== is.mode && 'mode',
    was.owner !== is.owner && 'owner',
    was.group !== is.group && 'group',
  ].filter((what) => what !== false);
}

function tasks(before: readonly ManifestTask[], after: readonly ManifestTask[]): readonly TaskChange[] {
  const [old, own] = [numbered(before), numbered(after)];
  return keysOf(own, old).flatMap((key): TaskChange[] => {
    const [was, is] = [old.get(key), own.get(key)];
    if (was && is) {
      if (was.status === is.status) return [];
      return [{ change: 'changed', name: is.name, where: is.where, before: was.status, after: is.status }];
    }
    if (is) return [{ change: 'added', name: is.name, where: is.where, after: is.status }];
    return was ? [{ change: 'removed', name: was.name, where: was.where, before: was.status }] : [];
  });
}

/** Tasks by name and module; of those with the same ones the first is the first. */
function numbered(list: readonly ManifestTask[]): ReadonlyMap<string, ManifestTask> {
  const counts = new Map<string, number>();
  return new Map(
    list.map((task) => {
      const key = `${task.name}\0${task.module}`;
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      return [`${key}\0${count}`, task];
    }),
  );
}

function byKey<T>(list: readonly T[], key: (one: T) => string): ReadonlyMap<string, T> {
  return new Map(list.map((one) => [key(one), one]));
}

/** All keys, those of the first in their order. */
function keysOf(first: ReadonlyMap<string, unknown>, second: ReadonlyMap<string, unknown>): readonly string[] {
  return [...new Set([...first.keys(), ...second.keys()])];
}

function taskOf(manifest: Manifest, number: number | undefined): { readonly task?: TaskReference } {
  return number === undefined ? {} : { task: reference(manifest, number) };
}

function reference({ tasks: list }: Manifest, number: number): TaskReference {
  const { name = '', where = '' } = list[number] ?? {};
  return { name, where };
}
