import { CHECKPOINTS, type Checkpoint } from '../../src/erasure/context.ts';
import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import type { Cost } from './check-erasure.ts';
import type { Death } from './deletion.ts';

/** A deletion that is killed in one way or several, one process after the other. */
export interface Scenario {
  name: string;
  deaths: readonly Death[];
  /** A vendor that answers as many deletes as there are deaths without doing them. */
  liar?: VendorName;
  /** How long vendors think before they answer. */
  vendorsThinkMs?: number;
  /** What it costs, where that is certain. */
  cost?: Omit<Cost, 'kills'>;
}

/** What an undisturbed deletion does, attempt by attempt. */
export const ATTEMPTS = [
  'vpn DELETE',
  'particle PREPARE',
  'particle DELETE',
  'engagelab DELETE',
  'learn DELETE',
  'onelogin DELETE',
  'vpn VERIFY',
  'particle VERIFY',
  'engagelab VERIFY',
  'learn VERIFY',
  'onelogin VERIFY',
] as const;

type AttemptName = (typeof ATTEMPTS)[number];

const VENDORS = ['vpn', 'particle', 'engagelab', 'learn', 'onelogin'] as const satisfies VendorName[];

const ordinal = (attempt: AttemptName): number => ATTEMPTS.indexOf(attempt) + 1;

type AttemptCheckpoint = Extract<Checkpoint, `attempt.${string}`>;

/** Killed at a checkpoint of one attempt of the undisturbed deletion. */
function killedAt(at: AttemptCheckpoint, attempt: AttemptName): Scenario {
  const answerLost = at === 'attempt.answered' && attempt.endsWith(' DELETE');
  return {
    name: `${at}, ${attempt}`,
    deaths: [{ at, passing: ordinal(attempt) }],
    cost: { repeats: 0, inferred: answerLost ? 1 : 0 },
  };
}

/** Killed while the vendor has the delete. */
const killedDuring = (vendor: VendorName): Scenario => ({
  name: `in the middle of the delete at ${vendor}`,
  deaths: [{ during: vendor }],
  cost: { repeats: 0, inferred: 1 },
});

/** Killed after a delete that the vendor has accepted and not done, so that it must be sent again; once or twice. */
function killedAfterNothingDone(vendor: VendorName, times: 1 | 2): Scenario {
  const first = ordinal(`${vendor} DELETE`);
  const afterProbe = vendor === 'particle' ? 3 : 2;
  const deaths: Death[] = [first, afterProbe]
    .slice(0, times)
    .map((passing) => ({ at: 'attempt.answered', passing }));
  const name = `attempt.answered ${times} ×, ${vendor} DELETE that was accepted and not done`;
  return { name, deaths, liar: vendor, cost: { repeats: times, inferred: 0 } };
}

/** Killed at a checkpoint, and again in the recovery. */
const killedTwice = (attempt: AttemptName, first: AttemptCheckpoint, again: AttemptCheckpoint): Scenario => ({
  name: `${first}, ${attempt}; then ${again} in the recovery`,
  deaths: [
    { at: first, passing: ordinal(attempt) },
    { at: again, passing: 1 },
  ],
});

const attemptCheckpoints = CHECKPOINTS.filter((name) => name.startsWith('attempt.')) as AttemptCheckpoint[];
const EVENTS = [1, 4, 7, 10, 13, 16, 19, 22];

/** Every checkpoint of an attempt at every attempt, and what goes beyond. */
export const EVERYTHING: readonly Scenario[] = [
  ...attemptCheckpoints.flatMap((at) => ATTEMPTS.map((attempt) => killedAt(at, attempt))),
  ...VENDORS.map(killedDuring),
  ...VENDORS.flatMap((vendor) => [killedAfterNothingDone(vendor, 1), killedAfterNothingDone(vendor, 2)]),
  killedTwice('vpn DELETE', 'attempt.answered', 'attempt.intended'),
  killedTwice('particle PREPARE', 'attempt.answered', 'attempt.answered'),
  killedTwice('engagelab DELETE', 'attempt.intended', 'attempt.recorded'),
  killedTwice('learn DELETE', 'attempt.answered', 'attempt.recorded'),
  killedTwice('onelogin DELETE', 'attempt.answered', 'attempt.answered'),
  {
    name: 'attempt.recorded, after each single attempt',
    deaths: ATTEMPTS.map(() => ({ at: 'attempt.recorded', passing: 1 })),
    cost: { repeats: 0, inferred: 0 },
  },
  ...EVENTS.map((afterEvent) => ({
    name: `whatever comes after event ${afterEvent}`,
    deaths: [{ afterEvent }],
  })),
];

const LIVES = 12;
const LONGEST_LIFE_MS = 700;
const VENDORS_THINK_MS = 60;

/** Numbers between 0 and 1 that look random and are the same in each run (Park and Miller, CACM 31, 1988). */
function* numbersFrom(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (state * 48_271) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

/** Killed at a dozen moments that nobody has chosen. */
function killedAnywhere(seed: number): Scenario {
  const numbers = numbersFrom(seed * 7_919);
  const deaths = Array.from({ length: LIVES }, () => ({
    afterMs: Math.round(numbers.next().value! * LONGEST_LIFE_MS),
  }));
  return { name: `${LIVES} moments at random, series ${seed}`, deaths, vendorsThinkMs: VENDORS_THINK_MS };
}

/** So many series of random moments. */
export const anywhere = (series: number): Scenario[] =>
  Array.from({ length: series }, (_, index) => killedAnywhere(index + 1));

/** Killed beside another gateway on the same database, which goes on without a restart. */
export const TAKEN_OVER: readonly Scenario[] = VENDORS.map((vendor) => ({
  name: `in the middle of the delete at ${vendor}, beside another gateway`,
  deaths: [{ during: vendor, beside: true }],
  cost: { repeats: 0, inferred: 1 },
}));

/** Every checkpoint of an attempt, each at another attempt. */
export const SELECTION: readonly Scenario[] = [
  killedAt('attempt.intended', 'particle DELETE'),
  killedAt('attempt.recorded', 'onelogin DELETE'),
  killedTwice('learn DELETE', 'attempt.answered', 'attempt.intended'),
  killedAfterNothingDone('engagelab', 1),
];
