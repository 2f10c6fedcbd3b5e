import type { Sample } from './sample.ts';

/** What a figure is to reach. */
export type Aim = { atLeast: number; unit: string } | { atMost: number; unit: string };

/** A missed aim is a result like any other: it is told and does not fail the run. */
export function judge(aim: Aim, { median }: Pick<Sample, 'median'>): string {
  const reached = 'atLeast' in aim ? median >= aim.atLeast : median <= aim.atMost;
  return `aim ${reached ? 'reached' : 'missed'} (${describeAim(aim)})`;
}

function describeAim(aim: Aim): string {
  return 'atLeast' in aim ? `≥ ${aim.atLeast}${aim.unit}` : `≤ ${aim.atMost}${aim.unit}`;
}
