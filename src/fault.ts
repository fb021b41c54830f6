/** The one error class. Everything that is wrong with what a user gave us is a Fault; a failed task is a result, not a Fault. */

/** A place in a file. `line` and `column` count from 1; `text` is the whole file where a code frame can be drawn. */
export interface Where {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly text?: string;
}

/** Every code a Fault may carry, with what it means. A test asserts that each is documented here and used. */
export const FAULT_CODES = {
  'yaml-syntax': 'A file is not valid YAML.',
  'yaml-duplicate-key': 'A mapping names a key twice; the last one holds (a warning).',
  'yaml-tag': 'A YAML tag that is not known.',
  'playbook-invalid': 'A playbook, task file or role does not have the shape it must have.',
  'keyword-unknown': 'A keyword that plays, blocks, roles or tasks do not have.',
  'keyword-unsupported': 'A keyword that Ansible has and playbake does not support yet.',
  'value-invalid': 'A keyword has a value of the wrong type or form.',
  'module-unknown': 'A module that nobody knows.',
  'module-unsupported': 'A module that Ansible has and playbake lacks (a warning until its task is reached).',
  'module-invalid': 'A module file that cannot be loaded or is not a module.',
  'argument-missing': 'A module was not given an argument it needs.',
  'argument-unknown': 'A module was given an argument it does not have.',
  'argument-invalid': 'A module argument has the wrong type or value.',
  'argument-unsupported': 'A module argument that Ansible has and playbake does not support yet.',
  'template-syntax': 'An expression or template cannot be parsed.',
  'template-undefined': 'A template reads a variable, attribute or item that is not there.',
  'template-error': 'A template failed while it was evaluated.',
  'condition-not-boolean': 'A conditional is not a boolean (a warning, as in newer Ansible an error).',
  'condition-braces': 'A conditional holds template delimiters (a warning).',
  'file-missing': 'A file that is named is nowhere it was looked for.',
  'file-unreadable': 'A file cannot be read.',
  'role-missing': 'A role is nowhere it was looked for.',
  'handler-missing': 'A notified handler does not exist.',
  'inventory-missing': 'An inventory is nowhere it was looked for.',
  'inventory-invalid': 'An inventory cannot be parsed.',
  'inventory-empty': 'An inventory holds no hosts (a warning).',
  'pattern-invalid': 'A host pattern cannot be parsed.',
  'pattern-empty': 'A host pattern matches no host.',
  'vars-invalid': 'A variables file or extra variable does not hold variables.',
  'option-invalid': 'A command-line option or argument is wrong.',
  'config-invalid': 'A configuration file is wrong.',
  'host-unresolved': 'A host name cannot be resolved.',
  'host-unreachable': 'A host cannot be connected to.',
  'host-key-unknown': 'The host key of a host is not known.',
  'host-key-changed': 'The host key of a host differs from the known one.',
  'auth-failed': 'A host refuses the login.',
  'key-invalid': 'A private key cannot be read or decrypted.',
  'connection-lost': 'A connection ended while it was in use.',
  'connection-timeout': 'A host did not answer in time.',
  'upload-failed': 'A file could not be written on a host.',
  'become-failed': 'Becoming another user failed.',
  'shell-invalid': 'A value cannot be handed to a shell.',
  'bake-unsupported': 'A task that cannot be done while an image is made.',
  'first-boot-unsupported': 'A task of the first boot that cannot be compiled into a script.',
  'sandbox-unavailable': 'The sandbox cannot run on this machine.',
  'sandbox-failed': 'The sandbox could not do what was asked.',
  'sanitise-failed': 'A machine could not be cleaned of what its image must not hold.',
  'manifest-failed': 'What a machine holds could not be listed for its manifest, or the manifest not be written.',
  'record-missing': 'Nothing is on record of an image.',
  'image-missing': 'No image of ours has that name or id.',
  'image-unusable': 'An image is not good, or was revoked.',
  'image-in-use': 'An image is the one of a channel.',
  'record-invalid': 'What is on record of an image cannot be read.',
  'scan-failed': 'The disk of a machine could not be searched.',
  'scan-found': 'The disk of a machine holds what no image may hold.',
  'cloud-credentials': 'There are no credentials for the cloud, or they have expired.',
  'cloud-denied': 'The credentials do not allow a call to the cloud.',
  'cloud-unreachable': 'The cloud cannot be reached.',
  'cloud-refused': 'The cloud refuses a call.',
  'cloud-timeout': 'Something in the cloud took longer than it may.',
  'cloud-lost': 'Something in the cloud is gone or has failed while it was needed.',
  'base-missing': 'No image matches the base that is wanted.',
  'base-ambiguous': 'Several images match the base that is wanted.',
  'name-taken': 'An image has the name already.',
  'play-failed': 'The playbook failed on the machine of a bake.',
  'test-failed': 'A new image did not pass its test.',
  'journal-failed': 'The journal of a bake cannot be written.',
  'journal-invalid': 'The journal of a bake cannot be read.',
  'run-missing': 'There is no such bake.',
  'run-busy': 'Another process is at work on a bake.',
  'run-ended': 'A bake cannot go on.',
  'state-locked': 'Another process works on the state of rollouts.',
  'state-invalid': 'The state of rollouts cannot be read.',
  'state-conflict': 'The state of rollouts is not the one that was read: somebody else has changed it.',
  'state-failed': 'The state of rollouts cannot be written.',
  'state-missing': 'There is no state of rollouts, or it holds nothing of that address.',
  'terraform-missing': 'Terraform is needed and not there.',
  'terraform-failed': 'Terraform did not do what it was asked to.',
  'export-refused': 'What a fleet has now cannot be written as a configuration.',
  'import-refused': 'An instance cannot be adopted into a fleet.',
  'rollout-open': 'A rollout is under way that must end first.',
  'fleet-invalid': 'A fleet names something in the cloud that is not there, or not as it must be.',
  'plan-invalid': 'A saved plan cannot be read or written.',
  'plan-refused': 'A strategy cannot keep what it promises.',
  'plan-stale': 'A saved plan was made of a state that is not the state any more.',
  'rollout-refused': 'A rollout cannot be begun, or cannot go on, as it is asked for.',
  'rollout-unhealthy': 'An instance of a rollout did not become healthy, or did not stay so.',
  'not-built': 'A verb or feature that does not exist yet.',
  interrupted: 'The user stopped the run.',
} as const;

