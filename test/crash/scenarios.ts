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
  /** Without it: what every scenario must stay within. */
  cost?: Partial<Cost>;
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

export const VENDORS = ['vpn', 'particle', 'engagelab', 'learn', 'onelogin'] as const satisfies VendorName[];

const ordinal = (attempt: AttemptName): number => ATTEMPTS.indexOf(attempt) + 1;

const costOf = (at: Checkpoint, attempt: AttemptName): Omit<Cost, 'kills'> => {
  const answerLost = at === 'attempt.answered' && attempt.endsWith(' DELETE');
  return { repeats: 0, inferred: answerLost ? 1 : 0 };
};

type AttemptCheckpoint = Extract<Checkpoint, `attempt.${string}`>;

/** Killed at a checkpoint of one attempt of the undisturbed deletion. */
export const killedAt = (at: AttemptCheckpoint, attempt: AttemptName): Scenario => ({
  name: `${at}, ${attempt}`,
  deaths: [{ at, passing: ordinal(attempt) }],
  cost: costOf(at, attempt),
});

/** Killed at a checkpoint that a deletion passes once. */
export const killedOnce = (at: Exclude<Checkpoint, AttemptCheckpoint>): Scenario => ({
  name: at,
  deaths: [{ at, passing: 1 }],
  cost: { repeats: 0, inferred: 0 },
});

/** Killed while the vendor has the delete. */
export const killedDuring = (vendor: VendorName): Scenario => ({
  name: `in the middle of the delete at ${vendor}`,
  deaths: [{ during: vendor }],
  cost: { repeats: 0, inferred: 1 },
});

/** Killed after a delete that the vendor has accepted and not done, so that it must be sent again; once or twice. */
export function killedAfterNothingDone(vendor: VendorName, times: 1 | 2): Scenario {
  const deaths: Death[] = [{ at: 'attempt.answered', passing: ordinal(`${vendor} DELETE`) }];
  if (times === 2) deaths.push({ at: 'attempt.answered', passing: 2 });
  const name = `${times} × attempt.answered, ${vendor} DELETE that was accepted and not done`;
  return { name, deaths, liar: vendor, cost: { repeats: times, inferred: 0 } };
}

/** Killed at a checkpoint, and again in the recovery. */
export const killedTwice = (
  attempt: AttemptName,
  first: AttemptCheckpoint,
  again: AttemptCheckpoint,
): Scenario => ({
  name: `${first}, ${attempt}; then ${again} in the recovery`,
  deaths: [
    { at: first, passing: ordinal(attempt) },
    { at: again, passing: 1 },
  ],
});

const attemptCheckpoints = CHECKPOINTS.filter((name) => name.startsWith('attempt.')) as AttemptCheckpoint[];
const deletes = VENDORS.map((vendor) => `${vendor} DELETE` as const);

/** Every checkpoint at every attempt, and what goes beyond. */
export const EVERYTHING: readonly Scenario[] = [
  ...(['erasure.enqueued', 'erasure.finished'] as const).map(killedOnce),
  ...attemptCheckpoints.flatMap((at) => ATTEMPTS.map((attempt) => killedAt(at, attempt))),
  ...VENDORS.map(killedDuring),
  ...VENDORS.flatMap((vendor) => [killedAfterNothingDone(vendor, 1), killedAfterNothingDone(vendor, 2)]),
  ...deletes.flatMap((attempt) =>
    attemptCheckpoints.map((again) => killedTwice(attempt, 'attempt.answered', again)),
  ),
  {
    name: 'attempt.recorded, after each single attempt',
    deaths: ATTEMPTS.map(() => ({ at: 'attempt.recorded', passing: 1 })),
    cost: { repeats: 0, inferred: 0 },
  },
  ...Array.from({ length: 22 }, (_, index) => ({
    name: `wherever it is when a client hears event ${index + 1}`,
    deaths: [{ afterEvent: index + 1 }],
  })),
];

/** Every checkpoint, each at another attempt. */
export const SELECTION: readonly Scenario[] = [
  killedOnce('erasure.enqueued'),
  killedOnce('erasure.finished'),
  killedAt('attempt.intended', 'vpn DELETE'),
  killedAt('attempt.intended', 'particle DELETE'),
  killedAt('attempt.answered', 'learn DELETE'),
  killedAt('attempt.answered', 'particle PREPARE'),
  killedAt('attempt.recorded', 'onelogin DELETE'),
  killedDuring('vpn'),
  killedAfterNothingDone('engagelab', 1),
  killedTwice('onelogin DELETE', 'attempt.answered', 'attempt.intended'),
];
