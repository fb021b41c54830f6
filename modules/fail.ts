import { module } from '../src/module/module.ts';

export default module({
  doc: 'Fail with a message.',
  args: { msg: { type: 'value', default: 'Failed as requested from task', doc: 'What to say.' } },
  examples: `
- fail: { msg: "{{ inventory_hostname }} has no data disk" }
  when: data_disk is not defined
`,
  local: true,
  streams: true,
  plan: ({ msg }) => ({ failed: true, msg }),
});
