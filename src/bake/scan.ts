/** Looks over the disk of a machine for what an image must not hold. Run as root, after it was sanitised. */

import { Fault } from '../fault.ts';
import { join, type Sh, script, sh } from '../shell/sh.ts';
import { read } from '../shell/steps.ts';
import { machineShell, pathTest, records } from './clean/machine-shell.ts';
import { checkPathPattern, matchesPath } from './clean/path-pattern.ts';
import { publicKeyBlob } from './clean/public-key-blob.ts';
import { FINDINGS, type FindingKind, isFindingKind } from './clean/scan-findings.ts';
import { SCAN_SHELL } from './clean/scan-shell.ts';
import { secretNeedle } from './clean/secret-needle.ts';
import type { Apply } from './sanitise.ts';

export interface ScanOptions {
  /** The bake's public key as authorized_keys has it. */
  readonly publicKey?: string | undefined;
  /** Values that `no_log` hides; they are in no argument list and no file of the machine while it is searched. */
  readonly secrets?: ReadonlySet<string>;
  /** Files that tasks of the playbook put: a private key among them is meant to be there. */
  readonly put?: readonly string[];
  /** `scan.ignore`: paths, with all below them; `*`, `?` and `[…]` stand for any characters. */
  readonly ignore?: readonly string[];
  /** What stands before every path. Default `/`, the machine itself. */
  readonly root?: string;
}

export interface Finding {
  readonly kind: FindingKind;
  /** As the machine names it. */
  readonly path: string;
  /** What was found there. */
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
}

export interface Scanned {
  readonly findings: readonly Finding[];
  /** Findings that `ignore` lets pass. */
  readonly ignored: readonly Finding[];
  /** How many secrets are too short to be searched for: they would be found everywhere. */
  readonly unsearched: number;
}

/**
 * One file system, from the root on, without /proc, /sys, /dev and /run.
 * Throws `config-invalid` for what `ignore` cannot mean, `scan-failed` when the disk cannot be searched.
 */
export async function scan(apply: Apply, options: ScanOptions = {}): Promise<Scanned> {
  const ignore = (options.ignore ?? []).map((pattern) => checkPathPattern(pattern, 'scan.ignore'));
  const needles = [...(options.secrets ?? [])].map(secretNeedle);
  const known = needles.filter((needle) => needle !== undefined);
  const look = read(program(options, [...new Set(known)]), ({ rc, stdout, stderr }) => ({ rc, found: stdout, stderr }));
  const { failed, msg, values } = await apply([look]);
  if (failed || values['rc'] !== 0) {
    throw new Fault('scan-failed', `the disk could not be searched: ${msg ?? String(values['stderr']).trim()}`);
  }
  const all = findingsOf(String(values['found']));
  const passes = ({ path }: Finding) => ignore.some((pattern) => matchesPath(pattern, path));
  return {
    findings: all.filter((one) => !passes(one)),
    ignored: all.filter(passes),
    unsearched: needles.length - known.length,
  };
}

/** The fault that ends a bake: every finding with its path. */
export function scanFault(findings: readonly Finding[]): Fault {
  const lines = findings.map(({ path, message, hint }) => `  ${path}: ${message}; ${hint}`);
  const many =
    findings.length === 1 ? 'something that no image may hold' : `${findings.length} things that no image may hold`;
  return new Fault('scan-found', `the disk holds ${many}:\n${lines.join('\n')}`, {
    hint: 'a path that is meant to be there is named by `scan.ignore` in the config',
  });
}

function findingsOf(text: string): readonly Finding[] {
  return records(text)
    .flatMap(({ word, path }) => (isFindingKind(word) ? [{ kind: word, path, ...FINDINGS[word] }] : []))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.kind < b.kind ? -1 : 1));
}

function program({ publicKey, put = [], root = '/' }: ScanOptions, needles: readonly string[]): Sh {
  const secrets = needles.length > 0 ? sh`printf '%s\n' ${needles}` : sh`:`;
  const body = join(
    [
      machineShell(root),
      sh`im_key=${publicKey === undefined ? '' : publicKeyBlob(publicKey)}`,
      sh`im_secrets() { ${secrets}; }`,
      pathTest('im_put', put.map(literal)),
      SCAN_SHELL,
      script('exit 0'),
    ],
    '\n',
  );
  return sh`( ${body}
)`;
}

/** A path in which nothing stands for anything else. */
const literal = (path: string): string => path.replace(/[*?[]/g, '[$&]');
