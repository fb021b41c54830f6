/** A sandbox's cloud for one suite: its own home, its own server, its own machines. */

import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { EC2 } from '@aws-sdk/client-ec2';
import { ownSandbox } from './own-sandbox.ts';

const exec = promisify(execFile);
const BIN = resolve(import.meta.dirname, '../../bin/playbake.js');

export interface OwnCloud {
  readonly home: string;
  readonly ec2: EC2;
  /** `playbake sandbox …`. */
  sandbox(...args: readonly string[]): Promise<string>;
  stop(): Promise<void>;
}

export async function ownCloud(): Promise<OwnCloud> {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] = 'true';
  const { home } = await ownSandbox(1);
  const sandbox = async (...args: readonly string[]) => {
    const env = { ...process.env, PLAYBAKE_SANDBOX: home };
    const { stdout } = await exec(process.execPath, [BIN, 'sandbox', ...args], { env });
    return stdout;
  };
  const [, endpoint = ''] = /AWS_ENDPOINT_URL=(\S+)/.exec(await sandbox('env')) ?? [];
  const credentials = { accessKeyId: 'AKIASANDBOX000000000', secretAccessKey: 'sandbox' };
  const ec2 = new EC2({ endpoint, region: 'us-east-1', credentials, maxAttempts: 8 });
  return {
    home: join(home),
    ec2,
    sandbox,
    async stop() {
      ec2.destroy();
      await sandbox('down', '--purge');
    },
  };
}
