/** `playbake sandbox …`: Debian hosts on this machine. */

import { spawn } from 'node:child_process';
import { Fault } from '../fault.ts';
import { cloudStatus } from '../sandbox/cloud/cloud-status.ts';
import { homeAt } from '../sandbox/home.ts';
import type { MachineStatus, Sandbox } from '../sandbox/sandbox.ts';
import { linkInventory, unlinkInventory } from './link-inventory.ts';
import { nearest } from './nearest.ts';
import type { Session, Verb } from './session.ts';

const USAGE = `Usage: playbake sandbox VERB

Debian hosts on this machine, to play on: systemd, sshd, an address of their own. Needs Linux and root.

Verbs:
  up [NUMBER]                start web1, web2 … (default: 2) and write an inventory with the group ec2_instances
  status [--json]            list the hosts, and what the sandbox's EC2 has
  ssh NAME [COMMAND...]      log in to a host, or run a command there
  reset [NAME...]            make hosts (default: all) as new
  down [--purge]             remove the hosts and all of the cloud; --purge: also the image they are made of

The sandbox is an EC2 too: clients of AWS (the SDKs, boto3, Terraform) can call it on loopback.
  env                        start its server, and print what makes clients call it: eval "$(playbake sandbox env)"
  serve [--port PORT]        run the server in the foreground
  calls [--json]             list the calls that it answered
  balancer [NAME]            make a load balancer with a target group, for a fleet
  inject [...]               let calls go wrong; playbake sandbox inject --help says how
`;

const VERBS = ['up', 'status', 'ssh', 'reset', 'down', 'env', 'serve', 'calls', 'balancer', 'inject'];
const MANY = 2;

export const sandbox: Verb = async ([verb, ...args], session) => {
  if (
    verb === undefined ||
    verb === '--help' ||
    verb === '-h' ||
    (args[0] === '--help' && verb !== 'inject' && verb !== 'balancer')
  ) {
    session.screen.out(USAGE);
    return verb === undefined ? 5 : 0;
  }
  if (!VERBS.includes(verb)) {
    const hint = nearest(verb, VERBS) ?? '`playbake sandbox --help` lists the verbs';
    throw new Fault('option-invalid', `the sandbox has no verb "${verb}"`, { hint });
  }
  const cloud = (await import('./sandbox-cloud.ts')).CLOUD_VERBS[verb];
  if (cloud !== undefined) return cloud(args, session);
  const { Sandbox } = await import('../sandbox/sandbox.ts');
  const onProgress = (message: string) => session.screen.err(`${message}\n`);
  return perform(verb, args, new Sandbox({ onProgress, signal: session.signal }), session);
};

async function perform(verb: string, args: readonly string[], machines: Sandbox, session: Session): Promise<number> {
  switch (verb) {
    case 'up':
      return up(args, machines, session);
    case 'status':
      return status(args, machines, session);
    case 'ssh':
      return ssh(args, machines);
    case 'reset':
      await machines.reset(args.length === 0 ? undefined : args);
      return 0;
    default: {
      none(
        verb,
        args.filter((arg) => arg !== '--purge'),
      );
      await machines.down({ purge: args.includes('--purge') });
      unlinkInventory(process.cwd(), machines.inventoryFile);
      return 0;
    }
  }
}

async function up([number, ...rest]: readonly string[], machines: Sandbox, { screen }: Session): Promise<number> {
  none('up', rest);
  if (number !== undefined && !/^\d+$/.test(number)) {
    throw new Fault('option-invalid', `sandbox up takes a number of hosts, not "${number}"`);
  }
  screen.out(table(await machines.up(number === undefined ? MANY : Number(number))));
  const link = linkInventory(process.cwd(), machines.inventoryFile);
  const inventory = link === undefined ? machines.inventoryFile : 'ec2_instances';
  screen.out(`\nInventory: ${machines.inventoryFile}\nTry: play PLAYBOOK --inventory ${inventory}\n`);
  return 0;
}

async function status(args: readonly string[], machines: Sandbox, { screen }: Session): Promise<number> {
  none(
    'status',
    args.filter((arg) => arg !== '--json'),
  );
  const found = await machines.status();
  if (args.includes('--json')) {
    screen.out(`${JSON.stringify(found, null, 2)}\n`);
    return 0;
  }
  screen.out(found.length === 0 ? 'No hosts. `playbake sandbox up` makes two.\n' : table(found));
  const { endpoint, instances, groups, balancers, images } = await cloudStatus(homeAt());
  const things = [...instances, ...groups, ...balancers];
  if (endpoint === undefined && things.length === 0 && images === 0) return 0;
  const rows = instances.map(({ id, name, state, address, region, imageId }) => [
    id,
    name,
    state,
    address,
    region,
    imageId,
  ]);
  screen.out(
    `\nEC2: ${endpoint ?? 'the server does not run'}, ${counted(instances.length, 'instance')}, ${counted(images, 'image')}\n`,
  );
  screen.out(aligned(rows));
  const groupRows = groups.map(({ name, region, desired, inService, template, refresh }) => {
    return [name, `${inService} of ${desired} in service`, template, region, refresh];
  });
  if (groups.length > 0) screen.out(`Auto Scaling: ${counted(groups.length, 'group')}\n${aligned(groupRows)}`);
  for (const { name, state, address, region, listeners, targets } of balancers) {
    const on = listeners.join(', ') || 'no listener';
    screen.out(`Load balancer ${name} (${state}, ${region}): ${address}, ${on}\n`);
    screen.out(targets.map((target) => `  ${target}\n`).join(''));
  }
  return 0;
}

async function ssh([name, ...command]: readonly string[], machines: Sandbox): Promise<number> {
  if (name === undefined) throw new Fault('option-invalid', 'sandbox ssh takes the name of a host');
  const wanted = command[0] === '--' ? command.slice(1) : command;
  const [program = 'ssh', ...words] = await machines.sshCommand(name, wanted);
  const child = spawn(program, words, { stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve(code ?? 1));
  });
}

function none(verb: string, args: readonly string[]): void {
  if (args.length > 0) throw new Fault('option-invalid', `sandbox ${verb} does not take "${args[0]}"`);
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function table(machines: readonly MachineStatus[]): string {
  const rows = machines.map(({ name, address, state, uptimeSeconds, diskBytes }) => [
    name,
    address,
    state,
    uptimeSeconds === undefined ? '' : `up ${Math.round(uptimeSeconds)} s`,
    diskBytes === undefined ? '' : `${(diskBytes / 1e6).toFixed(1)} MB written`,
  ]);
  return aligned(rows);
}

/** Rows of as many cells each, as columns. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}
