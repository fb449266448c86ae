import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api } from '../support/api.ts';
import { DOORS, type Door } from './doors.ts';
import { standing } from './judge.ts';
import { openTo } from './reached.ts';
import type { Place } from './oracle.ts';
import { cellsOf, operation } from './operations.ts';
import { setStage, type Stage } from './stage.ts';
import { MANAGER, type Things } from './things.ts';
import { CALLERS } from './viewers.ts';

const RESELLER = CALLERS.find(({ name }) => name === 'RESALE, every scope')!;

const MOST_APART_MS = 1;
const LEAST_P = 0.01;
const WARM_UP = 20;
const ROUNDS = 3;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** Two-sided p of the Mann-Whitney U test, by its normal approximation: how likely two samples of one kind differ so much. */
function mannWhitney(a: readonly number[], b: readonly number[]): number {
  const all = [...a.map((value) => ({ value, isA: true })), ...b.map((value) => ({ value, isA: false }))];
  const ranked = all.toSorted((x, y) => x.value - y.value);
  const rankSum = ranked.reduce((sum, { isA }, i) => sum + (isA ? i + 1 : 0), 0);
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const mean = (a.length * b.length) / 2;
  const deviation = Math.sqrt((a.length * b.length * (all.length + 1)) / 12);
  return 2 * (1 - normal(Math.abs(u - mean) / deviation));
}

/** The normal distribution function for z ≥ 0 (Abramowitz and Stegun, 26.2.17). */
function normal(z: number): number {
  const t = 1 / (1 + 0.231_641_9 * z);
  const series = [0.319_381_530, -0.356_563_782, 1.781_477_937, -1.821_255_978, 1.330_274_429];
  const tail = series.reduceRight((sum, factor) => (sum + factor) * t, 0);
  return 1 - (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * tail;
}

/** Doors at which a reseller asks about somebody of a sibling. */
const doors = DOORS.filter(
  (door) =>
    door.root !== 'Subscription' &&
    door.needs.length > 0 &&
    door.kind !== 'gateway' &&
    standing(RESELLER, door, 'sibling') === 'out of reach',
);

/** What is foreign takes as long to be refused as what is not there: asked in turns, at the doors that are wanted. */
export function testTiming(wanted: (door: Door) => boolean, pairs: number, timeout: number): void {
  let stage: Stage;
  let api: Api;

  beforeAll(async () => {
    stage = await setStage();
    api = await stage.world.as({ role: 'RESALE', manager: MANAGER });
  });

  afterAll(() => stage.close());

  async function time(door: Door, place: Place): Promise<number> {
    const args = { ...door.args(stage.at[place] as Things, 'RESALE', place, stage.at.own as Things) };
    const cells = openTo(RESELLER.asker, cellsOf(door.root, door.field, 0, door.only));
    const document = operation(door.root, door.field, cells, args);
    const begun = performance.now();
    await api.send(document, args);
    return performance.now() - begun;
  }

  /** How far the medians are apart, and how likely that is when there is no difference. */
  async function compare(door: Door): Promise<{ apart: number; p: number }> {
    const taken = { sibling: [] as number[], unknown: [] as number[] };
    for (let i = -WARM_UP; i < pairs; i++) {
      const order = i % 2 === 0 ? (['sibling', 'unknown'] as const) : (['unknown', 'sibling'] as const);
      for (const place of order) {
        const ms = await time(door, place);
        if (i >= 0) taken[place].push(ms);
      }
    }
    const apart = Math.abs(median(taken.sibling) - median(taken.unknown));
    return { apart, p: mannWhitney(taken.sibling, taken.unknown) };
  }

  test.each(
    doors.filter(wanted).map((door) => [`${door.root}.${door.field} by ${door.needs.join()}`, door] as const),
  )(
    '%s',
    async (name, door) => {
      for (let round = 1; ; round++) {
        const { apart, p } = await compare(door);
        console.log(`${name}: medians ${apart.toFixed(3)} ms apart, p = ${p.toFixed(3)}`);
        if (apart < MOST_APART_MS || p > LEAST_P) return;
        expect(round, 'what is there shows again, chance does not').toBeLessThan(ROUNDS);
      }
    },
    timeout,
  );
}
