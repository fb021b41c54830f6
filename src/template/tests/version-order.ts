/** How versions are ordered: by Python's old LooseVersion and StrictVersion, by SemVer and by PEP 440. */

import { PythonError } from '../../value/python-error.ts';

export type Compare = (a: string, b: string) => number;

/** Numbers and words between dots, as distutils' LooseVersion reads them. */
function looseParts(version: string): readonly (number | string)[] {
  const parts = version.match(/\d+|[a-z]+|\.|[^\da-z.]+/g) ?? [];
  return parts.filter((part) => part !== '.').map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

export function compareLoose(a: string, b: string): number {
  const [left, right] = [looseParts(a), looseParts(b)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x, y] = [left[i], right[i]];
    if (x === undefined) return -1;
    if (y === undefined) return 1;
    if (typeof x !== typeof y) {
      throw new PythonError("Version comparison failed: '<' not supported between instances of 'int' and 'str'");
    }
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}

const STRICT = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/;

function strictParts(version: string): readonly number[] {
  const found = STRICT.exec(version);
  if (!found) throw new PythonError(`Version comparison failed: invalid version number '${version}'`);
  const [, major, minor, patch = '0', letter, number = '0'] = found;
  const phase = letter === undefined ? 0 : letter === 'a' ? -2 : -1;
  return [Number(major), Number(minor), Number(patch), phase, Number(number)];
}

export const compareStrict: Compare = (a, b) => compareNumbers(strictParts(a), strictParts(b));

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

const SEMANTIC = /^v?(\d+)\.(\d+)\.(\d+)(?:-([\w.-]+))?(?:\+[\w.-]+)?$/;

function semanticParts(version: string): { readonly core: readonly number[]; readonly pre: readonly string[] } {
  const found = SEMANTIC.exec(version);
  if (!found) throw new PythonError(`Version comparison failed: invalid semantic version '${version}'`);
  const [, major, minor, patch, pre] = found;
  return { core: [Number(major), Number(minor), Number(patch)], pre: pre?.split('.') ?? [] };
}

export function compareSemantic(a: string, b: string): number {
  const [left, right] = [semanticParts(a), semanticParts(b)];
  const core = compareNumbers(left.core, right.core);
  if (core !== 0) return core;
  if (left.pre.length === 0 || right.pre.length === 0) return right.pre.length - left.pre.length;
  for (let i = 0; i < Math.max(left.pre.length, right.pre.length); i++) {
    const order = compareIdentifiers(left.pre[i], right.pre[i]);
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers come before words, fewer before more. */
function compareIdentifiers(a: string | undefined, b: string | undefined): number {
  if (a === undefined) return -1;
  if (b === undefined) return 1;
  const [x, y] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (x && y) return Number(a) - Number(b);
  if (x !== y) return x ? -1 : 1;
  return a === b ? 0 : a < b ? -1 : 1;
}

const PEP440 =
  /^v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(a|b|c|rc|alpha|beta|pre|preview)[-_.]?(\d*))?(?:(?:[-_.]?(?:post|rev|r)[-_.]?(\d*))|-(\d+))?(?:[-_.]?dev[-_.]?(\d*))?(?:\+[\w.]+)?$/i;
const PHASES: Readonly<Record<string, number>> = { a: 1, alpha: 1, b: 2, beta: 2 };

/** Epoch, release, pre-release, post-release and development release, each to be compared in turn. */
function pepParts(version: string): readonly (readonly number[])[] {
  const found = PEP440.exec(version.trim());
  if (!found) throw new PythonError(`Invalid version: '${version}'`);
  const [, epoch = '0', release = '', phase, phaseNumber, post, bare, dev] = found;
  const postRelease = post ?? bare;
  const pre = phase
    ? [PHASES[phase.toLowerCase()] ?? 3, Number(phaseNumber ?? 0)]
    : [dev !== undefined && postRelease === undefined ? 0 : 9];
  return [
    [Number(epoch)],
    release.split('.').map(Number),
    pre,
    postRelease === undefined ? [0] : [1, Number(postRelease)],
    dev === undefined ? [1] : [0, Number(dev)],
  ];
}

export function comparePep440(a: string, b: string): number {
  const [left, right] = [pepParts(a), pepParts(b)];
  for (let i = 0; i < left.length; i++) {
    const order = compareNumbers(left[i]!, right[i]!);
    if (order !== 0) return order;
  }
  return 0;
}
