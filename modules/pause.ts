import { module, type Result } from '../src/module/module.ts';

export default module({
  doc: 'Wait, or ask the user.',
  args: {
    minutes: { type: 'float', doc: 'How long to wait.' },
    seconds: { type: 'float', doc: 'How long to wait.' },
    prompt: { type: 'string', doc: 'What to ask; the answer is `user_input`.' },
    echo: { type: 'boolean', default: true, doc: 'Show what is typed.' },
  },
  examples: `
- pause: { seconds: 5 }
- pause: { prompt: Which release? }
  register: answer
`,
  local: true,
  verify({ minutes, seconds }) {
    return minutes !== undefined && seconds !== undefined
      ? 'parameters are mutually exclusive: minutes|seconds'
      : undefined;
  },
  async run({ minutes, seconds, prompt, echo }, host): Promise<Result> {
    const wait = minutes === undefined ? seconds : minutes * 60;
    const start = new Date();
    let answer: string | undefined = '';
    if (wait === undefined) {
      const hidden = echo ? '' : ' (output is hidden)';
      answer = await host.ask(`${prompt ?? 'Press enter to continue, Ctrl+C to interrupt'}${hidden}:`, { echo });
      if (answer === undefined) host.warn('Not waiting for response to prompt as stdin is not interactive');
    } else await host.sleep(Math.max(1, Math.floor(wait)));
    const stop = new Date();
    // A timer may end a millisecond early.
    const passed = (stop.getTime() - start.getTime() + 2) / 1000;
    const inSeconds = seconds !== undefined;
    const duration = Math.round((inSeconds ? passed : passed / 60) * 100) / 100;
    return {
      changed: false,
      rc: 0,
      stderr: '',
      stdout: `Paused for ${duration} ${inSeconds ? 'seconds' : 'minutes'}`,
      start: clock(start),
      stop: clock(stop),
      delta: Math.floor(passed),
      echo,
      user_input: answer ?? '',
    };
  },
});

/** In this machine's time zone, as Python prints it. */
function clock(time: Date): string {
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60000);
  return `${local.toISOString().replace('T', ' ').slice(0, -1)}000`;
}
