import {
  type Args,
  type Aws,
  Fault,
  type Host,
  module,
  type Result,
  type Typed,
  withAws,
} from '../src/module/module.ts';
import { AWS_ARGS, AWS_UNSUPPORTED, wrongKeys } from './shared/aws-args.ts';

const args = {
  ...AWS_ARGS,
  target_id: { type: 'string', required: true, doc: 'The id of an instance, or an address, as the group takes them.' },
  target_group_name: { type: 'string', doc: 'The name of the target group.' },
  target_group_arn: { type: 'string', doc: 'The ARN of the target group, instead of its name.' },
  target_port: { type: 'int', doc: 'The port of the target; default: that of the group.' },
  target_az: { type: 'string', doc: 'The availability zone of an address, or `all`.' },
  state: { type: 'enum', of: ['present', 'absent'], required: true, doc: 'Register the target, or deregister it.' },
  target_status: {
    type: 'enum',
    of: ['initial', 'healthy', 'unhealthy', 'unused', 'draining', 'unavailable'],
    doc: 'The health to wait for.',
  },
  target_status_timeout: { type: 'int', default: 60, doc: 'Seconds until that wait fails.' },
  deregister_unused: {
    type: 'boolean',
    default: false,
    doc: 'Deregister the target also where its group is not in use.',
  },
} as const satisfies Args;

type Given = Typed<typeof args>;

export default module({
  doc: 'Register a target with a load balancer’s target group, or deregister it.',
  args,
  unsupported: AWS_UNSUPPORTED,
  examples: `
- elb_target: { target_group_name: web, target_id: "{{ instance_id }}", state: absent, target_status: unused, target_status_timeout: 330 }
- elb_target: { target_group_name: web, target_id: "{{ instance_id }}", state: present, target_status: healthy }
`,
  local: true,
  verify(given) {
    const { target_group_name: name, target_group_arn: arn } = given;
    if (name !== undefined && arn !== undefined) {
      return 'parameters are mutually exclusive: target_group_arn|target_group_name';
    }
    if (name === undefined && arn === undefined) return 'one of target_group_arn and target_group_name is required';
    return wrongKeys(given);
  },
  async run(given, host): Promise<Result> {
    if (host.mode === 'bake') {
      const msg = 'the machine that an image is made of serves nobody: it is no target';
      return { skipped: true, changed: false, msg };
    }
    return withAws(given, async (aws) => {
      const group = given.target_group_arn ?? (await arnOf(aws, given.target_group_name ?? ''));
      const target = new Target(aws, group, given);
      return given.state === 'present' ? present(target, given, host) : absent(target, given, host);
    });
  },
});

async function arnOf(aws: Aws, name: string): Promise<string> {
  try {
    const { TargetGroups: [group] = [] } = await aws.elb().describeTargetGroups({ Names: [name] });
    return group?.TargetGroupArn ?? '';
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'TargetGroupNotFoundException') throw error;
    const hint = 'see  region:  and the account of the credentials, or name the group by  target_group_arn:';
    throw new Fault('cloud-refused', `there is no target group ${name} in ${aws.region}`, { hint, cause: error });
  }
}

interface Health {
  readonly state: string;
  readonly reason: string | undefined;
  /** As Ansible gives it. */
  readonly shown: { readonly [name: string]: string | { readonly [name: string]: string | number } };
}

class Target {
  readonly group: string;
  readonly #aws: Aws;
  readonly #description: { readonly Id: string; readonly Port?: number; readonly AvailabilityZone?: string };

  constructor(aws: Aws, group: string, { target_id: Id, target_port: Port, target_az: zone }: Given) {
    this.#aws = aws;
    this.group = group;
    const port = Port === undefined ? {} : { Port };
    this.#description = { Id, ...port, ...(zone === undefined ? {} : { AvailabilityZone: zone }) };
  }

  async health(): Promise<Health> {
    const { AvailabilityZone: _, ...named } = this.#description;
    const asked = { TargetGroupArn: this.group, Targets: [named] };
    const { TargetHealthDescriptions: [found] = [] } = await this.#aws.elb().describeTargetHealth(asked);
    const { Id = named.Id, Port } = found?.Target ?? {};
    const { State = 'unused', Reason: reason, Description: description } = found?.TargetHealth ?? {};
    const port = found?.HealthCheckPort;
    const shown = {
      target: { id: Id, ...(Port === undefined ? {} : { port: Port }) },
      ...(port === undefined ? {} : { health_check_port: port }),
      target_health: { state: State, ...(reason && { reason }), ...(description && { description }) },
    };
    return { state: State, reason, shown };
  }

  async register(): Promise<void> {
    await this.#aws.elb().registerTargets({ TargetGroupArn: this.group, Targets: [this.#description] });
  }

  async deregister(): Promise<void> {
    await this.#aws.elb().deregisterTargets({ TargetGroupArn: this.group, Targets: [this.#description] });
  }
}

const NOT_THERE = 'Target.NotRegistered';

/** One that drains comes back, which Ansible's module leaves alone. */
async function present(target: Target, given: Given, host: Host): Promise<Result> {
  const before = await target.health();
  const changed = before.reason === NOT_THERE || before.state === 'draining';
  if (changed && !host.check) await target.register();
  return ended(target, given, host, changed);
}

async function absent(target: Target, given: Given, host: Host): Promise<Result> {
  const { state, reason } = await target.health();
  const isThere = reason !== NOT_THERE && state !== 'draining';
  const changed = isThere && (state !== 'unused' || given.deregister_unused);
  if (isThere && !changed) {
    host.warn(
      "Your specified target has an 'unused' state but is still registered to the target group. To force deregistration use the 'deregister_unused' option.",
    );
  }
  if (changed && !host.check) await target.deregister();
  return ended(target, given, host, changed);
}

async function ended(target: Target, given: Given, host: Host, changed: boolean): Promise<Result> {
  const { target_status: wanted, target_status_timeout: timeout } = given;
  const end = Date.now() + timeout * 1000;
  let health = await target.health();
  while (wanted !== undefined && !host.check && health.state !== wanted) {
    const result = { changed, target_group_arn: target.group, target_health_descriptions: health.shown };
    if (Date.now() >= end) {
      const why = health.reason === undefined ? '' : ` (${health.reason})`;
      const msg = `Status check timeout of ${timeout} exceeded, last status was ${health.state}${why}`;
      return { ...result, failed: true, msg };
    }
    await host.sleep(1);
    health = await target.health();
  }
  return { changed, target_group_arn: target.group, target_health_descriptions: health.shown };
}
