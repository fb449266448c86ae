import type { Load } from './load.ts';
import { median } from './sample.ts';
import type { Workload } from './workloads.ts';

/** What was measured of a candidate, round by round. */
export interface Row {
  name: string;
  /** How many calls of a provider one request makes. */
  calls: number;
  samples: Load[];
}

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

/** A number with as many digits as it is known to. */
export const figure = (value: number): string =>
  value >= 100 ? whole.format(value) : String(Number(value.toPrecision(value < 1 ? 2 : 3)));

const HEAD = ['', 'requests/s', 'to raw', 'p50 ms', 'p99 ms', 'CPU ms per 1,000', 'RSS MB', 'provider calls'];

/** What is read off one sample, in the order of the columns from the third on. */
const READINGS: ((one: Load) => number)[] = [
  ({ p50Ms }) => p50Ms,
  ({ p99Ms }) => p99Ms,
  ({ cpuMs }) => cpuMs,
  ({ rssMb }) => rssMb,
];

/** One workload at one latency. A ratio is the median of the rounds' ratios, each of two loads in a row. */
export function comparison(
  { name, what }: Workload,
  delayMs: number,
  rows: readonly Row[],
  absent: readonly { name: string; reason: string }[],
): string {
  const [limit] = rows;
  const cells = rows.map(({ name, calls, samples }) => {
    const ratios = samples.map(({ perSecond }, i) => perSecond / limit!.samples[i]!.perSecond);
    return [
      name,
      figure(median(samples.map(({ perSecond }) => perSecond))),
      median(ratios).toFixed(2),
      ...READINGS.map((reading) => figure(median(samples.map(reading)))),
      figure(calls),
    ];
  });
  const missing = absent.map(({ name, reason }) => [
    name,
    `not measured: ${reason}`,
    ...HEAD.slice(2).map(() => ''),
  ]);
  const title = `### ${name}: ${what}${delayMs > 0 ? `, ${delayMs} ms of latency at every provider` : ''}`;
  return `${title}\n\n${table(HEAD, [...cells, ...missing])}`;
}
