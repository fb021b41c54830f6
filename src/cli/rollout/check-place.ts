import type { FleetConfig } from '../../config/fleet.ts';
import { Fault } from '../../fault.ts';
import type { State } from '../../rollout/state/state.ts';

/** What a state tells of is in one region, and of one engine. Throws `plan-refused`. */
export function checkPlace(fleets: readonly FleetConfig[], state: State | undefined, region: string): void {
  for (const { name, engine } of fleets) {
    const kept = state?.fleets[name];
    if (kept === undefined || Object.keys(kept.slots).length === 0) continue;
    if (kept.region !== region) {
      throw new Fault('plan-refused', `the instances of ${name} are in ${kept.region}, and the region is ${region}`, {
        hint: `\`rollout destroy ${name}\` there first, or name another state`,
      });
    }
    if (kept.engine !== engine) {
      throw new Fault(
        'plan-refused',
        `the instances of ${name} are of engine: ${kept.engine}, and playbake.yml says ${engine}`,
        {
          hint: `give the new fleet another name, and \`rollout destroy ${name}\` when it serves`,
        },
      );
    }
  }
}
