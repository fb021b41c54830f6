import { Fault } from '../../fault.ts';
import type { Verb } from '../session.ts';

/** The verb in whose place `--engine terraform` puts another; undefined: it has none. Throws `option-invalid`. */
export async function otherEngine(verb: string, args: readonly string[]): Promise<Verb | undefined> {
  const engine = verb === 'plan' || verb === 'apply' ? engineIn(args) : undefined;
  if (engine === undefined) return undefined;
  if (engine !== 'terraform') {
    throw new Fault('option-invalid', `--engine takes terraform, not "${engine}"`, {
      hint: 'ec2 and autoscaling are for each fleet to say:  engine: autoscaling  in playbake.yml',
    });
  }
  const { applyByTerraform, planByTerraform } = await import('./by-terraform.ts');
  return verb === 'plan' ? planByTerraform : applyByTerraform;
}

/** The value of the option; empty: it lacks one. */
function engineIn(args: readonly string[]): string | undefined {
  const at = args.findIndex((word) => /^--?engine(?:=|$)/.test(word));
  const [, value] = /^--?engine=(.*)$/.exec(args[at] ?? '') ?? [];
  return at < 0 ? undefined : (value ?? args[at + 1] ?? '');
}
