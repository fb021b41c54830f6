/** What tasks hold that nobody may see: secret arguments, and the arguments and the result of a `no_log` task. */

import { argumentOf } from '../module/check-arguments.ts';
import type { Module } from '../module/module.ts';
import { secretTexts } from '../module/perform.ts';
import { isTemplate } from '../template/templar.ts';
import { type Dict, isDict, isList, type Plain, Unsafe, type Value } from '../value/value.ts';
import type { ResultData } from './events.ts';
import { keywordIs } from './item.ts';
import { NotYet } from './not-yet.ts';
import { type ItemRun, render } from './task-run.ts';

/** Types whose values are words, not secrets. */
const WORDS: ReadonlySet<string> = new Set(['path', 'mode', 'boolean', 'int', 'float', 'enum']);

/** Whether a task's arguments and result are to be shown nowhere. */
export function isHidden(run: ItemRun): boolean {
  try {
    return keywordIs(run, 'no_log');
  } catch (error) {
    if (error instanceof NotYet) throw error;
    return true; // Better to show too little than a secret.
  }
}

/** Tells the texts of secret arguments, and of all arguments of a `no_log` task. */
export function noteArguments(
  run: ItemRun,
  known?: { readonly module: Module; readonly args: Parameters<typeof secretTexts>[1] },
): void {
  const { secrets } = run.play.world;
  if (!secrets.wanted) return;
  const own = known ? secretTexts(known.module, known.args) : [];
  secrets.add(own.length > 0 || !isHidden(run) ? own : hiddenArguments(run, known?.module));
}

export function noteResult(run: ItemRun, result: ResultData): void {
  const { secrets } = run.play.world;
  if (secrets.wanted && isHidden(run)) secrets.add(hiddenResult(result));
}

/**
 * What templates put into the arguments, piece by piece: of `mysql -p{{ password }}` the password, for that is what may
 * lie about somewhere. Text without templates only where it is free-form, or its name tells that it is secret.
 */
function hiddenArguments(run: ItemRun, module: Module | undefined): readonly string[] {
  const given = run.task.argsTemplate === undefined ? [] : texts(attempt(run, run.task.argsTemplate));
  const own = [...run.task.args].flatMap(([key, value]) => {
    const type = module && argumentOf(module, String(key))?.[1].type;
    return type !== undefined && WORDS.has(type) ? [] : inserted(run, String(key), value);
  });
  return [...given, ...own];
}

function inserted(run: ItemRun, name: string, value: Value): readonly string[] {
  if (isList(value)) return value.flatMap((item) => inserted(run, name, item));
  if (isDict(value)) return [...value].flatMap(([key, item]) => inserted(run, String(key), item));
  if (typeof value !== 'string') return [];
  if (!isTemplate(value)) return SECRET.test(name) ? [value] : [];
  if (value.includes('{%')) return texts(attempt(run, value));
  return (value.match(/\{\{.*?\}\}/gs) ?? []).flatMap((piece) => texts(attempt(run, piece)));
}

const SECRET = /pass|secret|token|key|^_raw_params$/i;

/** A piece that cannot be rendered by itself fails with its task. */
function attempt(run: ItemRun, value: Value): Value {
  try {
    return render(run, value);
  } catch {
    return null;
  }
}

/** What a command printed, and what a server or a file held. */
function hiddenResult(result: ResultData): readonly string[] {
  const { stdout, content, json } = result;
  return [stdout, content, json].flatMap((value) => plainTexts(value)).map((text) => text.trim());
}

function plainTexts(value: Plain | undefined): readonly string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(plainTexts) : [];
}

function texts(value: Value): readonly string[] {
  if (typeof value === 'string') return [value];
  if (value instanceof Unsafe) return [value.text];
  if (isList(value)) return value.flatMap(texts);
  return isDict(value) ? [...(value as Dict).values()].flatMap(texts) : [];
}
