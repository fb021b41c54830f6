import { ensure, fail, module, type Result, read, sh } from '../src/module/module.ts';

export default module({
  doc: 'Make sure that the host answers and that its shell works.',
  args: {
    data: { type: 'string', default: 'pong', doc: 'What the result’s `ping` is to be; `crash` makes it fail.' },
  },
  examples: `
- ping:
`,
  streams: true,
  plan: ({ data }) => [
    ensure(sh`[ ${data} != crash ]`, fail('boom')),
    read(sh`printf %s ${data}`, ({ stdout }) => ({ ping: stdout })),
  ],
  result: ({ failed, msg, values }): Result =>
    failed ? { failed, msg: msg ?? 'boom' } : { changed: false, ping: values['ping'] },
});
