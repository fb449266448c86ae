import fc from 'fast-check';
import type { Role } from '../../../src/access/viewer.ts';
import type { Checkpoint } from '../../../src/erasure/context.ts';
import { RESOLUTIONS } from '../../../src/erasure/words.ts';
import { CUSTOMERS, type Command, type Order, type Setting } from './commands.ts';
import { PLACES, type Place } from './places.ts';
import { CHANGE_BEHAVIOURS, READ_BEHAVIOURS, type Behaviour } from './provider.ts';

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

const run = (erasure = 0): Command => ({ do: 'RUN', erasure });
const again = (customer: number, place: Place): Command => ({ do: 'CREATE', customer, place, how: 'AGAIN' });
const minute: Command = { do: 'CLOCK', minutes: 1 };

/** Stories of a few commands, which single ones would seldom come to. */
const stories: fc.Arbitrary<Command[]>[] = [
  fc.tuple(request, fc.array(step, { maxLength: 4 })).map(([asked, steps]) => [asked, ...steps]),
  fc
    .tuple(request, place, fc.constantFrom<Behaviour[]>(...CHANGE_BEHAVIOURS), fc.constantFrom(1, 4))
    .map(([asked, place, as, times]) => [
      { ...asked, only: [place] },
      { do: 'BEHAVE', place, calls: 'CHANGES', as, times },
      run(),
      minute,
      run(),
    ]),
  fc
    .tuple(request, place, fc.constantFrom<Behaviour[]>('LOST_BEFORE_ACTING', 'LOST_AFTER_ACTING'))
    .map(([asked, place, as]) => [
      { ...asked, only: [place] },
      { do: 'BEHAVE', place, calls: 'CHANGES', as, times: 1 },
      run(),
      again(asked.customer, place),
      minute,
      run(),
    ]),
  fc
    .tuple(customer, erasure)
    .map(([customer, erasure]) => [
      { do: 'HOLD', customer },
      run(erasure),
      { do: 'RELEASE', customer },
      { do: 'RETRY', erasure },
      run(erasure),
    ]),
  fc
    .tuple(resolve, fc.option(order), resolve)
    .map(([first, between, second]) => [first, ...(between ? [between] : []), run(first.erasure), second]),
  fc
    .tuple(request, place)
    .map(([asked, place]) => [{ do: 'PAUSE' }, asked, again(asked.customer, place), { do: 'RESUME' }, run()]),
];

const story = fc.oneof(
  { weight: 10, arbitrary: command.map((one) => [one]) },
  ...stories.map((arbitrary) => ({ weight: 1, arbitrary })),
);

/** What happens in one world, one after the other. */
export const sequences: fc.Arbitrary<Command[]> = fc
  .array(story, { minLength: 1, maxLength: 35, size: 'max' })
  .map((some) => some.flat().slice(0, 60));
