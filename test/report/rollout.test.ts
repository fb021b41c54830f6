import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import { Fault } from '../../src/fault.ts';
import { RolloutJsonReporter } from '../../src/report/rollout-json.ts';
import { timeText } from '../../src/report/rollout-lines.ts';
import { RolloutTextReporter } from '../../src/report/rollout-text.ts';
import type { RolloutEvent, StepAbout } from '../../src/rollout/events.ts';
import type { Step } from '../../src/rollout/plan/plan.ts';
import { memoryScreen } from './memory-screen.ts';

const ONE = { id: 'ami-1', name: 'app-1' };
const TWO = { id: 'ami-2', name: 'app-2' };

function about(step: Step, ids: readonly string[] = ['i-0new'], deposed = false): StepAbout {
  return { fleet: 'web', address: 'slot' in step ? `fleet.web[${step.slot}]` : 'fleet.web', step, ids, deposed };
}
const start = (step: Step, ids?: readonly string[], deposed?: boolean): RolloutEvent => ({
  type: 'step-start',
  about: about(step, ids, deposed),
});
const end = (step: Step, seconds: number, ids?: readonly string[], deposed?: boolean): RolloutEvent => ({
  ...{ type: 'step-end', about: about(step, ids, deposed), status: 'done', seconds },
});

const OLD = ['i-0123456789abcdef0'];
const EVENTS: readonly RolloutEvent[] = [
  {
    ...{ type: 'rollout-start', fleet: 'web', rollout: 'r', direction: 'forward', resumed: false, batches: 2 },
    from: ONE,
    to: TWO,
  },
  { type: 'batch-start', fleet: 'web', number: 1, of: 2, kind: 'canary', slots: [0, 1, 2, 5], least: 3, most: 4 },
  start({ do: 'launch', slot: 0 }, []),
  end({ do: 'launch', slot: 0 }, 2),
  start({ do: 'await-running', slot: 0 }),
  { type: 'step-still', about: about({ do: 'await-running', slot: 0 }), seconds: 10 },
  end({ do: 'await-running', slot: 0 }, 10.4),
  start({ do: 'check', slot: 0 }),
  { type: 'step-progress', about: about({ do: 'check', slot: 0 }), text: 'port 80: closed', seconds: 1 },
  { type: 'step-still', about: about({ do: 'check', slot: 0 }), seconds: 70 },
  end({ do: 'check', slot: 0 }, 75),
  start({ do: 'register', slot: 0 }),
  end({ do: 'register', slot: 0 }, 1),
  end({ do: 'await-in-service', slot: 0 }, 4),
  start({ do: 'deregister', slot: 0, who: 'old' }, OLD, true),
  end({ do: 'deregister', slot: 0, who: 'old' }, 1, OLD, true),
  end({ do: 'await-drained', slot: 0, who: 'old' }, 5, OLD, true),
  start({ do: 'terminate', slot: 0, who: 'old' }, OLD, true),
  end({ do: 'terminate', slot: 0, who: 'old' }, 30, OLD, true),
  start({ do: 'terminate', slot: 1, who: 'old' }, [], true),
  end({ do: 'terminate', slot: 1, who: 'old' }, 0, [], true),
  start({ do: 'pause', time: 30_000 }),
  end({ do: 'pause', time: 30_000 }, 30),
  { type: 'warning', message: 'slow', hint: 'wait' },
  { ...{ type: 'step-end', about: about({ do: 'check', slot: 1 }), status: 'failed', seconds: 300 } },
  { type: 'verdict', fleet: 'web', message: 'i-1 is not healthy', next: 'rollback', to: ONE },
  { ...{ type: 'rollout-start', fleet: 'web', rollout: 'r', direction: 'back', resumed: false, batches: 1 }, to: ONE },
  {
    ...{
      type: 'rollout-end',
      fleet: 'web',
      rollout: 'r',
      outcome: 'rolled-back',
      seconds: 400,
      hints: ['bake another'],
    },
    counts: { added: 1, changed: 0, destroyed: 2 },
    fault: new Fault('rollout-unhealthy', 'i-1 is not healthy', { hint: 'look' }),
  },
];

describe('report: a rollout', () => {
  it('reads as Terraform would tell it', () => {
    const screen = memoryScreen();
    const reporter = new RolloutTextReporter(screen);
    for (const event of EVENTS) reporter.emit(event);
    expect(screen.stderr).to.equal('[WARNING]: slow (wait)\n');
    expect(screen.stdout).to.equal(`Rolling web out from app-1 (ami-1) to app-2 (ami-2).

Canary 1 of 2: fleet.web[0-2,5] (at least 3 in service, at most 4 there)
fleet.web[0]: Creating...
fleet.web[0]: Still creating... [id=i-0new, 10s elapsed]
fleet.web[0]: Creation complete after 12s [id=i-0new]
fleet.web[0]: Checking its health... [id=i-0new]
fleet.web[0]: Still checking its health... [id=i-0new, 1m10s elapsed] (port 80: closed)
fleet.web[0]: Healthy after 1m15s [id=i-0new]
fleet.web[0]: Going into service... [id=i-0new]
fleet.web[0]: In service after 5s [id=i-0new]
fleet.web[0] (deposed object 9abcdef0): Draining... [id=i-0123456789abcdef0]
fleet.web[0] (deposed object 9abcdef0): Drained after 6s [id=i-0123456789abcdef0]
fleet.web[0] (deposed object 9abcdef0): Destroying... [id=i-0123456789abcdef0]
fleet.web[0] (deposed object 9abcdef0): Destruction complete after 30s [id=i-0123456789abcdef0]
Waiting 30s before the next batch...
fleet.web[1]: Failed checking its health after 5m0s [id=i-0new]

Verdict on fleet.web: it is not good: i-1 is not healthy
Going back to app-1 (ami-1).

Rolling web back to app-1 (ami-1).

Rolled back: all is as it was before. Resources: 1 added, 0 changed, 2 destroyed.
  hint: bake another
`);
  });

  it('is for programs as its schema says', () => {
    const file = join(import.meta.dirname, '../../schemas/rollout-events.json');
    const validate = new Ajv2020({ discriminator: true }).compile(JSON.parse(readFileSync(file, 'utf8')));
    const screen = memoryScreen();
    const reporter = new RolloutJsonReporter(screen);
    const play: RolloutEvent = {
      type: 'play',
      about: about({ do: 'check', slot: 0 }),
      event: { type: 'playbook-start', file: 'a' },
    };
    for (const event of [...EVENTS, play]) reporter.emit(event);
    const lines = screen.stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).to.have.length(EVENTS.length + 1);
    for (const line of lines) expect(validate(line), JSON.stringify([line, validate.errors])).to.equal(true);
    expect(lines.at(-2)).to.have.deep.property('fault', {
      code: 'rollout-unhealthy',
      message: 'i-1 is not healthy',
      hint: 'look',
    });
    expect(validate({ type: 'rollout-end' })).to.equal(false);
  });

  it('writes times as Terraform does', () => {
    expect([0.2, 59.6, 65, 3600, 7325].map(timeText)).to.deep.equal(['0s', '1m0s', '1m5s', '1h0m0s', '2h2m5s']);
  });
});
