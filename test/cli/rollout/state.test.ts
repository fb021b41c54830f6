import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { state } from '../../../src/cli/rollout/state.ts';
import { unlock } from '../../../src/cli/rollout/unlock.ts';
import { FileStateStore } from '../../../src/rollout/state/file-state-store.ts';
import { nextState } from '../../../src/rollout/state/next-state.ts';
import type { FleetState, State } from '../../../src/rollout/state/state.ts';
import { fleetOf, instanceOf, slotOf } from '../../rollout/support/states.ts';
import { temporaryDirectory } from '../../support/temporary-directory.ts';
import { said } from './session.ts';

describe('rollout state', () => {
  const root = temporaryDirectory();
  let directory = '';
  let file = '';
  let cases = 0;
  beforeEach(() => {
    directory = join(root(), String(cases++));
    file = join(directory, 'playbake.state.json');
    mkdirSync(directory);
  });

  const web = {
    ...fleetOf(Array.from({ length: 11 }, (_, index) => `i-${index}`)),
    history: [],
  };
  const both: State = nextState(undefined, { web, api: fleetOf(['i-a', 'i-b']) });
  const keep = (kept: State) => writeFileSync(file, JSON.stringify(kept));
  const kept = (): State => JSON.parse(readFileSync(file, 'utf8'));
  const run = (...args: readonly string[]) => said(state, directory, args);
  const slots = (fleet: string) => Object.keys(kept().fleets[fleet]?.slots ?? {});

  it('list shows slots, each by its address, in their order', async () => {
    keep(both);
    const { out } = await run('list');
    expect(out.split('\n').slice(0, 4)).to.deep.equal(['fleet.api[0]', 'fleet.api[1]', 'fleet.web[0]', 'fleet.web[1]']);
    expect(out).to.match(/web\[9\]\nfleet\.web\[10\]\n$/);
    expect((await run('list', 'fleet.api', 'fleet.web[10]')).out).to.equal(
      'fleet.api[0]\nfleet.api[1]\nfleet.web[10]\n',
    );
    expect(JSON.parse((await run('list', '-json', 'fleet.api')).out)).to.deep.equal(['fleet.api[0]', 'fleet.api[1]']);
  });

  it('show tells what a slot is made of, and not what user-data says', async () => {
    const current = instanceOf('i-1');
    const settings = { ...current.settings, userData: 'secret', volumes: [], keyName: 'me' };
    const slot = slotOf('i-1', {
      current: { ...current, settings },
      deposed: [instanceOf('i-0', { inService: false })],
      volumes: { '/dev/xvdf': 'vol-1' },
    });
    keep(nextState(undefined, { web: { ...web, slots: { 3: slot } } }));
    const { out } = await run('show', 'fleet.web[3]');
    expect(out).not.to.include('secret');
    expect(out.split('\n')).to.deep.equal([
      '# fleet.web[3]:',
      '{',
      '    id              = "i-1"',
      '    in_service      = true',
      '    token           = "r-i-1"',
      '    image_id        = "ami-0123456789abcdef0"',
      '    image_name      = "app-20261126-010203"',
      '    instance_type   = "t3.small"',
      '    subnet_id       = "subnet-0123456789abcdef0"',
      '    security_groups = [',
      '        "sg-0123456789abcdef0"',
      '    ]',
      '    key             = "me"',
      '    target_groups   = [',
      '        "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/0123456789abcdef"',
      '    ]',
      '    user_data       = "(6 characters)"',
      '    tags            = {',
      '        "Team": "web"',
      '    }',
      '    volume_ids = {',
      '        "/dev/xvdf": "vol-1"',
      '    }',
      '}',
      '# fleet.web[3]: (deposed i-0)',
      ...out.split('\n').slice(25),
    ]);
    expect(out).to.include('    in_service      = false');
    const [shown] = JSON.parse((await run('show', 'fleet.web[3]', '--json')).out);
    expect(shown).to.deep.include({ address: 'fleet.web[3]', volumes: { '/dev/xvdf': 'vol-1' } });
  });

  it('rm forgets, keeps a backup, and says that nothing was terminated', async () => {
    keep(both);
    const dry = await run('rm', '-dry-run', 'fleet.web[2]');
    expect(dry.out).to.equal('Would remove fleet.web[2] (i-2)\n');
    expect(kept()).to.deep.equal(both);
    const { code, out } = await run('rm', 'fleet.web[2]', 'fleet.api');
    expect(code).to.equal(0);
    expect(out).to.equal(
      `Removed fleet.web[2] (i-2)\nRemoved fleet.api[0] (i-a)\nRemoved fleet.api[1] (i-b)
Nothing was terminated: i-2, i-a, i-b run on; \`rollout import\` takes them back.\n`,
    );
    expect(Object.keys(kept().fleets)).to.deep.equal(['web']);
    expect(slots('web')).to.have.length(10).and.not.include('2');
    expect(kept()).to.deep.include({ serial: 2, lineage: both.lineage });
    expect(await new FileStateStore(`${file}.backup`).read()).to.deep.equal(both);
  });

  it('mv gives a slot or a fleet another address', async () => {
    keep(both);
    expect((await run('mv', 'fleet.web[2]', 'fleet.web[20]')).out).to.equal('Moved fleet.web[2] to fleet.web[20]\n');
    expect(kept().fleets['web']?.slots[20]).to.deep.equal(both.fleets['web']?.slots[2]);
    expect(slots('web')).not.to.include('2');
    await run('mv', 'fleet.api', 'fleet.service');
    expect(kept().fleets['service']).to.deep.equal(both.fleets['api']);
    await run('mv', 'fleet.service[1]', 'fleet.other[0]');
    expect(kept().fleets['other']).to.deep.equal({ ...fleetOf(['i-b']), history: [] });
    expect(slots('service')).to.deep.equal(['0']);
    expect(kept().serial).to.equal(4);
  });

  const rollout: NonNullable<FleetState['rollout']> = JSON.parse(
    '{"id":"r","began":"","plan":{"rollout":"r","fleet":{},"changes":[],"batches":[]},"direction":"forward","batch":0,"stage":0,"begun":[],"done":[]}',
  );
  const wrong: readonly (readonly [readonly string[], string])[] = [
    [[], 'rollout state takes a verb'],
    [['lst'], 'rollout state has no verb "lst"'],
    [['show'], 'rollout state show needs ADDRESS'],
    [['pull', 'x'], 'rollout state pull does not take "x"'],
    [['list', '--jsn'], 'rollout state has no option --jsn'],
    [['rm', 'web[0]'], '"web[0]" is no address'],
    [['rm', 'fleet.web[11]'], 'the state has no fleet.web[11]'],
    [['rm', 'fleet.wbe[1]'], 'the state has no fleet.wbe[1]'],
    [['mv', 'fleet.web[0]', 'fleet.web[1]'], 'fleet.web[1] is taken'],
    [['mv', 'fleet.web', 'fleet.api'], 'fleet.api is taken'],
    [['mv', 'fleet.web[0]', 'fleet.api'], 'a fleet moves to a fleet, and a slot to a slot'],
    [['rm', 'fleet.busy[0]'], 'a rollout of busy is under way: fleet.busy[0] must stay as it is until it has ended'],
    [['mv', 'fleet.web[0]', 'fleet.busy[7]'], 'a rollout of busy is under way: fleet.busy[7] must stay'],
    [['push', 'nothing.json'], 'nothing.json cannot be read: ENOENT'],
  ];
  for (const [args, message] of wrong) {
    it(`${args.join(' ') || 'nothing'} is refused`, async () => {
      keep({ ...both, fleets: { ...both.fleets, busy: { ...fleetOf(['i-x']), rollout } } });
      const before = kept();
      const { code, err } = await run(...args);
      expect(code).to.equal(-1);
      expect(err).to.include(message);
      expect(kept()).to.deep.equal(before);
      expect(await new FileStateStore(file).locked()).to.equal(undefined);
    });
  }

  it('hints at what was probably meant', async () => {
    keep(both);
    expect((await run('show', 'fleet.wbe[1]')).err).to.include('did you mean fleet.web[1]?');
  });

  it('rm of a whole fleet is let go of also in the midst of a rollout', async () => {
    keep({ ...both, fleets: { ...both.fleets, busy: { ...fleetOf(['i-x']), rollout } } });
    expect((await run('rm', 'fleet.busy')).code).to.equal(0);
    expect(Object.keys(kept().fleets)).to.deep.equal(['web', 'api']);
  });

  it('where there is none is told', async () => {
    for (const args of [['list'], ['rm', 'fleet.web'], ['pull']]) {
      expect((await run(...args)).err).to.include(`there is no state: nothing is at ${file}`);
    }
  });

  it('pull gives all of it, and push keeps it as the successor of what is there', async () => {
    keep(both);
    const pulled = (await run('pull')).out;
    expect(JSON.parse(pulled)).to.deep.equal(both);
    await run('rm', 'fleet.api');
    const old = join(directory, 'old.json');
    writeFileSync(old, pulled);
    expect((await run('push', 'old.json')).err).to.include('old.json is older than');
    expect((await run('push', '-force', 'old.json')).code).to.equal(0);
    expect(kept()).to.deep.equal({ ...both, serial: 3 });
    writeFileSync(old, JSON.stringify({ ...both, lineage: 'another' }));
    expect((await run('push', 'old.json')).err).to.include('is of the lineage another');
    writeFileSync(old, '{');
    expect((await run('push', '-force', 'old.json')).err).to.include('is cut off');
    expect(kept()).to.deep.equal({ ...both, serial: 3 });
  });

  describe('is locked by somebody, and', () => {
    const apply = { operation: 'apply' };
    const open = (...args: readonly string[]) => said(unlock, directory, args);

    it('is not changed', async () => {
      keep(both);
      const lock = await new FileStateStore(file).lock(apply);
      const { err } = await run('rm', 'fleet.web');
      expect(err)
        .to.include('Error acquiring the state lock')
        .and.include(lock.info.ID)
        .and.include('Operation: apply');
      expect(kept()).to.deep.equal(both);
      expect((await run('list', 'fleet.api[0]')).out).to.equal('fleet.api[0]\n');
      await lock.release();
    });

    it('unlock says by whom', async () => {
      expect((await open()).out).to.equal(`${file} is not locked.\n`);
      const lock = await new FileStateStore(file).lock(apply);
      expect((await open()).out).to.include(`ID:        ${lock.info.ID}\n`);
      await lock.release();
    });

    it('unlock asks before it removes the lock', async () => {
      const lock = await new FileStateStore(file).lock(apply);
      const { ID } = lock.info;
      expect((await open('7')).err).to.include('the state has no lock 7');
      expect((await open(ID)).err).to.include('nobody can answer here');
      const no = await said(unlock, directory, [ID], 'y');
      expect([no.code, no.out.split('\n').at(-2)]).to.deep.equal([1, 'The lock was left as it is.']);
      expect(await new FileStateStore(file).locked()).to.deep.equal(lock.info);
      const yes = await said(unlock, directory, [ID], 'yes');
      expect([yes.code, yes.out.split('\n').at(-2)]).to.deep.equal([0, `${file} is not locked any more.`]);
      const other = await new FileStateStore(file).lock(apply);
      expect((await open('-force', other.info.ID)).code).to.equal(0);
      expect(await new FileStateStore(file).locked()).to.equal(undefined);
    });
  });
});