export type FaultCode = keyof typeof FAULT_CODES;

export interface FaultOptions {
  readonly where?: Where | undefined;
  /** What to do now, in one sentence. */
  readonly hint?: string | undefined;
  readonly cause?: unknown;
}

/** `message` says what is wrong; `where` is the place; `hint` says what to do now. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;
  readonly where: Where | undefined;
  readonly hint: string | undefined;

  constructor(code: FaultCode, message: string, { where, hint, cause }: FaultOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.where = where;
    this.hint = hint;
  }
}

/** Several faults at once, so that a user sees all that is wrong in one run. */
export class Faults extends Error {
  override readonly name = 'Faults';
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map((fault) => fault.message).join('\n'));
    this.faults = faults;
  }
}

/** Where readers and checkers put what they find, so that they can go on looking. */
export class Findings {
  readonly faults: Fault[] = [];
  readonly warnings: Fault[] = [];

  fault(code: FaultCode, message: string, options?: FaultOptions): void {
    this.faults.push(new Fault(code, message, options));
  }

  warn(code: FaultCode, message: string, options?: FaultOptions): void {
    this.warnings.push(new Fault(code, message, options));
  }

  /** Runs `look`; a Fault or Faults that it throws is kept and `undefined` returned. */
  collect<T>(look: () => T): T | undefined {
    try {
      return look();
    } catch (error) {
      this.keep(error);
      return undefined;
    }
  }

  /** Keeps a Fault or Faults; throws anything else on. */
  keep(error: unknown): void {
    if (error instanceof Faults) this.faults.push(...error.faults);
    else if (error instanceof Fault) this.faults.push(error);
    else throw error;
  }

  /** Throws all faults found so far, if any. */
  check(): void {
    if (this.faults.length === 1) throw this.faults[0];
    if (this.faults.length > 0) throw new Faults(this.faults);
  }
}

/** All faults in a thrown value, or undefined when it is something else (a bug of ours). */
export function faultsOf(error: unknown): readonly Fault[] | undefined {
  if (error instanceof Fault) return [error];
  if (error instanceof Faults) return error.faults;
  return undefined;
}
