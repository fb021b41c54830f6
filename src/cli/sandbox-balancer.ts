/** `playbake sandbox balancer`: what a fleet needs around it. */

import { Command } from 'commander';
import { asFault } from '../cloud/cloud-error.ts';
import { openCloud } from '../cloud/open-cloud.ts';
import { Fault } from '../fault.ts';
import { ensureBalancer } from '../sandbox/balancer.ts';
import { USER } from '../sandbox/base-image.ts';
import { homeAt } from '../sandbox/home.ts';
import { parseOptions } from './parse-options.ts';
import { ensureCloud } from './sandbox-cloud.ts';
import type { Verb } from './session.ts';

interface Options {
  readonly listen: number;
  readonly port: number;
  readonly path: string;
  readonly json?: true;
}

export const balancer: Verb = async (args, session) => {
  const command = new Command('sandbox balancer')
    .argument('[name]', 'of the load balancer, the target group and the security group', 'web')
    .description('Makes a load balancer in the sandbox, with a target group and security groups, by the calls of AWS.')
    .option('--listen <port>', 'where clients ask', portOf, 80)
    .option('--port <port>', 'where instances answer', portOf, 8080)
    .option('--path <path>', 'what the health check asks for', '/')
    .option('--json', 'JSON, for programs')
    .helpOption('-h, --help', 'show this help');
  if (!parseOptions(command, args, session.screen.out)) return 0;
  const { json, ...options } = command.opts<Options>();
  const name = command.args[0] ?? 'web';
  if (!/^(?!internal-)[a-zA-Z0-9](?:[-a-zA-Z0-9]{0,20}[a-zA-Z0-9])?$/.test(name)) {
    throw new Fault('option-invalid', `"${name}" is no name for a load balancer`, {
      hint: 'up to 22 letters, digits and dashes, none at its ends',
    });
  }
  const home = homeAt();
  const access = await ensureCloud(session);
  const cloud = await openCloud({ kind: 'sandbox', why: '', ...access, credentials: access });
  try {
    const made = await ensureBalancer(cloud, { name, ...options, publicKey: `${home.key}.pub` });
    session.screen.out(json ? `${JSON.stringify(made, null, 2)}\n` : text(made, options.port, options.path, home.key));
    return 0;
  } catch (error) {
    throw asFault(error);
  } finally {
    cloud.close();
  }
};

type Made = Awaited<ReturnType<typeof ensureBalancer>>;

function text({ url, targetGroup, securityGroup, key }: Made, port: number, path: string, privateKey: string): string {
  return `${url}

A fleet behind it, in playbake.yml:

fleets:
  ${targetGroup}:
    image: app
    count: 3
    target_groups: [${targetGroup}]
    security_groups: [${securityGroup}]
    key: ${key}
    ssh: { user: ${USER}, private_key: ${privateKey} }
    health: { http: { port: ${port}, path: ${path} } }
`;
}

function portOf(value: string): number {
  const port = Number(value);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new Fault('option-invalid', `"${value}" is no port: a number up to 65535`);
}
