import fc from 'fast-check';
import type { Role } from '../../../src/access/viewer.ts';
import type { Checkpoint } from '../../../src/erasure/context.ts';
import { RESOLUTIONS } from '../../../src/erasure/words.ts';
import { CUSTOMERS, type Command, type Order, type Setting } from './commands.ts';
import { PLACES, type Place } from './places.ts';
import { CHANGE_BEHAVIOURS, READ_BEHAVIOURS } from './provider.ts';

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
  fc.record(model, { noNullPrototype: true });

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
    { weight: 1, arbitrary: fc.constant(null) },
    { weight: 1, arbitrary: fc.uniqueArray(place, { minLength: 1, maxLength: 2 }) },
  ),
});

const resolve = record({
  do: of('RESOLVE'),
  erasure,
  task: fc.nat(5),
  resolution: fc.constantFrom(...RESOLUTIONS),
});

const order: fc.Arbitrary<Order> = fc.oneof(
  { weight: 1, arbitrary: record({ do: of('LOOK'), customer }) },
  { weight: 6, arbitrary: request },
  { weight: 3, arbitrary: record({ do: fc.constantFrom('CANCEL', 'DENY'), erasure }) },
  { weight: 3, arbitrary: record({ do: of('RETRY'), erasure }) },
  { weight: 4, arbitrary: record({ do: of('APPROVE'), erasure, asSeen: fc.boolean() }) },
  { weight: 5, arbitrary: resolve },
  { weight: 3, arbitrary: record({ do: fc.constantFrom('HOLD', 'RELEASE'), customer }) },
  { weight: 2, arbitrary: record({ do: fc.constantFrom('PAUSE', 'RESUME') }) },
);

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
);

/** What has to happen before the first delete, in one world or another. */
export const settings: fc.Arbitrary<Setting> = record({
  approvalForResale: fc.boolean(),
  coolOffMinutes: fc.constantFrom(0, 0, 60),
  suspends: fc.boolean(),
});

const minute: Command = { do: 'CLOCK', minutes: 1 };
const run: Command = { do: 'RUN', erasure: 0 };

/** Something that comes between the steps of an erasure, if anything does. */
const interruption = (customer: number, place: Place): fc.Arbitrary<Command[]> =>
  fc.constantFrom<Command[]>(
    [],
    [{ do: 'CANCEL', erasure: 0 }],
    [{ do: 'HOLD', customer }],
    [{ do: 'PAUSE' }],
    [{ do: 'CREATE', customer, place, how: 'AGAIN' }],
    [{ do: 'CREATE', customer, place, how: 'ANOTHER' }],
    [{ do: 'CREATE', customer, place, how: 'FOR_ANOTHER_CUSTOMER' }],
  );

const decision: fc.Arbitrary<Command[]> = fc.oneof(
  fc.constant<Command[]>([]),
  fc.constant<Command[]>([{ do: 'RETRY', erasure: 0 }]),
  resolve.map((one): Command[] => [{ ...one, erasure: 0, task: 0 }]),
);

const focus = fc.record({
  asked: request,
  place,
  as: fc.constantFrom(...CHANGE_BEHAVIOURS),
  times: fc.constantFrom(1, 1, 4),
  steps: fc.array(
    step.map((one) => ({ ...one, erasure: 0 })),
    { maxLength: 3 },
  ),
});

/** One erasure at one place, from the request to the end and beyond, which single commands would seldom come to. */
const story: fc.Arbitrary<Command[]> = focus.chain(({ asked, place, as, times, steps }) => {
  const { customer } = asked;
  const between = interruption(customer, place);
  return fc
    .tuple(between, between, decision, between)
    .map(([early, late, decided, last]): Command[] => [
      { ...asked, only: [place] },
      ...early,
      { do: 'BEHAVE', place, calls: 'CHANGES', as, times },
      ...steps,
      ...late,
      minute,
      run,
      { do: 'RELEASE', customer },
      { do: 'RESUME' },
      ...decided,
      ...last,
      minute,
      run,
    ]);
});

const MOST_COMMANDS = 60;

/** What happens in one world, one after the other. */
export const sequences: fc.Arbitrary<Command[]> = fc
  .array(fc.oneof({ weight: 6, arbitrary: command.map((one) => [one]) }, { weight: 1, arbitrary: story }), {
    minLength: 1,
    maxLength: 30,
    size: 'max',
  })
  .map((some) => some.flat().slice(0, MOST_COMMANDS));
