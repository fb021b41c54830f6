/** What of an earlier bake's reads is now, without a machine. */

import { basename, dirname } from 'node:path';
import { env } from 'node:process';
import type { Description, VisibleVariables } from '../../play/description.ts';
import { hashPath } from '../../play/hash-path.ts';
import { glob, outputOf } from '../../template/lookups/files.ts';
import { PythonError } from '../../value/python-error.ts';
import { digest } from './digest.ts';
import type { ReadPrint } from './fingerprint.ts';
import type { Places } from './places.ts';

/** Gives the digest that a read has now: null where there is nothing, undefined where only a machine could tell. */
export type Look = (read: ReadPrint) => string | null | undefined;

/** @param host the build machine's name. */
export function lookAgain(description: Description, host: string, places: Places): Look {
  const variables = new Map<string, readonly VisibleVariables[]>();
  const visible = (name: string): readonly VisibleVariables[] => {
    const known = variables.get(name) ?? description.variables(name);
    variables.set(name, known);
    return known;
  };
  return (read) => {
    switch (read.kind) {
      case 'variable': {
        const seen = visible(read.host ?? host).find(({ play, role }) => play === read.play && role === read.role);
        const value = seen?.values.get(read.name);
        return value === undefined ? null : digest(places.placeless(value));
      }
      case 'fact':
        return undefined;
      case 'file':
        return hashPath(places.path(read.name)) ?? null;
      case 'glob': {
        const path = places.path(read.name);
        return digest(
          glob(dirname(path), basename(path))
            .map((one) => basename(one))
            .sort(),
        );
      }
      case 'environment': {
        const value = env[read.name];
        return value === undefined ? null : digest(value);
      }
      case 'command':
        return outputNow(read, places);
    }
  };
}

function outputNow({ name, directory }: ReadPrint, places: Places): string | null {
  try {
    const output = outputOf(name, directory === undefined ? undefined : places.path(directory));
    return digest(places.placeless(output));
  } catch (error) {
    if (error instanceof PythonError) return null;
    throw error;
  }
}
