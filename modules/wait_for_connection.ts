import { Fault, type Host, module, type Result, read, sh } from '../src/module/module.ts';

export default module({
  doc: 'Wait until the host can be reached and answers.',
  args: {
    connect_timeout: { type: 'int', default: 5, doc: 'Seconds that one attempt to connect may take.' },
    delay: { type: 'int', default: 0, doc: 'Seconds before the first attempt.' },
    sleep: { type: 'int', default: 1, doc: 'Seconds between attempts.' },
    timeout: { type: 'int', default: 600, doc: 'Seconds until the wait fails.' },
  },
  examples: `
- wait_for_connection:
- wait_for_connection: { delay: 30, timeout: 300 }
`,
  async run({ connect_timeout: connect, delay, sleep, timeout }, host): Promise<Result> {
    if (host.check) return { skipped: true, changed: false };
    const start = Date.now();
    if (delay > 0) await host.sleep(delay);
    const end = Date.now() + timeout * 1000;
    let why = '';
    while (Date.now() < end) {
      const refused = await answers(host, connect);
      if (refused === undefined) return { changed: false, elapsed: secondsSince(start) };
      why = refused;
      await host.sleep(sleep);
    }
    const msg = `timed out waiting for ping module test: ${why}`;
    return { failed: true, changed: false, msg, elapsed: secondsSince(start) };
  },
});

/** Why the host does not; undefined when it does. */
async function answers(host: Host, connect: number): Promise<string | undefined> {
  try {
    await host.reconnect(0, connect);
    const { failed, msg = '' } = await host.apply([read(sh`:`, () => ({}))]);
    return failed ? msg : undefined;
  } catch (error) {
    if (error instanceof Fault && error.code !== 'interrupted') return error.message;
    throw error;
  }
}

function secondsSince(start: number): number {
  return Math.floor((Date.now() - start) / 1000);
}
