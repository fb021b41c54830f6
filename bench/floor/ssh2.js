/** The floor with ssh2: all hosts from one process. `node ssh2.js script|shell CASE`, and BENCH_* as ../engines/floors.ts sets them. */

import { createReadStream, readdirSync, readFileSync } from 'node:fs';
import ssh2 from 'ssh2';

const [mode, name] = process.argv.slice(2);
const { BENCH_ADDRESSES, BENCH_CONTENT, BENCH_KEY, BENCH_KNOWN_HOSTS, BENCH_SCRIPT, BENCH_USER } = process.env;
const privateKey = readFileSync(BENCH_KEY);
const known = new Map(
  readFileSync(BENCH_KNOWN_HOSTS, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const [names = '', , key] = line.split(' ');
      return names.split(',').map((host) => [host, key]);
    }),
);

const connect = (host) =>
  new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('error', reject).on('ready', () => {
      client.setNoDelay(true);
      resolve(client);
    });
    const hostVerifier = (key) => key.toString('base64') === known.get(host);
    client.connect({ host, username: BENCH_USER, privateKey, readyTimeout: 60_000, hostVerifier });
  });

const start = (client, command) =>
  new Promise((resolve, reject) => {
    client.exec(command, (error, channel) => (error ? reject(error) : resolve(channel)));
  });

async function run(client, command, input) {
  const channel = await start(client, command);
  const ended = new Promise((resolve, reject) => {
    let status;
    channel.resume().stderr.resume();
    channel.on('exit', (code) => {
      status = code;
    });
    channel.on('close', () => (status === 0 ? resolve() : reject(new Error(`${command}: ${status}`))));
  });
  if (typeof input === 'object' && 'pipe' in input) input.pipe(channel);
  else channel.end(input);
  await ended;
}

/** One command at a time through one shell, each waited for. */
async function oneByOne(client) {
  const channel = await start(client, 'sh');
  for (let index = 0; index < 50; index++) {
    const said = new Promise((resolve) => channel.once('data', (chunk) => resolve(String(chunk))));
    channel.write('/bin/true </dev/null; echo $?\n');
    if ((await said) !== '0\n') throw new Error('a command failed');
  }
  channel.end();
}

function smallFiles() {
  const folder = `${BENCH_CONTENT}/small`;
  const parts = readdirSync(folder).map((file) => {
    const text = readFileSync(`${folder}/${file}`).toString('base64');
    return `base64 -d >${file} <<'END'\n${text}\nEND\n`;
  });
  return `set -e; mkdir -p /var/tmp/bench; cd /var/tmp/bench\n${parts.join('')}`;
}

async function play(host) {
  const client = await connect(host);
  if (mode === 'shell') await oneByOne(client);
  else if (name === 'p4a') {
    const content = createReadStream(`${BENCH_CONTENT}/large`, { highWaterMark: 2 ** 18 });
    await run(client, 'mkdir -p /var/tmp/bench && cat >/var/tmp/bench/large', content);
  } else if (name === 'p4b') await run(client, 'sh -s', smallFiles());
  else await run(client, name === 'p3' ? 'sudo sh -s' : 'sh -s', readFileSync(BENCH_SCRIPT));
  client.end();
}

await Promise.all(BENCH_ADDRESSES.split(' ').map(play));
