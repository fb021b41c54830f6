import { expect } from 'chai';
import type { BakeEvent } from '../../src/bake/events.ts';
import { Fault } from '../../src/fault.ts';
import { BakeJsonReporter } from '../../src/report/bake-json.ts';
import { BakeTextReporter } from '../../src/report/bake-text.ts';
import { memoryScreen } from './memory-screen.ts';

const step = (id: string, title: string) => ({ id, title });
const play = step('play', 'Play the playbook');
const image = step('image', 'Create the image');
const task = {
  id: 1,
  name: 'Motd',
  action: 'copy',
  where: { file: '/play/app.yml', line: 4, text: 'x' },
  handler: false,
  check: false,
};

const EVENTS: readonly BakeEvent[] = [
  {
    type: 'bake-start',
    run: '20261126-021500-3f9a1c',
    image: 'app',
    playbook: '/play/app.yml',
    cloud: 'sandbox',
    why: 'there is no playbake.yml',
    region: 'us-east-1',
    resumed: false,
  },
  { type: 'step-end', step: step('base', 'Find the base image'), status: 'resumed', seconds: 0 },
  { type: 'step-end', step: step('share', 'Share the image'), status: 'skipped', seconds: 0 },
  { type: 'step-start', step: play },
  { type: 'play', step: play, event: { type: 'play-start', name: 'web', hosts: ['app'], where: task.where } },
  { type: 'play', step: play, event: { type: 'task-start', task, hosts: ['app'] } },
  {
    type: 'play',
    step: play,
    event: {
      type: 'result',
      task,
      host: 'app',
      status: 'changed',
      result: { changed: true },
      diff: [],
      ignored: false,
      loop: false,
      seconds: 1,
    },
  },
  { type: 'step-end', step: play, status: 'done', seconds: 2.25 },
  { type: 'step-start', step: image },
  { type: 'step-progress', step: image, text: 'ami-1 is pending, 40% of its disk copied' },
  { type: 'step-note', step: image, text: 'ami-1' },
  { type: 'step-end', step: image, status: 'done', seconds: 83 },
  { type: 'warning', message: 'it is late', hint: 'hurry' },
  { type: 'clean-start', why: 'end', things: 2 },
  { type: 'removing', kind: 'instance', name: 'i-1', region: 'us-east-1' },
  { type: 'removed', kind: 'instance', name: 'i-1', region: 'us-east-1' },
  {
    type: 'removed',
    kind: 'security-group',
    name: 'sg-1',
    region: 'us-east-1',
    fault: new Fault('cloud-denied', 'DeleteSecurityGroup is not allowed', { hint: 'ask' }),
  },
  {
    type: 'bake-end',
    outcome: 'baked',
    run: '20261126-021500-3f9a1c',
    region: 'us-east-1',
    imageId: 'ami-1',
    name: 'app-1',
    copies: [{ region: 'eu-west-1', imageId: 'ami-2' }],
    steps: [
      { ...play, seconds: 2.25 },
      { ...image, seconds: 83 },
    ],
    seconds: 90,
    left: 1,
    hints: ['`bake sweep 20261126-021500-3f9a1c` removes what is left'],
  },
];

describe('report: bakes', () => {
  it('as text: each step, the play below its own, how long each took, what is left', async () => {
    const screen = memoryScreen({});
    const reporter = new BakeTextReporter(screen, { verbosity: 0 });
    for (const event of EVENTS) reporter.emit(event);
    await reporter.close();
    expect(screen.stdout).to.equal(`Baking app in the sandbox, region us-east-1 (there is no playbake.yml)
/play/app.yml, run 20261126-021500-3f9a1c

↓ Find the base image  done before
• Play the playbook

    PLAY [web] *********************************************************************

    TASK [Motd] ********************************************************************
    changed: [app]
✔ Play the playbook  2.3 s
• Create the image
    ami-1 is pending, 40% of its disk copied
    ami-1
✔ Create the image  1 min 23 s
• Remove what only the bake needed
    ✔ instance i-1 in us-east-1
    ✖ security group sg-1 in us-east-1: DeleteSecurityGroup is not allowed

Play the playbook                                 2.3 s
Create the image                                  1 min 23 s
In all                                            1 min 30 s

Baked: ami-1  app-1  in us-east-1
  copy: ami-2 in eu-west-1
1 thing is still there
  hint: \`bake sweep 20261126-021500-3f9a1c\` removes what is left
`);
    expect(screen.stderr).to.equal('[WARNING]: it is late (hurry)\n');
  });

  it('as JSON: an event a line, without the text of files', async () => {
    const screen = memoryScreen({});
    const reporter = new BakeJsonReporter(screen);
    for (const event of EVENTS) reporter.emit(event);
    const lines = screen.stdout
      .trim()
      .split('\n')
      .map((line): BakeEvent => JSON.parse(line));
    expect(lines.map(({ type }) => type)).to.deep.equal(EVENTS.map(({ type }) => type));
    expect(lines[5]).to.have.nested.property('event.task.where').that.deep.equals({ file: '/play/app.yml', line: 4 });
    expect(lines[16]).to.have.property('fault').that.deep.equals({
      code: 'cloud-denied',
      message: 'DeleteSecurityGroup is not allowed',
      hint: 'ask',
    });
    expect(lines.at(-1)).to.deep.equal(EVENTS.at(-1));
  });
});
