/** The server of a sandbox as a process of its own, which can be killed. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { EC2Client } from '@aws-sdk/client-ec2';
import { CREDENTIALS } from './cloud-server.ts';

export interface ServedCloud {
  /** Of us-east-1. */
  readonly ec2: EC2Client;
  /** Where it listens, as a URL. */
  readonly endpoint: string;
  /** Ends it as a crash does. */
  readonly kill: () => Promise<void>;
  /** Lets it end what it is doing. */
  readonly stop: () => Promise<void>;
}

export async function serveCloud(home: string): Promise<ServedCloud> {
  const source = join(import.meta.dirname, '../../src/sandbox');
  const script = `import { serve } from '${source}/cloud/serve.ts';
    import { homeAt } from '${source}/home.ts';
    const told = new AbortController();
    process.once('SIGTERM', () => told.abort());
    await serve({
      home: homeAt('${home}'),
      port: 0,
      onProgress: () => {},
      onReady: (endpoint) => process.stdout.write(endpoint),
      onError: (title, error) => console.error(title, error),
      crash: () => process.kill(process.pid, 'SIGKILL'),
      signal: told.signal,
    });`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    env: { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const endpoint = await firstWord(child);
  return {
    endpoint,
    ec2: new EC2Client({ region: 'us-east-1', endpoint, credentials: CREDENTIALS }),
    kill: () => ended(child, 'SIGKILL'),
    stop: () => ended(child, 'SIGTERM'),
  };
}

function firstWord(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.stdout?.once('data', (data) => resolve(String(data)));
    child.once('exit', (status) => reject(new Error(`the server ended with ${status} before it was ready`)));
  });
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
}
