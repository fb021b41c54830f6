/** Images and what differs between them, as text. */

import type { ManifestDifference, TaskReference } from '../bake/diff-manifests.ts';
import type { ImageInfo } from '../bake/images.ts';
import type { Manifest } from '../bake/manifest/manifest.ts';
import { columns } from './columns.ts';

export function listText(images: readonly ImageInfo[]): string {
  if (images.length === 0) return 'No images. `bake PLAYBOOK` makes one.\n';
  const rows = images.map((one) => [
    one.id,
    one.image,
    one.name,
    minutes(one.created),
    one.state,
    [...one.channels.keys()].sort().join(', '),
  ]);
  return columns([['ID', 'IMAGE', 'NAME', 'CREATED', 'STATE', 'CHANNELS'], ...rows]);
}

/** @param manifest undefined where it is not on record here. */
export function showText(image: ImageInfo, manifest: Manifest | undefined): string {
  const { channels, revoked, deprecated, base } = image;
  const lines = [
    ['id', image.id],
    ['name', image.name],
    ['image', image.image],
    ['state', image.state],
    ...(revoked
      ? [['revoked', `${minutes(revoked.at)}${revoked.because === undefined ? '' : `: ${revoked.because}`}`]]
      : []),
    ['created', minutes(image.created)],
    ...(deprecated === undefined ? [] : [['deprecated', minutes(deprecated)]]),
    ['run', image.run],
    ...(base === undefined ? [] : [['base', base]]),
    ...[...channels].sort().map(([name, since]) => ['channel', `${name}, since ${minutes(since)}`]),
    ...(image.inputs === undefined ? [] : [['inputs', image.inputs]]),
    ...(manifest ? aboutManifest(manifest) : [['manifest', 'not on record here']]),
  ];
  return columns(lines.map(([name = '', value = '']) => [`${name}:`, value]));
}

function aboutManifest({ os, source, tasks, packages, files, playbake }: Manifest): readonly (readonly string[])[] {
  const changed = tasks.filter((task) => task.changed).length;
  const { playbook, commit, modified, roles, remote } = source;
  return [
    ['system', `${os.name || os.id}, ${os.architecture}`],
    ['playbook', `${playbook}${roles.length > 0 ? `, with the roles ${roles.join(', ')}` : ''}`],
    ...(commit === undefined
      ? []
      : [['commit', `${commit}${modified ? ' with changes' : ''}${remote === undefined ? '' : ` of ${remote}`}`]]),
    ['tasks', `${tasks.length}, ${changed} changed something`],
    [
      'packages',
      `${packages.list.length} of ${packages.manager}, ${packages.list.filter((one) => one.task !== undefined).length} by tasks`,
    ],
    ['files', `${files.length} put by tasks`],
    ['playbake', playbake],
  ];
}

const SIGNS = { added: '+', removed: '-', changed: '~' } as const;

export function differenceText(difference: ManifestDifference): string {
  const { base, os, source, packages, files, tasks } = difference;
  const changes = [
    ...(base ? [`base: ${base.before} -> ${base.after}`] : []),
    ...(os ? [`system: ${os.before} -> ${os.after}`] : []),
    ...(source ? [`source: ${source.before} -> ${source.after}`] : []),
  ];
  const parts = [
    ...(changes.length > 0 ? [`${changes.join('\n')}\n`] : []),
    section(
      'Tasks',
      tasks.map(({ change, name, where, before, after }) => [SIGNS[change], name, ended(before, after), where]),
    ),
    section(
      'Packages',
      packages.map(({ change, name, before, after, task }) => [SIGNS[change], name, ended(before, after), by(task)]),
    ),
    section(
      'Files',
      files.map(({ change, path, what, task }) => [SIGNS[change], path, what.join(', '), by(task)]),
    ),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'The images hold the same.\n' : parts.join('\n');
}

/** What each image changed with respect to the one before it. */
export interface HistoryEntry {
  readonly image: ImageInfo;
  readonly commit: string | undefined;
  /** Undefined for the first, and where one of the two is not on record here. */
  readonly changes:
    | { readonly tasks: number; readonly packages: number; readonly files: number; readonly base: boolean }
    | undefined;
}

export function historyText(entries: readonly HistoryEntry[]): string {
  if (entries.length === 0) return 'No images.\n';
  const rows = entries.map(({ image, commit, changes }) => [
    minutes(image.created),
    image.id,
    image.state,
    [...image.channels.keys()].sort().join(', '),
    commit?.slice(0, 12) ?? '',
    changes ? changesText(changes) : '',
  ]);
  return columns([['CREATED', 'ID', 'STATE', 'CHANNELS', 'COMMIT', 'CHANGES'], ...rows]);
}

function changesText({ tasks, packages, files, base }: NonNullable<HistoryEntry['changes']>): string {
  const counts = [
    ...(base ? ['another base'] : []),
    ...(tasks > 0 ? [`tasks: ${tasks}`] : []),
    ...(packages > 0 ? [`packages: ${packages}`] : []),
    ...(files > 0 ? [`files: ${files}`] : []),
  ];
  return counts.length === 0 ? 'none' : counts.join(', ');
}

function section(title: string, rows: readonly (readonly string[])[]): string {
  return rows.length === 0 ? '' : `${title}:\n${columns(rows, '  ')}`;
}

function ended(before: string | undefined, after: string | undefined): string {
  return [before, after].filter((one) => one !== undefined).join(' -> ');
}

function by(task: TaskReference | undefined): string {
  return task === undefined ? 'from the base image' : `by "${task.name}" (${task.where})`;
}

/** `2026-11-26 02:15`, of a time in ISO 8601. */
const minutes = (time: string): string => time.slice(0, 16).replace('T', ' ');
