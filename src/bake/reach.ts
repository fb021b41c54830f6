/** From a launched instance to a machine that we are logged in to. */

import type { Instance } from '@aws-sdk/client-ec2';
import { describeInstance, isEnding, lostInstance } from '../cloud/instance-state.ts';
import { waitFor } from '../cloud/wait-for.ts';
import { Fault } from '../fault.ts';
import { run } from '../shell/steps.ts';
import { admit } from './admit.ts';
import { type Address, isBooting, Machine, targetOf } from './machine.ts';
import type { Group } from './steps/security-group.ts';
import { AWAIT_CLOUD_INIT } from './user-data.ts';
import type { Work } from './work.ts';

/** Waits until the instance runs, SSH lets us in, and its first boot is through. */
export async function reach(instanceId: string, group: Group, work: Work): Promise<Address> {
  const { cloud, signal, progress, request } = work;
  const { boot } = request.image.timeouts;
  const ec2 = cloud.ec2();
  const started = performance.now();
  const instance = await waitFor(
    async () => {
      const found = await describeInstance(ec2, instanceId);
      if (found && isEnding(found)) throw lostInstance(instanceId, found);
      const state = found?.State?.Name ?? 'not known yet';
      if (found && state === 'running' && addressOf(found, work) !== undefined) return { ready: found };
      return { pending: `${instanceId} is ${state}` };
    },
    { what: `the instance ${instanceId} to run`, timeout: boot, signal, progress },
  );
  const address: Address = { address: addressOf(instance, work) ?? '', user: userOf(work) };
  const from = group.temporary ? await admit(group.groupId, address.address, work) : undefined;
  const left = Math.max(5000, boot - (performance.now() - started));
  await logIn(instanceId, address, { from, timeout: left }, work);
  work.note(`${address.user}@${address.address}`);
  return address;
}

interface LogInOptions {
  /** Who the temporary security group lets in. */
  readonly from: string | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

async function logIn(id: string, address: Address, { from, timeout }: LogInOptions, work: Work): Promise<void> {
  const { cloud, signal, progress, request } = work;
  const target = targetOf(address, work);
  let last: Fault | undefined;
  const look = async () => {
    const machine = new Machine(target, signal);
    try {
      await machine.greet();
      progress('the first boot goes on');
      await machine.apply([run(AWAIT_CLOUD_INIT)]);
      return { ready: true };
    } catch (error) {
      if (!isBooting(error)) throw error;
      last = error;
      const found = await describeInstance(cloud.ec2(), id);
      if (found && (isEnding(found) || found.State?.Name === 'stopped')) throw lostInstance(id, found);
      return { pending: `SSH at ${address.address}: ${error.message}` };
    } finally {
      await machine.close();
    }
  };
  await waitFor(look, { what: 'SSH', timeout, signal, progress, first: 200, most: 2000 }).catch((error: unknown) => {
    if (!(error instanceof Fault) || error.code !== 'cloud-timeout' || last === undefined) throw error;
    const seconds = Math.round(timeout / 1000);
    throw new Fault(last.code, `the instance ${id} runs, and after ${seconds} s SSH fails: ${last.message}`, {
      hint: hintFor(last, { from, user: address.user, own: request.image.securityGroup }),
      cause: last,
    });
  });
}

interface Way {
  readonly from: string | undefined;
  readonly user: string;
  /** The user's own security group. */
  readonly own: string | undefined;
}

function hintFor({ code }: Fault, { from, user, own }: Way): string {
  if (code === 'auth-failed')
    return `ssh_user is ${user}: see which user the base image has (admin, ubuntu, ec2-user …)`;
  if (code === 'host-key-changed') {
    return 'the base image does not heed the host key in its user-data: it needs cloud-init';
  }
  const group =
    own === undefined ? `SSH is let in from ${from}: is that how the cloud sees you?` : `does ${own} let SSH in?`;
  return `has the subnet a route (an internet gateway, or a VPN and ssh_address: private)? ${group} timeouts.boot sets how long to wait`;
}

function addressOf(instance: Instance, { request }: Work): string | undefined {
  const { sshAddress } = request.image;
  const { PublicIpAddress: open, PrivateIpAddress: own } = instance;
  if (sshAddress === 'private') return own;
  if (sshAddress === 'public') return open;
  return open || own;
}

function userOf({ cloud, request }: Work): string {
  return request.image.sshUser ?? (cloud.kind === 'sandbox' ? 'ubuntu' : 'admin');
}
