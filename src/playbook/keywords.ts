/** The keywords of plays, blocks, roles and tasks, and the types of their values. */

export type KeywordType = 'boolean' | 'int' | 'number' | 'text' | 'list' | 'names' | 'dict' | 'condition' | 'any';
export type Level = 'play' | 'block' | 'task' | 'handler' | 'role';

/** What every level may say. */
const BASE: Readonly<Record<string, KeywordType>> = {
  name: 'any',
  port: 'int',
  remote_user: 'text',
  user: 'text',
  vars: 'any',
  module_defaults: 'any',
  environment: 'any',
  no_log: 'boolean',
  run_once: 'boolean',
  ignore_errors: 'boolean',
  ignore_unreachable: 'boolean',
  check_mode: 'boolean',
  diff: 'boolean',
  any_errors_fatal: 'boolean',
  throttle: 'int',
  timeout: 'int',
  become: 'boolean',
  become_method: 'text',
  become_user: 'text',
  become_flags: 'text',
  become_exe: 'text',
  connection: 'text',
  collections: 'names',
  tags: 'names',
};

const PLAY: Readonly<Record<string, KeywordType>> = {
  hosts: 'names',
  gather_facts: 'boolean',
  gather_subset: 'names',
  gather_timeout: 'int',
  fact_path: 'text',
  vars_files: 'any',
  vars_prompt: 'any',
  roles: 'any',
  handlers: 'any',
  pre_tasks: 'any',
  tasks: 'any',
  post_tasks: 'any',
  force_handlers: 'boolean',
  max_fail_percentage: 'number',
  serial: 'any',
  strategy: 'text',
  order: 'text',
};

const BLOCK: Readonly<Record<string, KeywordType>> = {
  block: 'list',
  rescue: 'list',
  always: 'list',
  when: 'condition',
  notify: 'names',
  delegate_to: 'text',
  delegate_facts: 'boolean',
};

const TASK: Readonly<Record<string, KeywordType>> = {
  action: 'any',
  local_action: 'any',
  args: 'any',
  async: 'int',
  poll: 'int',
  changed_when: 'condition',
  failed_when: 'condition',
  delay: 'number',
  retries: 'int',
  until: 'condition',
  loop: 'any',
  loop_control: 'dict',
  register: 'text',
  notify: 'names',
  delegate_to: 'text',
  delegate_facts: 'boolean',
  when: 'condition',
};

const LEVELS: Readonly<Record<Level, Readonly<Record<string, KeywordType>>>> = {
  play: { ...BASE, ...PLAY },
  block: { ...BASE, ...BLOCK },
  task: { ...BASE, ...TASK },
  handler: { ...BASE, ...TASK, listen: 'names' },
  role: { ...BASE, when: 'condition', delegate_to: 'text', delegate_facts: 'boolean' },
};

/** Keywords that Ansible has and playbake does not, with what to do instead. */
export const UNSUPPORTED: Readonly<Record<string, string>> = {
  debugger: 'playbake has no task debugger; use --step, or -vvv to see more',
};

/** Keywords that Ansible once had, with what replaced them. */
export const REMOVED: Readonly<Record<string, string>> = {
  sudo: 'become: true',
  sudo_user: 'become_user',
  su: 'become: true with become_method: su',
  su_user: 'become_user',
  accelerate: 'nothing: playbake needs no accelerated mode',
  include: 'include_tasks, import_tasks or import_playbook',
  always_run: 'check_mode: false',
  static: 'import_tasks (static) or include_tasks (dynamic)',
  private: 'import_role or include_role with public',
  first_available_file: 'with_first_found',
};

export function keywordTypes(level: Level): Readonly<Record<string, KeywordType>> {
  return LEVELS[level];
}

export function isKeyword(level: Level, name: string): boolean {
  return Object.hasOwn(LEVELS[level], name) || Object.hasOwn(UNSUPPORTED, name);
}

export const LOOP_CONTROL: ReadonlySet<string> = new Set([
  'loop_var',
  'index_var',
  'label',
  'pause',
  'extended',
  'extended_allitems',
]);
