/**
 * Runs a play as a user would, and writes V8's compiled code of all that was used beside the engine: what is in it needs
 * no compiling at the start of later runs. Its hosts are this machine, and this machine over SSH.
 */

import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import ssh2 from 'ssh2';

const dist = join(import.meta.dirname, '../dist');
const directory = mkdtempSync(join(tmpdir(), 'playbake-warm-up-'));

// V8 throws compiled code away that was not used for a while.
setFlagsFromString('--no-flush-bytecode');
const { engine, script } = createRequire(import.meta.url)(join(dist, 'start.cjs')).load();
process.on('exit', () => {
  rmSync(directory, { recursive: true });
  // The cache is for a process with the usual flags.
  setFlagsFromString('--flush-bytecode');
  writeFileSync(join(dist, 'engine.cache'), script.createCachedData());
});

const { port, key } = await startServer();
const inventory = join(directory, 'inventory.ini');
writeFileSync(
  inventory,
  `[all]
here ansible_connection=local
there ansible_host=127.0.0.1 ansible_port=${port} ansible_ssh_private_key_file=${key} ansible_user=warm-up
[all:vars]
ansible_ssh_common_args="-F none -o UserKnownHostsFile=${directory}/known_hosts -o StrictHostKeyChecking=accept-new"
work=${directory}
`,
);
mkdirSync(join(directory, 'home'));
process.env['HOME'] = join(directory, 'home');
await engine.run('play', ['-i', inventory, join(import.meta.dirname, 'play.yml')]);

/** An SSH server in this process whose shells are processes of this machine. */
async function startServer() {
  const pair = () =>
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs1', format: 'pem' });
  const keyFile = join(directory, 'id_rsa');
  writeFileSync(keyFile, pair(), { mode: 0o600 });
  const server = new ssh2.Server({ hostKeys: [pair()] }, (client) => {
    client.on('authentication', (context) => context.accept());
    client.on('error', () => undefined);
    client.on('session', (accept) => {
      accept().on('exec', (acceptExec, _reject, { command }) => {
        const channel = acceptExec();
        const child = spawn('/bin/sh', ['-c', command]);
        channel.pipe(child.stdin);
        child.stdout.pipe(channel, { end: false });
        child.stderr.pipe(channel.stderr, { end: false });
        child.on('close', (code) => {
          channel.exit(code ?? 1);
          channel.end();
        });
      });
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return { port: server.address().port, key: keyFile };
}
