import { module, type Result, read, sh } from '../src/module/module.ts';

export default module({
  doc: 'Make sure that the host answers and that its shell works.',
  args: {
    data: { type: 'string', default: 'pong', doc: 'What the result’s `ping` is to be; `crash` makes it fail.' },
  },
  examples: `
- ping:
`,
  plan: ({ data }) => [read(sh`printf %s ${data}`, ({ stdout }) => ({ ping: stdout }))],
  result({ values }): Result {
    if (values['ping'] === 'crash') return { failed: true, msg: 'boom' };
    return { changed: false, ping: values['ping'] };
  },
});
