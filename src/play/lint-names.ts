/** Names of variables in the templates of a task, and of the files that it templates, as far as they can be told. */

import { readFileSync } from 'node:fs';
import type { RoleUse, Task } from '../playbook/types.ts';
import { isTemplate } from '../template/templar.ts';
import { isDict, isList, type Value } from '../value/value.ts';
import { findFile } from './files.ts';
import { isOfHost } from './first-boot/boot-scope.ts';

/** Expressions of a task: of its arguments and loop, its conditions, and the template that it writes. */
export function expressionsOf(task: Task, roles: readonly RoleUse[]): readonly string[] {
  const given: Value[] = [...task.args.values(), ...(task.loop ? [task.loop.items] : []), task.argsTemplate ?? null];
  const conditions = ['when', 'until', 'changed_when', 'failed_when'].flatMap((name) =>
    texts(task.keywords.get(name) ?? null),
  );
  const others = ['environment', 'delegate_to', 'vars'].map((name) => task.keywords.get(name) ?? null);
  const templates = [...given, ...others, ...task.vars.values(), templateFile(task, roles)]
    .flatMap(texts)
    .filter(isTemplate);
  const bare = task.action === 'assert' ? texts(task.args.get('that') ?? null) : [];
  return [...conditions, ...bare, ...templates.flatMap((text) => text.match(/\{\{.*?\}\}|\{%.*?%\}/gs) ?? [])];
}

/** The facts among them that each host has of its own: `ansible_default_ipv4` … */
export function ownFacts(expressions: readonly string[]): readonly string[] {
  const found = expressions.flatMap((text) => [
    ...[...text.matchAll(/(?<![\w.'"])ansible_(\w+)/g)].map(([, name]) => name ?? ''),
    ...[...text.matchAll(/ansible_facts(?:\.|\[['"])(\w+)/g)].map(([, name]) => name ?? ''),
  ]);
  return [...new Set(found.filter((name) => isOfHost(name, new Map())))].map((name) => `ansible_${name}`);
}

export function readsName(expressions: readonly string[], name: string): boolean {
  const word = new RegExp(`(?<![\\w.'"])${name}(?!\\w)`);
  return expressions.some((text) => word.test(text));
}

function templateFile(task: Task, roles: readonly RoleUse[]): Value {
  const src = task.args.get('src');
  if (task.action !== 'template' || typeof src !== 'string' || isTemplate(src)) return null;
  try {
    const path = [...roles.map((role) => role.path).reverse(), task.directory];
    return readFileSync(findFile(src, 'templates', path, undefined), 'utf8');
  } catch {
    return null; // What is not there is told when the playbook is checked.
  }
}

function texts(value: Value): readonly string[] {
  if (typeof value === 'string') return [value];
  if (isList(value)) return value.flatMap(texts);
  return isDict(value) ? [...value.values()].flatMap(texts) : [];
}
