import { expect } from 'chai';
import { FleetLedger, Ledger, withSlot } from '../../../src/rollout/apply/ledger.ts';
import { Together } from '../../../src/rollout/apply/together.ts';
import { type FleetState, STATE_VERSION, type State } from '../../../src/rollout/state/state.ts';

const FLEET: FleetState = { engine: 'ec2', region: 'eu-central-1', slots: {}, history: [] };
const STATE: State = { version: STATE_VERSION, lineage: 'l', serial: 7, playbake: '1', fleets: { web: FLEET } };

const region = (name: string) => (fleet: FleetState) => ({ ...fleet, region: name });

describe('rollout: the ledger', () => {
  it('keeps what is changed at the same time in one write, each with the next serial', async () => {
    const kept: State[] = [];
    const ledger = new Ledger(STATE, async (state) => {
      await new Promise((resolve) => setImmediate(resolve));
      kept.push(state);
    });
    const web = new FleetLedger(ledger, 'web');
    const first = web.change(region('a'));
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([first, web.change(region('b')), web.change(region('c'))]);
    expect(kept.map(({ serial, fleets }) => [serial, fleets['web']?.region])).to.deep.equal([
      [8, 'a'],
      [9, 'c'],
    ]);
    expect(web.fleet.region).to.equal('c');
  });

  it('resolves when a change is kept, and not before', async () => {
    let keep = () => {};
    let isDone = false;
    const ledger = new Ledger(STATE, () => new Promise((resolve) => (keep = resolve)));
    const change = ledger.change((state) => state).then(() => (isDone = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(isDone).to.equal(false);
    keep();
    await change;
    expect(isDone).to.equal(true);
  });

  it('changes nothing any more after a write that failed', async () => {
    let writes = 0;
    const ledger = new Ledger(STATE, async () => {
      writes += 1;
      throw new Error('the disk is full');
    });
    const said = (promise: Promise<void>) =>
      promise.then(
        () => '',
        (error: unknown) => String(error),
      );
    const web = new FleetLedger(ledger, 'web');
    const both = [web.change(region('a')), web.change(region('b'))];
    expect(await Promise.all(both.map(said))).to.deep.equal(['Error: the disk is full', 'Error: the disk is full']);
    expect(await said(web.change(region('c')))).to.equal('Error: the disk is full');
    expect([writes, web.fleet.region]).to.deep.equal([1, 'b']);
  });

  it('has no slots that hold nothing', () => {
    const volumes = { '/dev/xvdf': 'vol-1' };
    const filled = withSlot(FLEET, 2, (slot) => ({ ...slot, volumes }));
    expect(filled.slots).to.deep.equal({ 2: { deposed: [], volumes } });
    expect(withSlot(filled, 2, () => ({ deposed: [], volumes: {} })).slots).to.deep.equal({});
  });
});

describe('rollout: what is asked for together', () => {
  it('is asked for in one call, and in several where it is too much', async () => {
    const calls: (readonly string[])[] = [];
    const together = new Together({
      most: 3,
      call: async (keys) => {
        calls.push(keys);
        return new Map(keys.filter((key) => key !== 'c').map((key) => [key, `${key}!`]));
      },
    });
    const answers = await Promise.all(['a', 'b', 'a', 'c', 'd'].map((key) => together.ask(key)));
    expect(answers).to.deep.equal(['a!', 'b!', 'a!', undefined, 'd!']);
    expect(calls).to.deep.equal([['a', 'b', 'c'], ['d']]);
    await together.ask('e');
    expect(calls.at(-1)).to.deep.equal(['e']);
  });

  it('fails for all who asked when the call fails', async () => {
    const together = new Together({ most: 3, call: () => Promise.reject(new Error('no')) });
    const said = await Promise.all(
      ['a', 'b'].map((key) =>
        together.ask(key).then(
          () => '',
          (error: unknown) => String(error),
        ),
      ),
    );
    expect(said).to.deep.equal(['Error: no', 'Error: no']);
  });
});
