/** A host for module cases: this machine, through the channel, with a shell of choice. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Session } from '../../src/connection/session.ts';
import { Fault } from '../../src/fault.ts';
import { apply } from '../../src/module/apply.ts';
import type { Host, Steps, Value } from '../../src/module/module.ts';
import type { Dict } from '../../src/value/value.ts';
import type { Language } from './language.ts';

export function openSession(shell: string): Session {
  return new Session({ name: 'here', kind: 'local', address: 'localhost', hostKeyChecking: false, shell });
}

export interface LocalHostOptions {
  readonly session: Session;
  readonly check: boolean;
  readonly mode?: 'live' | 'bake';
  readonly vars: Dict;
  readonly language: Language;
  /** Where `files/`, `templates/` and `vars/` are. */
  readonly control: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface LocalHost extends Host {
  readonly warnings: readonly string[];
  /** What `setVariables` was told. */
  readonly variablesSet: ReadonlyMap<string, Value>;
  readonly answers: string[];
}

export function localHost({
  mode = 'live',
  session,
  check,
  vars,
  language,
  control,
  environment,
}: LocalHostOptions): LocalHost {
  const warnings: string[] = [];
  const variablesSet = new Map<string, Value>();
  const answers: string[] = [];
  const carryOut = (steps: Steps) => apply(session, steps, { check, diff: true, ...(environment && { environment }) });
  return {
    warnings,
    variablesSet,
    answers,
    facts: {},
    check,
    diff: true,
    mode,
    verbosity: 0,
    variable: (name) => vars.get(name),
    variables: () => [...vars.keys()].map(String),
    render: (value, extra) => language.render(value, new Map<Value, Value>([...vars, ...Object.entries(extra ?? {})])),
    condition: (expression) => language.condition(expression, vars),
    evaluate: (expression) => language.evaluate(expression, vars),
    renderFile: async (path, options) => language.file(readFileSync(path, 'utf8'), path, vars, options ?? {}),
    find(name, kind) {
      const found = [join(control, kind, name), join(control, name)].find((path) => existsSync(path));
      if (found !== undefined) return name.endsWith('/') && !found.endsWith('/') ? `${found}/` : found;
      throw new Fault('file-missing', `${name} is nowhere in ${control}`);
    },
    warn: (message) => {
      warnings.push(message);
    },
    apply: carryOut,
    finish: carryOut,
    sleep: (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000)),
    reconnect: async () => undefined,
    transport: 'local',
    isImage: (address) => mode === 'bake' && /^(?:localhost|127\.)/.test(address),
    ask: async () => answers.shift(),
    setVariables: (variables) => {
      for (const [name, value] of Object.entries(variables)) variablesSet.set(name, value);
    },
  };
}
