/** Calls that change something for many instances, each made once for all that want it at that moment. */

import type { Cloud } from '../../cloud/cloud.ts';
import { codeOf, isNotFound } from '../../cloud/cloud-error.ts';
import { Together } from './together.ts';

/** EC2 and ELB take more, but say no to all when one is wrong. */
const MOST = 100;

export class Calls {
  readonly #cloud: Cloud;
  readonly #register = new Map<string, Together<true>>();
  readonly #deregister = new Map<string, Together<true>>();
  readonly #terminate: Together<true>;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#terminate = each(async (ids) => {
      await ignoring(
        () => cloud.ec2().terminateInstances({ InstanceIds: [...ids] }),
        ids,
        (id) => cloud.ec2().terminateInstances({ InstanceIds: [id] }),
      );
    });
  }

  async register(groupArn: string, id: string): Promise<void> {
    await this.#of(this.#register, groupArn, (ids) =>
      this.#cloud.elb().registerTargets({ TargetGroupArn: groupArn, Targets: ids.map((Id) => ({ Id })) }),
    ).ask(id);
  }

  /** A group or target that is not there needs no call. */
  async deregister(groupArn: string, id: string): Promise<void> {
    const call = (ids: readonly string[]) =>
      this.#cloud.elb().deregisterTargets({ TargetGroupArn: groupArn, Targets: ids.map((Id) => ({ Id })) });
    await this.#of(this.#deregister, groupArn, (ids) =>
      ignoring(
        () => call(ids),
        ids,
        (one) => call([one]),
      ),
    ).ask(id);
  }

  /** One that is gone already is no error. */
  async terminate(id: string): Promise<void> {
    await this.#terminate.ask(id);
  }

  #of(
    all: Map<string, Together<true>>,
    key: string,
    call: (ids: readonly string[]) => Promise<unknown>,
  ): Together<true> {
    const there = all.get(key) ?? each(call);
    all.set(key, there);
    return there;
  }
}

function each(call: (ids: readonly string[]) => Promise<unknown>): Together<true> {
  return new Together({
    most: MOST,
    call: async (ids) => {
      await call(ids);
      return new Map(ids.map((id) => [id, true]));
    },
  });
}

/** Where one of many is not there any more, each is called for by itself, and those that are gone are left out. */
async function ignoring(
  all: () => Promise<unknown>,
  ids: readonly string[],
  one: (id: string) => Promise<unknown>,
): Promise<void> {
  try {
    await all();
  } catch (error) {
    if (!isGone(error)) throw error;
    if (ids.length > 1) for (const id of ids) await ignoring(() => one(id), [id], one);
  }
}

function isGone(error: unknown): boolean {
  return isNotFound(error) || codeOf(error) === 'InvalidTarget' || codeOf(error) === 'InvalidTargetException';
}
