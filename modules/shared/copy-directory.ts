/** A directory from the control machine to the host. */

import { statSync } from 'node:fs';
import { ensure, fail, localContent, put, type Steps, script, set, sh, when } from '../../src/module/module.ts';
import { attributes } from './attributes.ts';
import type { FileCopy } from './copy-file.ts';
import { walkTree } from './local-tree.ts';
import { makeDirectory } from './make-directory.ts';

export interface DirectoryCopy extends Omit<FileCopy, 'content' | 'name'> {
  readonly src: string;
  readonly local_follow: boolean;
}

const HERE = script('"$p"');

export function copyDirectory(copy: DirectoryCopy): Steps {
  const tree = walkTree(copy.src, copy.local_follow);
  const dest = copy.dest.replace(/\/*$/, '');
  const { owner, group, directory_mode: mode } = copy;
  const directory = (path: string): Steps => [
    when(sh`p=${path}; :`, [
      ensure(sh`[ -d ${HERE} ] || [ ! -e ${HERE} ]`, fail(`${path} already exists as a file`)),
      ensure(sh`[ -d ${HERE} ]`, makeDirectory(HERE, { owner, group, mode })),
      when(sh`[ -d ${HERE} ]`, attributes(HERE, { owner, group, mode })),
    ]),
  ];
  return [
    ensure(sh`[ -d ${`${dest}/`} ]`, makeDirectory(sh`${dest === '' ? '/' : dest}`, { owner, group, mode })),
    ...tree.directories.flatMap((path) => directory(`${dest}/${path}`)),
    ...tree.files.flatMap(({ from, to }) => file(copy, from, `${dest}/${to}`)),
    ...tree.links.map(({ target, to }) => link(target, `${dest}/${to}`)),
  ];
}

function file(copy: DirectoryCopy, from: string, path: string): Steps {
  const { owner, group, backup, validate, unsafe_writes: unsafeWrites } = copy;
  const mode = copy.mode === 'preserve' ? modeOf(from) : copy.mode;
  const written = script('"$pb_path"');
  const steps = [
    put(path, localContent(from), { owner, group, mode, backup, validate, unsafeWrites }),
    when(sh`[ -e ${written} ]`, attributes(written, { owner, group, mode })),
  ];
  return copy.force ? steps : [when(sh`[ ! -e ${path} ] && [ ! -L ${path} ]`, steps)];
}

function link(target: string, path: string) {
  const make = sh`rm -f -- ${path}; ln -s -- ${target} ${path}`;
  return set('src', sh`readlink -- ${path}`, target, make);
}

/** The permissions of a local file, as Ansible writes them. */
export function modeOf(path: string): string {
  return `0${(statSync(path).mode & 0o7777).toString(8).padStart(3, '0')}`;
}
