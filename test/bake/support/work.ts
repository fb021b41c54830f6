/** A run to try steps with: its directory, its journal, and what it told. */

import { join } from 'node:path';
import { Engine } from '../../../src/bake/engine.ts';
import type { BakeEvent } from '../../../src/bake/events.ts';
import { Journal } from '../../../src/bake/journal/journal.ts';
import { makeRunDirectory } from '../../../src/bake/journal/run-directory.ts';
import type { BakeRequest } from '../../../src/bake/request.ts';
import { runTags } from '../../../src/bake/tags.ts';
import type { Cloud } from '../../../src/cloud/cloud.ts';
import type { ImageConfig } from '../../../src/config/config.ts';
import { imageConfig } from '../../../src/config/image-config.ts';
import { dict, type Value } from '../../../src/value/value.ts';

export const RUN = '20261126-021500-3f9a1c';

export function request(project: string, image: Readonly<Record<string, Value>> = {}): BakeRequest {
  const config: ImageConfig = imageConfig(
    'app',
    dict({ playbook: 'app.yml', ...image }),
    join(project, 'playbake.yml'),
  );
  return {
    image: config,
    project,
    configFile: join(project, 'playbake.yml'),
    inventory: [],
    extraVars: [],
    tags: [],
    skipTags: [],
    name: undefined,
    sshFrom: '203.0.113.7/32',
    test: true,
    force: false,
    verbosity: 0,
  };
}

export interface Trial {
  readonly engine: Engine;
  readonly journal: Journal;
  readonly events: BakeEvent[];
}

/** Opens the run's journal, or begins it: as a process does that is started or started again. */
export function trial(
  project: string,
  cloud: Cloud,
  image: Readonly<Record<string, Value>> = {},
  signal = new AbortController().signal,
): Trial {
  const directory = makeRunDirectory(project, RUN);
  const journal = new Journal(directory.journal);
  const events: BakeEvent[] = [];
  const engine = new Engine({
    run: RUN,
    request: request(project, image),
    cloud,
    directory,
    journal,
    signal,
    tags: runTags({ run: RUN, image: 'app', until: new Date(0) }),
    emit: (event) => events.push(event),
    tryAgain: async () => false,
  });
  return { engine, journal, events };
}
