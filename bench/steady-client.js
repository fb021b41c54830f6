#!/usr/bin/env node
/**
 * Asks a page at a steady rate, whatever it answers, and says how many requests failed.
 *
 *   node bench/steady-client.js URL [--rate 200] [--seconds N] [--quiet]
 *
 * A request fails when it gets no whole answer within ten seconds, or another status than 200. Ends after N seconds, or at
 * SIGTERM or Ctrl-C, and prints one line of JSON: requests, failed, why they failed (by reason), and each answer with its
 * count and the times, in seconds since the start, at which it was first and last asked for and given. Exit code: 0 when
 * none failed, else 1.
 */
import { Agent, get } from 'node:http';

const [url, ...rest] = process.argv.slice(2);
const option = (name, otherwise) => (rest.includes(name) ? Number(rest[rest.indexOf(name) + 1]) : otherwise);
if (url === undefined) {
  process.stderr.write('usage: steady-client.js URL [--rate 200] [--seconds N] [--quiet]\n');
  process.exit(2);
}
const rate = option('--rate', 200);
const seconds = option('--seconds', Number.POSITIVE_INFINITY);
const quiet = rest.includes('--quiet');

const agent = new Agent({ keepAlive: true, maxSockets: 256 });
const started = performance.now();
const since = () => Math.round(performance.now() - started) / 1000;
const answers = new Map();
const reasons = new Map();
let requests = 0;
let failed = 0;
let open = 0;
let ending = false;

function ask() {
  const asked = since();
  requests++;
  open++;
  let settled = false;
  const settle = (reason, body) => {
    if (settled) return;
    settled = true;
    open--;
    if (reason === undefined) note(body, asked);
    else {
      failed++;
      reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
      if (!quiet) process.stderr.write(`${since().toFixed(1)} s  failed: ${reason}\n`);
    }
    if (ending && open === 0) finish();
  };
  const request = get(url, { agent, timeout: 10_000 }, (response) => {
    const parts = [];
    response.on('data', (part) => parts.push(part));
    response.on('end', () => {
      const body = Buffer.concat(parts).toString('utf8').trim();
      settle(response.statusCode === 200 ? undefined : `status ${response.statusCode}`, body);
    });
    response.on('error', (error) => settle(error.code ?? error.message));
  });
  request.on('timeout', () => request.destroy(new Error('no answer within 10 s')));
  request.on('error', (error) => settle(error.code ?? error.message));
}

function note(body, asked) {
  const now = since();
  if (!quiet && !answers.has(body)) process.stderr.write(`${now.toFixed(1)} s  ${body.split('\n')[0].slice(0, 100)}\n`);
  const before = answers.get(body) ?? { count: 0, firstAsked: asked, firstGiven: now };
  answers.set(body, {
    ...before,
    count: before.count + 1,
    lastAsked: Math.max(asked, before.lastAsked ?? 0),
    lastGiven: now,
  });
}

// What a timer is late is made up for, so that the rate holds.
const timer = setInterval(() => {
  if (since() >= seconds) return end();
  for (const due = Math.floor(since() * rate); requests < due; ) ask();
}, 5);

function end() {
  if (ending) return;
  ending = true;
  clearInterval(timer);
  if (open === 0) finish();
}

function finish() {
  const result = {
    requests,
    failed,
    seconds: since(),
    reasons: Object.fromEntries(reasons),
    answers: Object.fromEntries(answers),
  };
  process.stdout.write(`${JSON.stringify(result)}\n`);
  process.exit(failed === 0 ? 0 : 1);
}

for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, end);
