/** The plots of README.md. */

import { type PlotInput, plot } from './plot.ts';
import { medianOf, type Run } from './results.ts';

export interface Drawing {
  readonly file: string;
  readonly title: string;
  readonly svg: string;
}

/** Those for which there are at least two places on the way. */
export function plotsOf(runs: readonly Run[], engines: readonly string[]): readonly Drawing[] {
  const wanted = [
    drawing(runs, engines, 'round-trip.svg', /^p1@(\d+)$/, {
      title: '50 commands on one host, by the round-trip time of the wire',
      x: 'milliseconds for a round trip',
      linear: true,
    }),
    drawing(runs, engines, 'hosts.svg', /^p3x(\d+) first$/, {
      title: '25 tasks, by the number of hosts',
      x: 'hosts',
      linear: false,
    }),
    drawing(runs, ['playbake'], 'scale.svg', /^scale(\d+)$/, {
      title: '10 tasks from one process, by the number of hosts',
      x: 'hosts',
      linear: false,
    }),
  ];
  return wanted.filter((one) => one !== undefined);
}

function drawing(
  runs: readonly Run[],
  engines: readonly string[],
  file: string,
  labels: RegExp,
  words: Pick<PlotInput, 'linear' | 'title' | 'x'>,
): Drawing | undefined {
  const found = [...new Set(runs.map(({ label }) => label))].filter((label) => labels.test(label));
  const series = engines.flatMap((name) => {
    const points = found.flatMap((label) => {
      const y = medianOf(runs, label, name);
      return y === undefined ? [] : [{ x: Number(labels.exec(label)?.[1]), y }];
    });
    return points.length === 0 ? [] : [{ name, points: points.sort((a, b) => a.x - b.x) }];
  });
  return found.length < 2 ? undefined : { file, title: words.title, svg: plot({ ...words, y: 'seconds', series }) };
}
