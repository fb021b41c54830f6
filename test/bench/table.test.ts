import { expect } from 'chai';
import { plot } from '../../bench/plot.ts';
import { plotsOf } from '../../bench/plots.ts';
import type { Run } from '../../bench/results.ts';
import { scaleTable, stagesTable, timesTable } from '../../bench/table.ts';

const run = (label: string, engine: string, wall: number, more: Partial<Run> = {}): Run => ({
  label,
  engine,
  round: 1,
  wall,
  cpu: 0,
  peak: 0,
  status: 0,
  ...more,
});

describe('the tables of the benchmark', () => {
  it('give medians, where the runs went, and ratios to the floor and from the others', () => {
    const runs = [
      ...[0.5, 0.7, 0.6].map((wall) => run('p1@0', 'playbake', wall)),
      ...[0.3, 0.3, 0.3].map((wall) => run('p1@0', 'floor-ssh2script', wall)),
      run('p1@0', 'ansible', 18),
    ];
    const [, , row] = timesTable(runs, ['playbake', 'ansible', 'floor-ssh2script']).split('\n');
    expect(row).to.equal('| p1@0 | 0.60 (0.50–0.70) | 18.0 | 0.30 (0.30–0.30) | 2.0 | 30.0 |  |');
  });

  it('leave failed runs out of the medians, and say that there were some', () => {
    const runs = [
      run('p2', 'playbake', 9, { status: 2 }),
      run('p2', 'playbake', 1),
      run('p2', 'ansible', 1, { status: 1 }),
    ];
    const [, , row] = timesTable(runs, ['playbake', 'ansible']).split('\n');
    expect(row).to.match(/^\| p2 \| 1\.00 ! \| failed \|/);
  });

  it('have the cases in their order, whichever was measured first', () => {
    const runs = ['p3x1 first', 'other', 'p1@0', 'version'].map((label) => run(label, 'playbake', 1));
    const rows = timesTable(runs, ['playbake']).split('\n').slice(2);
    expect(rows.map((row) => row.split(' | ')[0])).to.deep.equal(['| version', '| p1@0', '| p3x1 first', '| other']);
  });

  it('name the engines that left something else', () => {
    const runs = [
      run('p3 first', 'playbake', 1, { state: 'a' }),
      run('p3 first', 'ansible', 1, { state: 'a' }),
      run('p3 first', 'floor-ssh', 1, { state: 'b' }),
    ];
    expect(timesTable(runs, ['playbake', 'ansible', 'floor-ssh'])).to.match(/differs: floor-ssh \|$/);
    expect(timesTable(runs.slice(0, 2), ['playbake', 'ansible'])).to.match(/same \|$/);
  });

  it('tell what each stage adds, by the quickest of enough runs', () => {
    const labels = ['version', 'syntax', 'one', 'p2x1', 'p3x1 again', 'p3x1 first'];
    const of = (engine: string, label: string, wall: number) =>
      [0.3, 0, 0.1].map((more) => run(label, engine, wall + more, { cpu: (wall + more) / 2 }));
    const runs = [
      of('node', 'version', 0.05),
      ...labels.map((label, index) => of('playbake', label, 0.1 + index / 10)),
    ];
    const rows = stagesTable(runs.flat()).split('\n').slice(2);
    expect(rows).to.have.length(7);
    expect(rows.slice(0, 3)).to.deep.equal([
      '| Node starts | 50 ms | 25 ms |',
      '| the engine is loaded | 50 ms | 25 ms |',
      '| the playbook and the inventory are read and checked | 100 ms | 50 ms |',
    ]);
    expect(stagesTable(runs.flat().slice(1))).to.match(/^Not measured yet/);
  });

  it('give the cost of a host and a task, and of a host more', () => {
    const runs = [
      run('scale10', 'playbake', 1, { cpu: 0.5, peak: 80 }),
      run('scale110', 'playbake', 9, { cpu: 3.3, peak: 110 }),
    ];
    const rows = scaleTable(runs).split('\n').slice(2);
    expect(rows).to.deep.equal([
      '| 10 | 1.00 s | 0.50 s | 5.00 ms | 80 MB |  |',
      '| 110 | 9.00 s | 3.30 s | 3.00 ms | 110 MB | 0.30 MB |',
    ]);
  });
});

describe('the plots of the benchmark', () => {
  it('put more to the right and longer higher up', () => {
    const points = [
      { x: 0, y: 1 },
      { x: 50, y: 10 },
      { x: 100, y: 100 },
    ];
    const svg = plot({ title: 't', x: 'ms', y: 's', linear: true, series: [{ name: 'one', points }] });
    const places = /polyline points="([^"]+)"/
      .exec(svg)?.[1]
      ?.split(' ')
      .map((place) => place.split(',').map(Number));
    const [a = [], b = [], c = []] = places ?? [];
    expect(b[0]! - a[0]!)
      .to.equal(c[0]! - b[0]!)
      .and.to.be.greaterThan(0);
    expect(a[1]! - b[1]!)
      .to.equal(b[1]! - c[1]!)
      .and.to.be.greaterThan(0);
  });

  it('are drawn of what was measured at two places or more', () => {
    const runs = [run('p1@0', 'playbake', 1), run('p1@50', 'playbake', 2), run('p3x1 first', 'playbake', 1)];
    expect(plotsOf(runs, ['playbake', 'ansible']).map(({ file }) => file)).to.deep.equal(['round-trip.svg']);
  });
});
