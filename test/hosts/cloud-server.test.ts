import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DescribeImagesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { expect } from 'chai';
import { homeAt } from '../../src/sandbox/home.ts';
import { CREDENTIALS } from '../support/cloud-server.ts';
import { type OwnSandbox, ownSandbox } from '../support/own-sandbox.ts';

const exec = promisify(execFile);
const BIN = resolve(import.meta.dirname, '../../bin/playbake.js');

describe('the server of the sandbox', () => {
  let own: OwnSandbox;
  before(async function () {
    this.timeout(300_000);
    own = await ownSandbox(1);
  });
  after(() => own.sandbox.down({ purge: true }));

  const playbake = async (...args: string[]) => {
    const { stdout } = await exec(process.execPath, [BIN, 'sandbox', ...args], {
      env: { ...process.env, PLAYBAKE_SANDBOX: own.home },
    });
    return stdout;
  };
  const endpoint = async () => /AWS_ENDPOINT_URL=(\S+)/.exec(await playbake('env'))?.[1] ?? '';
  const pid = (): number => JSON.parse(readFileSync(homeAt(own.home).server, 'utf8')).pid;
  const client = (at: string, maxAttempts = 1) =>
    new EC2Client({ endpoint: at, region: 'us-east-1', credentials: CREDENTIALS, maxAttempts });

  it('is one, however many start it at the same time', async () => {
    const endpoints = await Promise.all([endpoint(), endpoint(), endpoint()]);
    expect(new Set(endpoints)).to.have.length(1);
    expect(await endpoint()).to.equal(endpoints[0]);
    const second = await playbake('serve').catch((error) => error);
    expect(second.stderr).to.include(`has a server already: process ${pid()}`);
  });

  it('is there again after kill -9, with what it knew', async () => {
    const before = await client(await endpoint()).send(new DescribeImagesCommand({ Owners: ['sandbox'] }));
    process.kill(pid(), 'SIGKILL');
    const after = await client(await endpoint()).send(new DescribeImagesCommand({ Owners: ['sandbox'] }));
    expect(before.Images).to.have.length(1);
    expect(after.Images?.[0]?.ImageId).to.equal(before.Images?.[0]?.ImageId);
  });

  it('comes back by itself when it was told to crash', async () => {
    const at = await endpoint();
    const first = pid();
    await playbake('inject', 'crash', 'DescribeImages', '--call', '1');
    await client(at)
      .send(new DescribeImagesCommand({}))
      .then(
        () => expect.fail('the call was answered'),
        () => {},
      );
    for (let round = 0; round < 200 && (!existsSync(homeAt(own.home).server) || pid() === first); round += 1) {
      await sleep(100);
    }
    expect(pid()).not.to.equal(first);
    expect(await playbake('inject', 'clear')).to.equal('Nothing goes wrong.\n');
  });

  it('does wrong what the command line says, and says what that is', async () => {
    expect(await playbake('inject', 'throttle', '3')).to.equal('one in 3 calls of *: RequestLimitExceeded\n');
    expect(await playbake('inject', 'delay', '5')).to.include('calls see what was true 5 s ago\n');
    expect(await playbake('inject', 'fail', 'RunInstances', '--call', '2', '--code', 'Unavailable')).to.include(
      'call 2 of RunInstances: Unavailable\n',
    );
    expect(await playbake('inject', 'clear')).to.equal('Nothing goes wrong.\n');
    expect(await playbake('calls')).to.match(/ec2 us-east-1 DescribeImages {2}ok/);
  });

  it('ends at a signal and lets nothing else end with it', async () => {
    await endpoint();
    const ending: ChildProcess = spawn('sh', ['-c', `kill ${pid()}`]);
    await new Promise((done) => ending.once('close', done));
    for (let round = 0; round < 100 && existsSync(homeAt(own.home).server); round += 1) await sleep(50);
    expect(existsSync(homeAt(own.home).server)).to.equal(false);
    const [machine] = await own.sandbox.status();
    expect(machine?.state).to.equal('running');
  });

  it('goes with the sandbox', async () => {
    const at = await endpoint();
    expect(await playbake('status'))
      .to.match(/^web1 .*\n\nEC2: /)
      .and.to.include(`${at}, 0 instances, 0 images\n`);
    const process = pid();
    await own.sandbox.down();
    expect(existsSync(join(own.home, 'cloud'))).to.equal(false);
    expect(existsSync(`/proc/${process}`)).to.equal(false);
  });
});
