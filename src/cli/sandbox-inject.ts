/** `playbake sandbox inject`: what the sandbox's server does wrong, so that clients can be tried on it. */

import { Fault } from '../fault.ts';
import { type Failure, type Injections, NONE } from '../sandbox/cloud/injections.ts';
import { injectionsOf, setInjections } from '../sandbox/cloud/server-client.ts';
import { nearest } from './nearest.ts';
import { ensureCloud } from './sandbox-cloud.ts';
import type { Verb } from './session.ts';

const USAGE = `Usage: playbake sandbox inject [WHAT]

Lets calls to the sandbox's server go wrong, until it is told otherwise. Without WHAT: lists what is in force.

What:
  delay SECONDS              calls see what was true so many seconds ago (0: as it is)
  latency MILLISECONDS       every call takes so much longer
  throttle N                 every N-th call is refused with RequestLimitExceeded
  fail ACTION [OPTIONS]      calls of ACTION (RunInstances …; "*": of all) are refused
  lost ACTION [OPTIONS]      calls are done, and the connection is cut before the answer
  crash ACTION [OPTIONS]     the server dies before the call is done, and starts anew
  clear                      nothing goes wrong any more

Options:
  --call N                   only the N-th call from now on
  --every N                  every N-th call
  --code CODE                the error's code (default: InternalError)
  --status STATUS            the status of the HTTP answer (default: 500)
  --after                    crash: when the call is done, before the answer
`;

const WORDS = ['delay', 'latency', 'throttle', 'fail', 'lost', 'crash', 'clear'];
const LONGEST_DELAY_SECONDS = 120;

export const inject: Verb = async ([word, ...args], session) => {
  if (word === '--help' || word === '-h') {
    session.screen.out(USAGE);
    return 0;
  }
  if (word !== undefined && !WORDS.includes(word)) {
    const hint = nearest(word, WORDS) ?? '`playbake sandbox inject --help` says what it takes';
    throw new Fault('option-invalid', `sandbox inject does not take "${word}"`, { hint });
  }
  const change = word === undefined ? (now: Injections) => now : changeOf(word, args);
  const { endpoint } = await ensureCloud(session);
  const before = await injectionsOf(endpoint);
  const injections = word === undefined ? before : await setInjections(endpoint, change(before));
  session.screen.out(described(injections));
  return 0;
};

function changeOf(word: string, args: readonly string[]): (now: Injections) => Injections {
  switch (word) {
    case 'clear':
      return () => NONE;
    case 'delay': {
      const seconds = numberOf(word, args[0]);
      if (seconds > LONGEST_DELAY_SECONDS) {
        throw new Fault('option-invalid', `the longest delay is ${LONGEST_DELAY_SECONDS} seconds`);
      }
      return (now) => ({ ...now, consistencyDelay: seconds * 1000 });
    }
    case 'latency': {
      const latency = numberOf(word, args[0]);
      return (now) => ({ ...now, latency });
    }
    case 'throttle': {
      const every = numberOf(word, args[0]);
      return (now) => ({ ...now, failures: [...now.failures, { ...THROTTLED, every }] });
    }
    default: {
      const failure = failureOf(word, args);
      return (now) => ({ ...now, failures: [...now.failures, failure] });
    }
  }
}

const THROTTLED: Failure = {
  action: '*',
  how: 'error',
  code: 'RequestLimitExceeded',
  message: 'Request limit exceeded.',
  status: 503,
};

function failureOf(word: string, [action, ...options]: readonly string[]): Failure {
  if (action === undefined || action.startsWith('--')) {
    throw new Fault('option-invalid', `sandbox inject ${word} takes the name of an action, or "*"`);
  }
  let failure: Failure = { action, how: HOW[word] ?? 'error', code: 'InternalError', message: MESSAGE, status: 500 };
  for (let rest = options; rest.length > 0; ) {
    const [option = '', value] = rest;
    switch (option) {
      case '--call':
        failure = { ...failure, call: numberOf(option, value) };
        break;
      case '--every':
        failure = { ...failure, every: numberOf(option, value) };
        break;
      case '--status':
        failure = { ...failure, status: numberOf(option, value) };
        break;
      case '--code':
        if (value === undefined) throw new Fault('option-invalid', '--code takes the code of an error');
        failure = { ...failure, code: value };
        break;
      case '--after':
        if (word !== 'crash') throw new Fault('option-invalid', '--after belongs to crash');
        failure = { ...failure, how: 'crash-after' };
        break;
      default:
        throw new Fault('option-invalid', `sandbox inject ${word} does not take "${option}"`);
    }
    rest = rest.slice(option === '--after' ? 1 : 2);
  }
  return failure;
}

const HOW: Readonly<Record<string, Failure['how']>> = { fail: 'error', lost: 'lost', crash: 'crash' };
const MESSAGE = 'The sandbox was told to let this call go wrong.';

function numberOf(word: string, text: string | undefined): number {
  const value = Number(text);
  if (text !== undefined && Number.isFinite(value) && value >= 0) return value;
  throw new Fault('option-invalid', `${word} takes a number, not "${text ?? ''}"`);
}

function described({ consistencyDelay, latency, failures }: Injections): string {
  const lines = [
    ...(consistencyDelay > 0 ? [`calls see what was true ${consistencyDelay / 1000} s ago`] : []),
    ...(latency > 0 ? [`calls take ${latency} ms longer`] : []),
    ...failures.map(({ action, call, every, how, code }) => {
      const which = call === undefined ? (every === undefined ? 'each call' : `one in ${every} calls`) : `call ${call}`;
      return `${which} of ${action}: ${how === 'error' ? code : how}`;
    }),
  ];
  return lines.length === 0 ? 'Nothing goes wrong.\n' : lines.map((line) => `${line}\n`).join('');
}
