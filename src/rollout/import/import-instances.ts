/** Adopts instances that are there into fleets: looks, checks, tags, and gives the fleets as they shall be kept. */

import { newRunId } from '../../bake/journal/run-id.ts';
import type { Cloud } from '../../cloud/cloud.ts';
import { tagList } from '../../cloud/tags.ts';
import type { FleetConfig } from '../../config/fleet.ts';
import { Findings } from '../../fault.ts';
import { DEVICE_TAG, FLEET_TAG, ROLLOUT_TAG, SLOT_TAG } from '../apply/tags.ts';
import { openRollout } from '../state/forget.ts';
import type { FleetState, State } from '../state/state.ts';
import { type Adopted, adopt } from './adopt.ts';
import { looseVolumes, taggedInstances } from './find-tagged.ts';
import { importedRelease } from './imported-release.ts';
import { lookAt, type Seen } from './look-at.ts';
import { refusal } from './refusal.ts';
import type { Wanted } from './wanted.ts';

export interface ImportOptions {
  readonly cloud: Cloud;
  readonly state: State | undefined;
  readonly wanted: readonly Wanted[];
  /** Of these, all instances that bear their tag, too. */
  readonly all: readonly FleetConfig[];
  /** Of all fleets that are named. */
  readonly fleets: ReadonlyMap<string, FleetConfig>;
  readonly now: Date;
}

export interface Imported {
  readonly fleets: State['fleets'];
  readonly adopted: readonly (Adopted & { readonly fleet: string })[];
  readonly warnings: readonly string[];
}

/** Throws `import-refused` for all that cannot be adopted at once; then nothing was changed. */
export async function importInstances(options: ImportOptions): Promise<Imported> {
  const { cloud, state, fleets, now } = options;
  const tagged = await taggedInstances(cloud, options.all, state);
  const seen = await lookAt(cloud, [...new Set([...options.wanted, ...tagged].map(({ id }) => id))]);
  const wanted = [...options.wanted, ...tagged.filter(({ id }) => !options.wanted.some((one) => one.id === id))];
  const findings = new Findings();
  check(wanted, seen, options, findings);
  findings.check();
  const rollout = newRunId(now);
  const done = await Promise.all(
    [...new Set(wanted.map(({ fleet }) => fleet))].map(async (name) => {
      const fleet = fleets.get(name);
      if (!fleet) throw new Error(`there is no fleet ${name}`);
      const candidates = wanted
        .filter((one) => one.fleet === name)
        .flatMap(({ id, slot }) => {
          return seen.filter(({ instance }) => instance.InstanceId === id).map((one) => ({ slot, seen: one }));
        });
      const loose = options.all.includes(fleet) ? await looseVolumes(cloud, name) : [];
      const before = state?.fleets[name];
      const { slots, adopted, refused } = adopt(fleet, before?.slots ?? {}, candidates, loose);
      for (const message of refused) findings.fault('import-refused', message);
      return { fleet, adopted, after: importedRelease({ ...emptyOf(cloud), ...before, slots }, rollout, now) };
    }),
  );
  findings.check();
  for (const { fleet, adopted } of done) {
    for (const one of adopted) await tag(cloud, fleet.name, one, rollout);
  }
  return {
    fleets: { ...state?.fleets, ...Object.fromEntries(done.map(({ fleet, after }) => [fleet.name, after])) },
    adopted: done.flatMap(({ fleet, adopted }) => adopted.map((one) => ({ ...one, fleet: fleet.name }))),
    warnings: done.flatMap(({ fleet, adopted, after }) => warningsOf(fleet, adopted, after)),
  };
}

function check(
  wanted: readonly Wanted[],
  seen: readonly Seen[],
  { cloud, state }: ImportOptions,
  findings: Findings,
): void {
  for (const name of new Set(wanted.map(({ fleet }) => fleet))) {
    if (state?.fleets[name]?.rollout) findings.keep(openRollout(name, `fleet.${name}`));
  }
  const met = new Set<string>();
  for (const one of wanted) {
    if (met.has(one.id)) findings.fault('import-refused', `the instance ${one.id} is named twice`);
    met.add(one.id);
    const found = seen.find(({ instance }) => instance.InstanceId === one.id);
    const why = refusal(one, found, state, cloud.region);
    if (why) findings.fault('import-refused', why.message, { hint: why.hint });
  }
}

async function tag(cloud: Cloud, fleet: string, { slot, instance, volumes }: Adopted, rollout: string): Promise<void> {
  const tags = { [FLEET_TAG]: fleet, [SLOT_TAG]: String(slot), [ROLLOUT_TAG]: rollout };
  const give = (id: string, more: Readonly<Record<string, string>>) => {
    const Tags = tagList({ ...tags, ...more });
    return cloud.ec2().createTags({ Resources: [id], Tags });
  };
  for (const [device, id] of Object.entries(volumes)) await give(id, { [DEVICE_TAG]: device });
  if (instance.id !== undefined) await give(instance.id, {});
}

const emptyOf = ({ region }: Cloud): FleetState => ({ engine: 'ec2', region, slots: {}, history: [] });

function warningsOf(
  { name, count }: FleetConfig,
  adopted: readonly Adopted[],
  { good }: FleetState,
): readonly string[] {
  const beyond = adopted.filter(({ slot }) => slot >= count).map(({ slot }) => `fleet.${name}[${slot}]`);
  return [
    ...(beyond.length === 0
      ? []
      : [`${beyond.join(', ')}: beyond count: ${count} of ${name}; a rollout terminates what is there`]),
    ...(adopted.length === 0 || good
      ? []
      : [
          `no release of ${name} is known as good, as not all serve by one image: until a rollout ends well there is nothing to go back to`,
        ]),
  ];
}
