import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** Whoever it is, and as nobody whose settings are here. */
const OPTIONS = ['-F', 'none', '-o', 'StrictHostKeyChecking=no', '-o', 'UserKnownHostsFile=/dev/null'];
const QUIET = ['-o', 'BatchMode=yes', '-o', 'LogLevel=ERROR', '-o', 'ConnectTimeout=5'];

/** Runs a command on an instance over SSH. @param key a file @returns what it printed, trimmed; rejected when it fails. */
export async function onInstance(address: string, key: string, command: string): Promise<string> {
  const { stdout } = await exec('ssh', [...OPTIONS, ...QUIET, '-i', key, `ubuntu@${address}`, command]);
  return stdout.trim();
}
