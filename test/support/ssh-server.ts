/** An SSH server on loopback: the real sshd where there is one, else ssh2's server in this process. */

import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { type KeyFile, makeKey } from './ssh-keys.ts';

export interface SshServer {
  readonly port: number;
  readonly hostKey: KeyFile;
  readonly real: boolean;
  stop(): Promise<void>;
}

export interface SshServerOptions {
  /** Its files go into a new directory in this one. */
  readonly directory: string;
  /** Public keys that may log in. */
  readonly authorized?: readonly string[];
  readonly hostKeys?: readonly KeyFile[];
  /** The user's password: then the server is the one in this process. */
  readonly password?: string;
  /** How the password may be given; default both. */
  readonly passwordBy?: 'password' | 'keyboard-interactive';
  /** How many may be logging in at the same time, before others are turned away; default 100. */
  readonly startups?: number;
  /** How many shells may be open on one connection; default 100. */
  readonly sessions?: number;
}

const SSHD = '/usr/sbin/sshd';

export async function startSshServer({ directory, ...rest }: SshServerOptions): Promise<SshServer> {
  const options = { ...rest, directory: await mkdtemp(join(directory, 'sshd-')) };
  const hostKeys = options.hostKeys ?? [await makeKey(options.directory, 'host')];
  // As root sshd wants a directory that packages make; without root it needs none.
  const usable = existsSync(SSHD) && (process.getuid?.() !== 0 || existsSync('/run/sshd'));
  return usable && options.password === undefined ? startSshd(options, hostKeys) : startInProcess(options, hostKeys);
}

async function startSshd(options: SshServerOptions, hostKeys: readonly KeyFile[]) {
  const { authorized = [], directory, sessions = 100, startups = 100 } = options;
  const port = await freePort();
  await writeFile(join(directory, 'authorized_keys'), `${authorized.join('\n')}\n`);
  const lines = [
    `Port ${port}`,
    'ListenAddress 127.0.0.1',
    ...hostKeys.map(({ path }) => `HostKey ${path}`),
    `AuthorizedKeysFile ${join(directory, 'authorized_keys')}`,
    'PidFile none',
    'UsePAM no',
    'StrictModes no',
    'PasswordAuthentication no',
    // Under sshd bash reads the user's .bashrc for each command, unless it believes to be inside another shell.
    'SetEnv SHLVL=2',
    `MaxSessions ${sessions}`,
    `MaxStartups ${startups}:100:${startups}`,
  ];
  await writeFile(join(directory, 'sshd_config'), `${lines.join('\n')}\n`);
  const child = spawn(SSHD, ['-D', '-e', '-f', join(directory, 'sshd_config')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  await listening(child);
  const stop = async () => {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await ended;
  };
  return { port, hostKey: hostKeys[0]!, real: true, stop };
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Server listening')) resolve();
    });
    child.once('exit', () => reject(new Error(`sshd ended: ${said}`)));
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}

async function startInProcess(options: SshServerOptions, hostKeys: readonly KeyFile[]): Promise<SshServer> {
  const keys = await Promise.all(hostKeys.map(({ path }) => readFile(path, 'utf8')));
  const clients = new Set<ssh2.Connection>();
  const loggingIn = new Set<ssh2.Connection>();
  const server = new ssh2.Server({ hostKeys: keys }, (client) => {
    clients.add(client);
    loggingIn.add(client);
    client.on('error', () => undefined);
    client.on('ready', () => loggingIn.delete(client));
    client.on('close', () => {
      clients.delete(client);
      loggingIn.delete(client);
    });
    client.on('authentication', (context) => authenticate(context, options));
    client.on('tcpip', (accept, reject, { destIP, destPort }) => {
      const socket = connect(destPort, destIP);
      socket.once('connect', () => socket.pipe(accept()).pipe(socket));
      socket.once('error', () => reject());
    });
    let open = 0;
    client.on('session', (acceptSession, rejectSession) => {
      if (open >= (options.sessions ?? 100)) return rejectSession();
      open++;
      const session = acceptSession();
      session.on('close', () => open--);
      session.on('exec', (accept, _reject, { command }) => execute(accept(), command));
    });
  });
  const door = createServer((socket) => {
    socket.on('error', () => undefined);
    // As sshd does.
    if (loggingIn.size >= (options.startups ?? 100)) return void socket.end('Exceeded MaxStartups\r\n');
    server.injectSocket(socket);
  });
  await new Promise<void>((resolve) => {
    door.listen(0, '127.0.0.1', () => resolve());
  });
  const address = door.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  const stop = async () => {
    for (const client of clients) client.end();
    await new Promise((resolve) => door.close(resolve));
  };
  return { port, hostKey: hostKeys[0]!, real: false, stop };
}

function authenticate(context: ssh2.AuthContext, { authorized = [], password, passwordBy }: SshServerOptions): void {
  const methods: ssh2.AuthenticationType[] = ['publickey'];
  if (password !== undefined && passwordBy !== 'keyboard-interactive') methods.push('password');
  if (password !== undefined && passwordBy !== 'password') methods.push('keyboard-interactive');
  if (!methods.includes(context.method)) context.reject(methods);
  else if (context.method === 'password' && context.password === password) context.accept();
  else if (context.method === 'keyboard-interactive') {
    context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => {
      if (answers[0] === password) context.accept();
      else context.reject(methods);
    });
  } else if (context.method === 'publickey') {
    const given = `${context.key.algo.replace(/^rsa-sha2-.*/, 'ssh-rsa')} ${context.key.data.toString('base64')}`;
    const key = authorized.includes(given) ? ssh2.utils.parseKey(given) : undefined;
    if (!key || key instanceof Error) context.reject(methods);
    else if (!context.signature || !context.blob) context.accept();
    else if (key.verify(context.blob, context.signature, context.hashAlgo)) context.accept();
    else context.reject(methods);
  } else context.reject(methods);
}

function execute(channel: ssh2.ServerChannel, command: string): void {
  const child = spawn('/bin/sh', ['-c', command], { stdio: 'pipe' });
  channel.pipe(child.stdin);
  child.stdin.on('error', () => undefined);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  channel.on('close', () => child.stdin.end());
  child.on('close', (code, signal) => {
    if (signal) channel.exit(signal.replace(/^SIG/, ''));
    else channel.exit(code ?? 1);
    channel.end();
  });
}
