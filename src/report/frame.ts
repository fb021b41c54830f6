/** What the moving part of the live view shows, as a pure function of what is under way and how large the terminal is. */

import type { HostState, Tally } from './tally.ts';

export interface FrameRow {
  readonly key: string;
  /** Empty: not shown. */
  readonly title: string;
  readonly state: 'running' | 'done' | 'failed';
}

export interface FrameTask {
  readonly key: string;
  readonly title: string;
  readonly rows: readonly FrameRow[];
}

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Rows that stay free: the prompt before, a line of air. */
const MARGIN = 3;
/** More hosts than that nobody reads while they move, and drawing them costs. */
const MOST_ROWS = 20;

/** All hosts of a task have a row; those that the terminal has no room for have an empty title. */
export function frameOf(tallies: readonly Tally[], now: number, size: Size): readonly FrameTask[] {
  const room = Math.min(MOST_ROWS, Math.max(0, size.rows - MARGIN - tallies.length));
  return tallies.map((tally) => {
    const share = Math.floor(room / tallies.length);
    const shown = new Set(chosen([...tally.hosts.values()], share));
    return {
      key: String(tally.task.id),
      title: shorten(`${tally.task.name}  ${tally.summary}  ${seconds(now - tally.started)}`, size.columns),
      rows: [...tally.hosts.values()].map((state) => ({
        key: state.host,
        title: shown.has(state) ? shorten(titleOf(state, now), size.columns - 2) : '',
        state: stateOf(state),
      })),
    };
  });
}

/** All hosts where there is room. Else the first that failed and that changed, who then stay, and what runs longest. */
function chosen(states: readonly HostState[], room: number): readonly HostState[] {
  if (states.length <= room) return states.filter((state) => state.since !== undefined || state.status !== undefined);
  const failed = inOrder(states.filter(isFailed), 'finished').slice(0, Math.floor(room / 2));
  const changed = inOrder(
    states.filter(({ status }) => status === 'changed'),
    'finished',
  ).slice(0, Math.floor(room / 4));
  const running = states.filter(({ status, since }) => status === undefined && since !== undefined);
  return [...failed, ...changed, ...inOrder(running, 'since').slice(0, room - failed.length - changed.length)];
}

function inOrder(states: readonly HostState[], by: 'finished' | 'since'): readonly HostState[] {
  return [...states].sort((one, other) => (one[by] ?? 0) - (other[by] ?? 0));
}

function isFailed({ status, ignored }: HostState): boolean {
  return (status === 'failed' || status === 'unreachable') && !ignored;
}

function stateOf(state: HostState): FrameRow['state'] {
  if (state.status === undefined) return 'running';
  return isFailed(state) ? 'failed' : 'done';
}

function titleOf({ host, status, since, line, result }: HostState, now: number): string {
  if (status === undefined)
    return [host, since === undefined ? '' : seconds(now - since), line?.trim()].filter(Boolean).join('  ');
  const said = status === 'failed' || status === 'unreachable' ? result?.['msg'] : undefined;
  return `${host}  ${status}${typeof said === 'string' ? `: ${said.split('\n', 1)[0]}` : ''}`;
}

/** `0.4s`, `12s`, `3m 05s`. */
export function seconds(milliseconds: number): string {
  const whole = Math.floor(milliseconds / 1000);
  if (whole >= 60) return `${Math.floor(whole / 60)}m ${String(whole % 60).padStart(2, '0')}s`;
  return whole >= 10 ? `${whole}s` : `${(milliseconds / 1000).toFixed(1)}s`;
}

/** Six columns go to indentation and icons. */
function shorten(text: string, columns: number): string {
  const clean = text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '').replace(/[\u0000-\u001f\u007f]/g, ' ');
  const room = Math.max(10, columns - 6);
  return clean.length <= room ? clean : `${clean.slice(0, room - 1)}…`;
}
