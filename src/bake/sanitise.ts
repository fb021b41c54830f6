/** Removes from a machine what an image of it must not hold. Run as root, when the playbook is through. */

import { Fault } from '../fault.ts';
import type { Outcome } from '../shell/outcome.ts';
import { join, type Sh, script, sh } from '../shell/sh.ts';
import { run, type Steps } from '../shell/steps.ts';
import { machineShell, pathTest, records } from './clean/machine-shell.ts';
import { checkPathPattern, patternWord } from './clean/path-pattern.ts';
import { publicKeyBlob } from './clean/public-key-blob.ts';
import { SANITISE_ITEMS, type SanitiseItem } from './clean/sanitise-items.ts';
import { SANITISE_SHELL } from './clean/sanitise-shell.ts';

/** Runs steps on the machine as root, such as `host.apply`. */
export type Apply = (steps: Steps) => Promise<Outcome>;

export interface SanitiseOptions {
  /** The bake's public key as authorized_keys has it: lines that hold it go. */
  readonly publicKey?: string | undefined;
  /** `sanitise.paths`: removed too. Absolute; `*`, `?` and `[…]` are expanded on the machine. */
  readonly paths?: readonly string[];
  /** `sanitise.keep`: names of items (`logs`, `package-caches` …) or paths that stay, with all below them. */
  readonly keep?: readonly string[];
  /** What stands before every path. Default `/`, the machine itself. */
  readonly root?: string;
}

/** One item, and the paths that were removed, emptied or changed for it. */
export interface Sanitised {
  readonly name: string;
  readonly title: string;
  readonly paths: readonly string[];
}

/**
 * Gives what was done, item by item, also those for which there was nothing to do.
 * Throws `config-invalid` for what `paths` and `keep` cannot mean, `sanitise-failed` when something cannot be removed.
 */
export async function sanitise(apply: Apply, options: SanitiseOptions = {}): Promise<readonly Sanitised[]> {
  const items = itemsOf(options);
  const outcome = await apply([
    run(program(items, options), { result: ({ stdout, stderr }) => ({ done: stdout, stderr }) }),
  ]);
  if (outcome.failed) throw failure(outcome);
  const done = records(String(outcome.values['done']));
  return items.map(({ name, title }) => ({
    name,
    title,
    paths: done.filter(({ word }) => word === name).map(({ path }) => path),
  }));
}

/** What was done as a line: `SSH host keys: 6 removed (/etc/ssh/ssh_host_rsa_key …)`. */
export function sanitisedLine({ title, paths }: Sanitised): string {
  const [first] = paths;
  if (first === undefined) return `${title}: nothing there`;
  return paths.length === 1 ? `${title}: ${first}` : `${title}: ${paths.length} paths (${first} …)`;
}

function itemsOf({ publicKey, paths = [], keep = [] }: SanitiseOptions): readonly SanitiseItem[] {
  const names = SANITISE_ITEMS.map(({ name }) => name);
  const unknown = keep.find((one) => !one.startsWith('/') && !names.includes(one));
  if (unknown !== undefined) {
    throw new Fault('config-invalid', `sanitise.keep: there is no item "${unknown}"`, {
      hint: `items are ${names.join(', ')}; a path begins with a slash`,
    });
  }
  const wanted = SANITISE_ITEMS.filter(({ name }) => !keep.includes(name));
  const own = paths.map((path) => sh`"$R"${patternWord(checkPathPattern(path, 'sanitise.paths'))}`);
  const logs = wanted.findIndex(({ name }) => name === 'logs');
  return [
    ...(publicKey === undefined ? [] : [bakeKey(publicKey)]),
    ...wanted.slice(0, logs === -1 ? undefined : logs),
    ...(own.length > 0
      ? [{ name: 'paths', title: 'paths of the config', clean: sh`im_remove ${join(own, ' ')}` }]
      : []),
    ...(logs === -1 ? [] : wanted.slice(logs)),
  ];
}

function bakeKey(publicKey: string): SanitiseItem {
  const clean = sh`im_key=${publicKeyBlob(publicKey)}
im_in_homes im_forget .ssh/authorized_keys .ssh/authorized_keys2
for k in "$R"/etc/ssh/authorized_keys "$R"/etc/ssh/authorized_keys/* "$R"/etc/ssh/authorized_keys.d/*; do im_forget "$k"; done`;
  return { name: 'bake-key', title: "the bake's key in authorized_keys", clean };
}

function program(items: readonly SanitiseItem[], { keep = [], root = '/' }: SanitiseOptions): Sh {
  const kept = keep.filter((one) => one.startsWith('/')).map((path) => checkPathPattern(path, 'sanitise.keep'));
  const parts = items.map(
    ({ name, clean }) => sh`im_item=${name}
${clean}`,
  );
  return join(
    [
      machineShell(root),
      sh`im_keeps=${kept.length > 0 ? '1' : ''}`,
      pathTest('im_kept', kept),
      SANITISE_SHELL,
      ...parts,
      script('sync 2>/dev/null; exit "$im_bad"'),
    ],
    '\n',
  );
}

function failure({ msg, values }: Outcome): Fault {
  const said = msg ?? String(values['stderr'] ?? '');
  return new Fault('sanitise-failed', `the machine could not be cleaned${said && `: ${said.trim()}`}`, {
    hint: 'what must stay is named by `sanitise.keep` in the config',
  });
}
