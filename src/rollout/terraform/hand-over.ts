/** What the user's own Terraform is told: by which images its fleets are to run. */

import type { FleetConfig } from '../../config/fleet.ts';
import { Fault } from '../../fault.ts';
import { whereOf } from '../../value/source.ts';
import type { ImageRef } from '../plan/plan.ts';

export interface FleetImage {
  readonly fleet: FleetConfig;
  readonly image: ImageRef;
}

/** One run of Terraform: fleets of the same configuration are told at once. */
export interface HandOver {
  readonly directory: string;
  readonly varFiles: readonly string[];
  /** Ids of images by the names of variables. */
  readonly variables: Readonly<Record<string, string>>;
  readonly fleets: readonly FleetImage[];
}

/** In the order of the fleets. Throws `config-invalid` where a variable were to take two images. */
export function handOvers(all: readonly FleetImage[]): readonly HandOver[] {
  const works = new Map<string, HandOver>();
  for (const one of all) {
    const { terraform, name } = one.fleet;
    if (!terraform) throw new Error(`${name} has no Terraform`);
    const { directory, variable, varFile } = terraform;
    const before = works.get(directory) ?? { directory, varFiles: [], variables: {}, fleets: [] };
    const other = before.fleets.find(({ fleet }) => fleet.terraform?.variable === variable);
    if (other && other.image.id !== one.image.id) {
      const message = `the variable ${variable} in ${directory} is to take the images of both ${other.fleet.name} and ${name}, which differ`;
      throw new Fault('config-invalid', message, {
        where: whereOf(terraform, 'variable') ?? whereOf(terraform, 'directory'),
        hint: 'give each fleet a variable of its own: terraform: { variable: ... }',
      });
    }
    const isNew = varFile !== undefined && !before.varFiles.includes(varFile);
    works.set(directory, {
      directory,
      varFiles: isNew ? [...before.varFiles, varFile] : before.varFiles,
      variables: { ...before.variables, [variable]: one.image.id },
      fleets: [...before.fleets, one],
    });
  }
  return [...works.values()];
}

/** The options of `terraform plan`. @param file where the plan goes */
export function planWords({ variables, varFiles }: HandOver, file: string): readonly string[] {
  return [
    'plan',
    '-input=false',
    '-detailed-exitcode',
    `-out=${file}`,
    ...varFiles.map((path) => `-var-file=${path}`),
    ...Object.entries(variables).map(([name, id]) => `-var=${name}=${id}`),
  ];
}

/** Terraform reads it by itself: what is planned in the directory later is planned for the same images. */
export const VALUES_FILE = 'playbake.auto.tfvars.json';

/** The text of the file; values of other fleets stay. @param before undefined: there is none yet */
export function valuesText(before: string | undefined, variables: HandOver['variables'], file: string): string {
  return `${JSON.stringify({ ...valuesIn(before, file), ...variables }, null, 2)}\n`;
}

function valuesIn(text: string | undefined, file: string): object {
  if (text === undefined) return {};
  try {
    const values: unknown = JSON.parse(text);
    if (typeof values === 'object' && values !== null && !Array.isArray(values)) return values;
  } catch {
    // Told below.
  }
  throw new Fault('terraform-failed', `${file} holds no values of variables`, {
    where: { file },
    hint: 'remove it: it is written anew',
  });
}
