import fc from 'fast-check';
import type { Role } from '../../src/access/viewer.ts';
import type { Checkpoint } from '../../src/erasure/context.ts';
import { RESOLUTIONS, type Resolution } from '../../src/erasure/words.ts';
import {
  CHANGE_BEHAVIOURS,
  PLACES,
  READ_BEHAVIOURS,
  type Behaviour,
  type Calls,
  type Place,
} from './model-provider.ts';

/** What an operator does. Customers, erasures and tasks are named by number, over and over again. */
export type Order =
  | { do: 'LOOK'; customer: number }
  | {
      do: 'REQUEST';
      customer: number;
      role: Role;
      /** By the hash of the last look, where there was one. */
      asSeen: boolean;
      inMinutes: number | null;
      suspends: boolean;
      only: readonly Place[] | null;
    }
  | { do: 'CANCEL' | 'DENY' | 'RETRY'; erasure: number }
  | {
      do: 'APPROVE';
      erasure: number;
      /** By the hash of the last look, and not of one taken now. */ asSeen: boolean;
    }
  | { do: 'RESOLVE'; erasure: number; task: number; resolution: Resolution }
  | { do: 'HOLD' | 'RELEASE'; customer: number }
  | { do: 'PAUSE' | 'RESUME' };

/** What happens next: an order, a step of the worker, something at a provider, or time passes. */
export type Command =
  | Order
  | {
      do: 'STEP';
      erasure: number;
      /** The process dies there. */ crash: Checkpoint | null;
      /** In the middle of the call. */ meanwhile: Order | null;
    }
  /** Many steps, as long as there is one to take. */
  | { do: 'RUN'; erasure: number }
  | { do: 'BEHAVE'; place: Place; calls: Calls; as: Behaviour; times: number }
  /** An account comes into being, in the place of one that was there; perhaps another customer's. */
  | { do: 'CREATE'; customer: number; place: Place; how: 'AGAIN' | 'ANOTHER' | 'FOR_ANOTHER_CUSTOMER' }
  | { do: 'CLOCK'; minutes: number };

/** What has to happen before the first delete. */
export interface Setting {
  approvalForResale: boolean;
  coolOffMinutes: number;
  suspends: boolean;
}

export const CUSTOMERS = 12;

/** The first few are what most of it is about. */
const customer = fc.oneof(
  { weight: 5, arbitrary: fc.nat(2) },
  { weight: 1, arbitrary: fc.nat(CUSTOMERS - 1) },
);
const erasure = fc.nat(2);
const place = fc.constantFrom(...PLACES);
const of = <Name extends string>(name: Name) => fc.constant(name);

/** As literals that can be pasted into a test. */
const record = <T>(model: { [Key in keyof T]: fc.Arbitrary<T[Key]> }): fc.Arbitrary<T> =>
  fc.record(model, { noNullPrototype: true }) as fc.Arbitrary<T>;

const request = record({
  do: of('REQUEST'),
  customer,
  role: fc.constantFrom<Role[]>('ADMIN', 'MASTER', 'RESALE', 'RESALE'),
  asSeen: fc.boolean(),
  inMinutes: fc.oneof(
    { weight: 2, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom(30, 600) },
  ),
  suspends: fc.boolean(),
  only: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.uniqueArray(place, { minLength: 1, maxLength: 3 }) },
  ),
});

const order: fc.Arbitrary<Order> = fc.oneof(
  { weight: 1, arbitrary: record({ do: of('LOOK'), customer }) },
  { weight: 6, arbitrary: request },
  { weight: 3, arbitrary: record({ do: fc.constantFrom('CANCEL', 'DENY'), erasure }) },
  { weight: 3, arbitrary: record({ do: of('RETRY'), erasure }) },
  { weight: 4, arbitrary: record({ do: of('APPROVE'), erasure, asSeen: fc.boolean() }) },
  {
    weight: 5,
    arbitrary: record({
      do: of('RESOLVE'),
      erasure,
      task: fc.nat(5),
      resolution: fc.constantFrom(...RESOLUTIONS),
    }),
  },
  { weight: 3, arbitrary: record({ do: fc.constantFrom('HOLD', 'RELEASE'), customer }) },
  { weight: 2, arbitrary: record({ do: fc.constantFrom('PAUSE', 'RESUME') }) },
) as fc.Arbitrary<Order>;

const AT_A_STEP = ['attempt.intended', 'attempt.answered', 'attempt.recorded', 'erasure.finished'] as const;

const step = record({
  do: of('STEP'),
  erasure,
  crash: fc.oneof(
    { weight: 3, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.constantFrom<Checkpoint[]>(...AT_A_STEP) },
  ),
  meanwhile: fc.oneof({ weight: 4, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: order }),
});

const behaviour = fc.oneof(
  {
    weight: 3,
    arbitrary: record({ calls: of('CHANGES'), as: fc.constantFrom(...CHANGE_BEHAVIOURS) }),
  },
  { weight: 1, arbitrary: record({ calls: of('READS'), as: fc.constantFrom(...READ_BEHAVIOURS) }) },
);

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: order },
  { weight: 8, arbitrary: step },
  { weight: 5, arbitrary: record({ do: of('RUN'), erasure }) },
  {
    weight: 6,
    arbitrary: fc
      .tuple(place, behaviour, fc.constantFrom(1, 1, 4))
      .map(([place, { calls, as }, times]) => ({ do: 'BEHAVE' as const, place, calls, as, times })),
  },
  {
    weight: 3,
    arbitrary: record({
      do: of('CREATE'),
      customer,
      place,
      how: fc.constantFrom('AGAIN', 'AGAIN', 'ANOTHER', 'FOR_ANOTHER_CUSTOMER'),
    }),
  },
  { weight: 4, arbitrary: record({ do: of('CLOCK'), minutes: fc.constantFrom(1, 5, 60, 700, 5_000) }) },
) as fc.Arbitrary<Command>;

export const setting: fc.Arbitrary<Setting> = record({
  approvalForResale: fc.boolean(),
  coolOffMinutes: fc.constantFrom(0, 0, 60),
  suspends: fc.boolean(),
});

export const commands = fc.array(command, { minLength: 1, maxLength: 60, size: 'max' });
