/** Loads and checks everything a run needs, before anything is connected to. */

import { dirname, resolve } from 'node:path';
import { Findings } from '../fault.ts';
import { parseExtraVars } from '../inventory/extra-vars.ts';
import { loadInventory } from '../inventory/load.ts';
import { selectHosts } from '../inventory/select.ts';
import { ModuleCatalog } from '../module/catalog.ts';
import { checkPlaybook } from '../playbook/check.ts';
import { checkHosts } from '../playbook/check-hosts.ts';
import { loadPlaybook } from '../playbook/load.ts';
import type { Playbook } from '../playbook/types.ts';
import { placeBuildMachine } from './build-machine.ts';
import { checkDelegation } from './check-delegation.ts';
import { checkExists } from './check-exists.ts';
import { bootFiles } from './first-boot/boot-files.ts';
import { FIRST_BOOT } from './first-boot/boot-plan.ts';
import { checkFirstBoot } from './first-boot/check.ts';
import { compileBoot } from './first-boot/compile-boot.ts';
import { listPlays } from './list.ts';
import { moduleDirectories } from './module-directories.ts';
import type { Prepare, RunOptions } from './options.ts';
import { Reads } from './reads.ts';
import { runPlaybooks } from './run-playbooks.ts';
import { Secrets } from './secrets.ts';
import { Sessions } from './sessions.ts';
import { tellWarnings } from './tell-warnings.ts';
import { templars } from './templars.ts';
import { HostStates, type World } from './world.ts';

export const prepare: Prepare = async (given) => {
  const options = forMode(given);
  const findings = new Findings();
  for (const file of options.playbooks) findings.collect(() => checkExists(file));
  findings.check();
  const playbookDirectory = dirname(resolve(options.playbooks[0] ?? '.'));
  const workingDirectory = process.cwd();
  const extraVars = parseExtraVars(options.extraVars, { workingDirectory, findings });
  const inventory = await loadInventory(options.inventory, { playbookDirectory, workingDirectory, findings });
  const modules = new ModuleCatalog({ directories: moduleDirectories(playbookDirectory) });
  const reads = options.onRead && new Reads(options.onRead);
  const templar = templars(options.emit, reads);
  const playbooks = options.playbooks.map((file) => loadPlaybook(resolve(file), { findings, extraVars }));
  const { build, limit } = options;
  if (build) {
    const plays = playbooks.flatMap((playbook) => playbook.plays);
    findings.collect(() => placeBuildMachine(inventory, build, plays, { extraVars, templar: templar([]) }));
    for (const play of plays) {
      checkDelegation(play, options, findings);
      await checkFirstBoot(play, modules, options, findings);
    }
  }
  for (const playbook of playbooks) {
    await checkPlaybook(playbook, modules, templar([]), findings);
    checkHosts(playbook, inventory, { limit, workingDirectory, findings });
  }
  findings.check();
  try {
    if (limit !== undefined && !build) selectHosts(inventory, 'all', { limit, findings, workingDirectory });
  } finally {
    tellWarnings(findings, options.emit);
  }
  const world: World = {
    options,
    emit: options.emit,
    inventory,
    extraVars,
    modules,
    sessions: new Sessions(options.connect),
    secrets: new Secrets(options.onSecret),
    findings,
    hosts: new HostStates(),
    templar,
    reads,
    order: playbooks.flatMap((playbook) => playbook.plays),
    progress: { startAt: options.startAtTask, step: options.step },
    custom: new Map(),
    firstBoot: [],
  };
  return {
    plays: playbooks.map((playbook) => ({ playbook: shownName(options, playbook), plays: listPlays(world, playbook) })),
    run: () => runPlaybooks(world, playbooks),
    firstBoot: async () => bootFiles(await compileBoot(world)),
    describe: async (host) => (await import('./describe.ts')).describe(world, host),
  };
};

/** What is for the first boot, and for the test of the image, is not done while the image is made. */
function forMode(options: RunOptions): RunOptions {
  if (options.mode !== 'bake') return options;
  return { ...options, skipTags: [...new Set([...options.skipTags, FIRST_BOOT, 'verify'])] };
}

function shownName({ playbooks }: RunOptions, playbook: Playbook): string {
  return playbooks.find((file) => resolve(file) === playbook.file) ?? playbook.file;
}
