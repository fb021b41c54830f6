/** Starting a shell as another user: the command lines of sudo, su and doas, and their questions. */

import { randomBytes } from 'node:crypto';
import { Fault } from '../fault.ts';
import { quote } from '../shell/sh.ts';
import { splitWords } from '../shell/split-words.ts';
import type { Become, Pipe } from './connection.ts';
import { Tail } from './tail.ts';

export interface Entrance {
  /** For the login shell. */
  readonly command: string;
  /** What the new shell says on stdout once it is there; undefined: nothing asks, so it need not be waited for. */
  readonly mark?: string;
  /** What the end of stderr looks like when a password is asked for. */
  readonly question?: RegExp;
}

/**
 * @param shell the path of the shell to start.
 * Throws `value-invalid` for a method that there is not.
 */
export function entranceOf(become: Become, shell: string): Entrance {
  const { method, password, user } = become;
  const token = randomBytes(8).toString('hex');
  const mark = `pb-became-${token}`;
  const marked = `/bin/sh -c ${quote(`echo ${mark}; exec ${quote(shell)}`)}`;
  const words = (flags: string) => [become.exe ?? method, become.flags ?? flags];
  switch (method) {
    case 'sudo': {
      const [exe = '', flags = ''] = words('-H -S -n');
      if (password === undefined) return { command: `${exe} ${flags} -u ${quote(user)} ${quote(shell)}` };
      const prompt = `pb-password-${token}:`;
      const command = `${exe} ${withoutN(flags)} -S -p ${prompt} -u ${quote(user)} ${marked}`;
      return { command, mark, question: new RegExp(`${prompt}\\s*$`) };
    }
    case 'su':
      // It asks in the language of the account; all of them end in a colon, some in a full-width one.
      return { command: `${words('').join(' ')} ${quote(user)} -c ${quote(marked)}`, mark, question: /[:\uff1a]\s*$/ };
    case 'doas':
      // It asks on a terminal only, and a shell that is fed programs has none.
      return { command: `${words('').join(' ')} -n -u ${quote(user)} ${quote(shell)}` };
    default:
      throw new Fault('value-invalid', `there is no become method "${method}"`, {
        hint: 'set become_method to sudo, su or doas',
      });
  }
}

/** sudo's `-n` forbids it to ask. */
function withoutN(flags: string): string {
  return splitWords(flags)
    .map((word) => (/^-[A-Za-z]+$/.test(word) ? word.replaceAll('n', '') : word))
    .filter((word) => word !== '-' && word !== '--non-interactive')
    .map(quote)
    .join(' ');
}

/**
 * Waits until the shell is there and answers the question for a password, once.
 * Throws `become-failed`, with Ansible's messages for a missing and a wrong password.
 */
export async function enter(pipe: Pipe, entrance: Entrance, become: Become, seconds: number): Promise<void> {
  const { mark, question } = entrance;
  if (mark === undefined) return;
  let asked = 0;
  const stop: (() => void)[] = [];
  const there = new Promise<void>((resolve, reject) => {
    const out = new Tail(pipe.stdout, () => {
      if (out.text.includes(mark)) resolve();
    });
    const said = new Tail(pipe.stderr, () => {
      if (!question?.test(said.text)) return;
      said.text = '';
      if (++asked > 1) reject(passwordFault(become, 'Incorrect'));
      else if (become.password === undefined) reject(passwordFault(become, 'Missing'));
      else pipe.stdin.write(`${become.password}\n`);
    });
    const timer = setTimeout(() => {
      reject(becomeFault(become, `no answer within ${seconds} s: ${said.text.trim()}`));
    }, seconds * 1000);
    stop.push(
      () => clearTimeout(timer),
      () => out.stop(),
      () => said.stop(),
    );
    void pipe.closed.then((why) => {
      const words = said.text.trim() || why;
      reject(asked > 0 && REFUSED.test(words) ? passwordFault(become, 'Incorrect') : explain(become, words));
    });
  });
  await there.finally(() => {
    for (const one of stop) one();
  });
}

const REFUSED = /authentication failure|incorrect password|sorry, try again|permission denied/i;

/** Why the method's command ended before its shell answered. */
export function explain(become: Become, said: string): Fault {
  if (/a password is required|terminal is required|authentication required|authorization required/i.test(said)) {
    return passwordFault(become, 'Missing');
  }
  return becomeFault(become, said);
}

function becomeFault({ method, user }: Become, said: string): Fault {
  const hint = /not found|No such file/.test(said)
    ? `install ${method} on the host, or set ansible_become_method`
    : 'see ansible_become_user, ansible_become_method, and what the host allows the login user';
  return new Fault('become-failed', `cannot become ${user} by ${method}: ${said}`, { hint });
}

function passwordFault({ method, password }: Become, what: 'Incorrect' | 'Missing'): Fault {
  const hint =
    method === 'doas'
      ? 'allow it with nopass in doas.conf; doas takes a password only from a terminal'
      : `give the ${password === undefined ? '' : 'right '}password with -K or ansible_become_password`;
  return new Fault('become-failed', `${what} ${method} password`, { hint });
}
