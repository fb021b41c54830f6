/** The tables of README.md. */

import { DEFAULT_CASES } from './cases.ts';
import { median, medianOf, type Run } from './results.ts';

const SECONDS = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(1));
/** The floor that everything is compared with. */
const FLOOR = 'floor-ssh2script';

/** Medians of the wall time of each case and engine, and how playbake compares. */
export function timesTable(runs: readonly Run[], engines: readonly string[]): string {
  const played = runs.filter(({ label }) => !label.startsWith('scale'));
  const shown = engines.filter((engine) => played.some((run) => run.engine === engine));
  const ratios = ['ansible', 'ansible-tuned', 'mitogen', 'pyinfra'].filter((engine) => shown.includes(engine));
  const head = ['case', ...shown, 'playbake / floor', ...ratios.map((engine) => `${engine} / playbake`), 'end state'];
  const rows = labelsOf(played).map((label) => {
    const of = (engine: string) => medianOf(played, label, engine);
    return [
      label,
      ...shown.map((engine) => cell(played, label, engine)),
      ratio(of('playbake'), of(floorOf(label))),
      ...ratios.map((engine) => ratio(of(engine), of('playbake'))),
      statesOf(played.filter((run) => run.label === label)),
    ];
  });
  return markdown(head, rows);
}

/** What one process that plays many hosts takes. */
export function scaleTable(runs: readonly Run[]): string {
  const scaled = runs.filter(({ label }) => label.startsWith('scale'));
  const head = ['hosts', 'time', 'processor here', 'a host and task', 'most memory', 'a host more'];
  let before: { readonly hosts: number; readonly peak: number } | undefined;
  const rows = labelsOf(scaled).map((label) => {
    const hosts = Number(label.slice('scale'.length));
    const of = (what: 'wall' | 'cpu' | 'peak') => medianOf(scaled, label, 'playbake', what) ?? Number.NaN;
    const more = before && ((of('peak') - before.peak) / (hosts - before.hosts)).toFixed(2);
    before = { hosts, peak: of('peak') };
    const each = `${((1000 * of('cpu')) / hosts / 10).toFixed(2)} ms`;
    return [
      String(hosts),
      `${SECONDS(of('wall'))} s`,
      `${SECONDS(of('cpu'))} s`,
      each,
      `${of('peak')} MB`,
      more ? `${more} MB` : '',
    ];
  });
  return markdown(head, rows);
}

/** Where the time of 25 tasks on one host goes: what each case takes more than the one before it, by the quickest runs. */
export function stagesTable(runs: readonly Run[]): string {
  const rows: (readonly string[])[] = [];
  let [wall, cpu] = [0, 0];
  for (const [stage, label, engine = 'playbake'] of STAGES) {
    const found = runs.filter((run) => run.label === label && run.engine === engine && run.status === 0);
    // The quickest of few may be slow itself.
    if (found.length < ENOUGH) continue;
    const [all, own] = [Math.min(...found.map((run) => run.wall)), Math.min(...found.map((run) => run.cpu))];
    rows.push([stage, ...[all - wall, own - cpu].map((seconds) => `${Math.round(1000 * seconds)} ms`)]);
    [wall, cpu] = [all, own];
  }
  if (rows.length < STAGES.length) return `Not measured yet: that takes ${ENOUGH} rounds of its cases.`;
  return markdown(['stage', 'time', 'processor here'], rows);
}

const ENOUGH = 3;
const STAGES: readonly (readonly [stage: string, label: string, engine?: string])[] = [
  ['Node starts', 'version', 'node'],
  ['the engine is loaded', 'version'],
  ['the playbook and the inventory are read and checked', 'syntax'],
  ['connection, login, shell, one command', 'one'],
  ['facts', 'p2x1'],
  ['25 tasks, all done already', 'p3x1 again'],
  ['what they change on a pristine host', 'p3x1 first'],
];

const ORDER = DEFAULT_CASES.split(',');

/** In the order of the cases; others come last. */
function labelsOf(runs: readonly Run[]): readonly string[] {
  const place = (label: string) => {
    const at = ORDER.indexOf(label.split(' ')[0]!);
    return at < 0 ? ORDER.length : at;
  };
  return [...new Set(runs.map(({ label }) => label))].sort((a, b) => place(a) - place(b));
}

function floorOf(label: string): string {
  if (label === 'version') return 'node';
  return label === 'first-byte' || label === 'p4a' ? 'floor-ssh' : FLOOR;
}

/** The median, and from where to where the runs went. */
function cell(runs: readonly Run[], label: string, engine: string): string {
  const own = runs.filter((run) => run.label === label && run.engine === engine);
  const walls = own.filter(({ status }) => status === 0).map(({ wall }) => wall);
  if (walls.length === 0) return own.length === 0 ? '' : 'failed';
  const spread = walls.length > 1 ? ` (${SECONDS(Math.min(...walls))}–${SECONDS(Math.max(...walls))})` : '';
  return `${SECONDS(median(walls))}${spread}${walls.length < own.length ? ' !' : ''}`;
}

function ratio(one: number | undefined, other: number | undefined): string {
  return one === undefined || other === undefined ? '' : (one / other).toFixed(1);
}

/** Whether all engines left the same; else who left something else than the first. */
function statesOf(runs: readonly Run[]): string {
  const states = runs.filter(({ state, status }) => state !== undefined && status === 0);
  const others = states.filter(({ state }) => state !== states[0]?.state).map(({ engine }) => engine);
  if (states.length === 0) return '';
  return others.length === 0 ? 'same' : `differs: ${[...new Set(others)].join(', ')}`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
