import { gather } from '../src/module/facts/gather.ts';
import { module } from '../src/module/module.ts';

export default module({
  doc: 'Gather facts about the host.',
  args: {
    gather_subset: {
      type: 'list',
      default: ['all'],
      doc: 'Which facts: all, min, hardware, network, virtual … or with `!` which not.',
    },
    filter: { type: 'list', default: [], doc: 'Shell patterns for the names of facts to keep.' },
    fact_path: { type: 'path', default: '/etc/ansible/facts.d', doc: 'A directory of *.fact files on the host.' },
    gather_timeout: { type: 'int', default: 10, doc: 'Seconds for each mounted network file system.' },
  },
  examples: `
- setup:
    gather_subset: ["!all", network]
- setup:
    filter: ansible_default_ipv4
`,
  streams: 'facts',
  async run({ gather_subset, filter, fact_path, gather_timeout }, host) {
    const options = { subset: gather_subset, filter, factPath: fact_path, timeout: gather_timeout };
    const { facts, warnings = [], failed } = await gather({ apply: (steps) => host.finish(steps) }, options);
    for (const warning of warnings) host.warn(warning);
    if (failed !== undefined) return { failed: true, msg: failed };
    return { changed: false, ansible_facts: Object.fromEntries(Object.entries(facts).map(prefixed)) };
  },
});

/** What Ansible tells about the gathering itself has no prefix. */
function prefixed<T>([name, value]: readonly [name: string, value: T]): readonly [name: string, value: T] {
  return [name === 'gather_subset' || name === 'module_setup' ? name : `ansible_${name}`, value];
}
