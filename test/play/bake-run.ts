/** Runs playbooks as a bake does, on this machine in the place of a build machine. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { PlayEvent } from '../../src/play/events.ts';
import type { BootFile } from '../../src/play/first-boot/boot-plan.ts';
import type { RunOptions } from '../../src/play/options.ts';
import { type ExitCode, play, prepare } from '../../src/playbake.ts';
import { dict } from '../../src/value/value.ts';

export interface BakeRun {
  readonly code: ExitCode;
  readonly events: readonly PlayEvent[];
  readonly secrets: readonly string[];
  /** `host: msg` of each result that has one. */
  readonly said: readonly string[];
}

export class BakeFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'playbake-bake-'));

  /** Files by their names, written before the run; `play.yml` is what is run. */
  async run(files: Readonly<Record<string, string>>, options: Partial<RunOptions> = {}): Promise<BakeRun> {
    this.write(files);
    const events: PlayEvent[] = [];
    const secrets: string[] = [];
    const code = await play({
      playbooks: [join(this.path, 'play.yml')],
      mode: 'bake',
      build: { name: 'app', vars: dict({ ansible_connection: 'local' }) },
      emit: (event) => events.push(event),
      onSecret: (value) => secrets.push(value),
      ...options,
      inventory: (options.inventory ?? []).map((name) => join(this.path, name)),
    });
    const said = events.flatMap((event) =>
      event.type === 'result' && event.result['msg'] !== undefined
        ? [`${event.host}: ${JSON.stringify(event.result['msg']).replace(/^"|"$/g, '')}`]
        : [],
    );
    return { code, events, secrets, said };
  }

  /** What would be put into the image for the first boot; nothing is written. */
  async bootFiles(files: Readonly<Record<string, string>>): Promise<readonly BootFile[]> {
    this.write(files);
    const prepared = await prepare({
      ...{ playbooks: [join(this.path, 'play.yml')], inventory: [], extraVars: [], tags: [], skipTags: [] },
      ...{ check: true, diff: false, forks: 1, verbosity: 0, forceHandlers: false, progress: false },
      ...{ mode: 'bake', build: { name: 'app', vars: dict({ ansible_connection: 'local' }) } },
      ...{ connection: { become: false }, emit: () => undefined, signal: new AbortController().signal },
    });
    await prepared.run();
    return prepared.firstBoot();
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, content] of Object.entries(files)) {
      const path = join(this.path, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
