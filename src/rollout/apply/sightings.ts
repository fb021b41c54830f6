/** What the cloud says of instances, targets and volumes; many are asked for in one call. */

import type { Instance, InstanceStatus, Volume } from '@aws-sdk/client-ec2';
import type { TargetHealth } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Cloud } from '../../cloud/cloud.ts';
import { Together } from './together.ts';

/** EC2 takes 200 values of a filter, and as many ids of statuses as it gives in one answer. */
const VALUES = 200;
const STATUSES = 100;

export class Sightings {
  readonly #cloud: Cloud;
  readonly #targets = new Map<string, Together<TargetHealth>>();
  readonly #instances: Together<Instance>;
  readonly #tokens: Together<Instance>;
  readonly #statuses: Together<InstanceStatus>;
  readonly #volumes: Together<Volume>;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    // By filters: one id that is not known would be the error of all.
    const instancesBy = (filter: string, keyOf: (instance: Instance) => string | undefined) =>
      new Together({
        most: VALUES,
        call: async (keys) => mapBy(await this.#describeInstances(filter, keys), keyOf),
      });
    this.#instances = instancesBy('instance-id', ({ InstanceId }) => InstanceId);
    this.#tokens = instancesBy('client-token', ({ ClientToken }) => ClientToken);
    this.#statuses = new Together({
      most: STATUSES,
      call: async (keys) => {
        const { InstanceStatuses = [] } = await cloud.ec2().describeInstanceStatus({ InstanceIds: [...keys] });
        return mapBy(InstanceStatuses, ({ InstanceId }) => InstanceId);
      },
    });
    this.#volumes = new Together({
      most: VALUES,
      call: async (keys) => {
        const Filters = [{ Name: 'volume-id', Values: [...keys] }];
        const { Volumes = [] } = await cloud.ec2().describeVolumes({ Filters });
        return mapBy(Volumes, ({ VolumeId }) => VolumeId);
      },
    });
  }

  instance(id: string): Promise<Instance | undefined> {
    return this.#instances.ask(id);
  }

  /** The one that was launched with this ClientToken. */
  launched(token: string): Promise<Instance | undefined> {
    return this.#tokens.ask(token);
  }

  /** EC2's two checks, of one that runs. */
  status(id: string): Promise<InstanceStatus | undefined> {
    return this.#statuses.ask(id);
  }

  volume(id: string): Promise<Volume | undefined> {
    return this.#volumes.ask(id);
  }

  /** Undefined: it is no target of the group, not even one that is draining. */
  target(groupArn: string, id: string): Promise<TargetHealth | undefined> {
    const there = this.#targets.get(groupArn) ?? this.#group(groupArn);
    this.#targets.set(groupArn, there);
    return there.ask(id);
  }

  /** All targets of a group are told at once, so it is asked once for all. */
  #group(arn: string): Together<TargetHealth> {
    return new Together({
      most: Number.POSITIVE_INFINITY,
      call: async () => {
        const { TargetHealthDescriptions = [] } = await this.#cloud.elb().describeTargetHealth({ TargetGroupArn: arn });
        return new Map(
          TargetHealthDescriptions.flatMap(({ Target, TargetHealth }) =>
            Target?.Id === undefined || TargetHealth === undefined ? [] : [[Target.Id, TargetHealth] as const],
          ),
        );
      },
    });
  }

  async #describeInstances(filter: string, values: readonly string[]): Promise<readonly Instance[]> {
    const found: Instance[] = [];
    let token: string | undefined;
    do {
      const { Reservations = [], NextToken } = await this.#cloud.ec2().describeInstances({
        Filters: [{ Name: filter, Values: [...values] }],
        ...(token !== undefined && { NextToken: token }),
      });
      found.push(...Reservations.flatMap(({ Instances = [] }) => Instances));
      token = NextToken || undefined;
    } while (token !== undefined);
    return found;
  }
}

function mapBy<T>(all: readonly T[], keyOf: (one: T) => string | undefined): ReadonlyMap<string, T> {
  return new Map(
    all.flatMap((one) => {
      const key = keyOf(one);
      return key === undefined ? [] : [[key, one] as const];
    }),
  );
}
