import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { itKeepsStates } from '../rollout/support/s3-state.ts';
import { PYTHON, pythonMissing } from '../support/python.ts';

const missing = await pythonMissing('boto3', 'moto.server');
if (missing === undefined) {
  describe("the state in moto's S3", () => {
    let server: ChildProcess;
    let endpoint = '';
    before(async function () {
      this.timeout(60_000);
      server = spawn(PYTHON, [join(import.meta.dirname, 'state-moto.py')], { stdio: ['pipe', 'pipe', 'ignore'] });
      for await (const line of server.stdout ?? []) {
        [endpoint = ''] = /http:\S+/.exec(String(line)) ?? [];
        if (endpoint !== '') break;
      }
    });
    after(async () => {
      server.stdin?.end();
      if (server.exitCode === null) await once(server, 'exit');
    });

    itKeepsStates(() => endpoint);
  });
} else console.log(`  no state is kept in moto's S3: ${missing}`);
