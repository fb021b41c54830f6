/** What `bake PLAYBOOK` and `bake IMAGE` mean. */

import { existsSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import type { Config, ImageConfig } from '../config/config.ts';
import { imageConfig } from '../config/image-config.ts';
import { Fault } from '../fault.ts';
import { near } from '../value/near.ts';

/**
 * An image of the configuration by its name or its playbook; else a playbook, with defaults for all.
 * Throws `file-missing` for what is neither, `option-invalid` where several images have the playbook.
 */
export function imageMeant(word: string, config: Config, directory: string): ImageConfig {
  const named = config.images.get(word);
  if (named) return checked(named);
  const playbook = resolve(directory, word);
  const owners = [...config.images.values()].filter((image) => image.playbook === playbook);
  if (owners.length > 1) {
    throw new Fault('option-invalid', `${word} is the playbook of several images`, {
      hint: `name one of them: ${owners.map(({ name }) => name).join(', ')}`,
    });
  }
  if (owners[0]) return checked(owners[0]);
  if (!existsSync(playbook)) throw missing(word, config, playbook);
  if (!statSync(playbook).isFile())
    throw new Fault('file-missing', `the playbook: ${word} does not appear to be a file`);
  const name = basename(playbook, extname(playbook)).replace(/[^-A-Za-z0-9_.]/g, '-');
  return imageConfig(name, new Map([['playbook', playbook]]), config.file ?? join(dirname(playbook), 'playbake.yml'));
}

function checked(image: ImageConfig): ImageConfig {
  if (existsSync(image.playbook)) return image;
  throw new Fault('file-missing', `the playbook of the image ${image.name} could not be found`, {
    where: image.where,
    hint: `it was looked for at ${image.playbook}`,
  });
}

function missing(word: string, { file, images }: Config, playbook: string): Fault {
  const [likely] = near(word, images.keys());
  const names = [...images.keys()].join(', ');
  const there =
    file === undefined
      ? 'there is no playbake.yml that could name an image'
      : `playbake.yml has the images ${names || 'none'}`;
  return new Fault('file-missing', `${word} is neither a playbook nor an image`, {
    hint: likely === undefined ? `it was looked for at ${playbook}; ${there}` : `did you mean the image ${likely}?`,
  });
}
