import { module, type Result, str, type Value } from '../src/module/module.ts';

export default module({
  doc: 'Set variables of the host for the rest of the run.',
  args: {
    facts: { type: 'value', doc: 'The variables: every argument but `cacheable` is one.' },
    cacheable: { type: 'boolean', default: false, doc: 'Set it as a fact too, which a fact cache keeps.' },
  },
  rest: 'facts',
  examples: `
- set_fact:
    release_dir: "/srv/app/releases/{{ app_version }}"
    is_new: true
`,
  local: true,
  streams: true,
  async run({ facts, cacheable }, host): Promise<Result> {
    const variables = new Map<string, Value>();
    for (const [key, value] of facts instanceof Map ? facts : []) {
      const name = str(host.render(key));
      if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(name)) return { failed: true, msg: invalid(name) };
      variables.set(name, truth(value));
    }
    if (variables.size === 0) {
      const msg = 'No key/value pairs provided, at least one is required for this action to succeed';
      return { failed: true, msg };
    }
    const record = Object.fromEntries(variables);
    host.setVariables(record, 'set_fact');
    if (cacheable) host.setVariables(record, 'fact');
    return { changed: false, ansible_facts: new Map(variables), _ansible_facts_cacheable: cacheable };
  },
});

/** Text that says yes or no becomes a boolean, as in Ansible. */
function truth(value: Value): Value {
  if (typeof value !== 'string') return value;
  const word = value.toLowerCase();
  if (word === 'true' || word === 'yes') return true;
  return word === 'false' || word === 'no' ? false : value;
}

function invalid(name: string): string {
  return (
    `The variable name '${name}' is not valid. Variables must start with a letter or underscore character, ` +
    'and contain only letters, numbers and underscores.'
  );
}
