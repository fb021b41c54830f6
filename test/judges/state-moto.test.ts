import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { itKeepsStates } from '../rollout/support/s3-state.ts';
import { PYTHON, pythonMissing } from '../support/python.ts';

const start = () => spawn(PYTHON, [join(import.meta.dirname, 'state-moto.py')], { stdio: ['pipe', 'pipe', 'ignore'] });

const missing = await pythonMissing('boto3', 'moto.server');
if (missing === undefined) {
  describe("the state in moto's S3", () => {
    let server: ReturnType<typeof start>;
    let endpoint = '';
    before(async function () {
      this.timeout(60_000);
      server = start();
      // To the end of the line: one who writes to nobody any more dies of it.
      for await (const line of createInterface({ input: server.stdout })) {
        endpoint = line;
        break;
      }
    });
    after(async () => {
      server.stdin.end();
      if (server.exitCode === null) await once(server, 'exit');
    });

    itKeepsStates(() => endpoint);
  });
} else console.log(`  no state is kept in moto's S3: ${missing}`);
