import type { Resolution } from '../../../src/erasure/words.ts';
import { CUSTOMERS, type Command, type Order, type Setting } from './commands.ts';
import type { Place } from './places.ts';
import type { Behaviour } from './provider.ts';

export const PLAIN: Setting = { approvalForResale: false, coolOffMinutes: 0, suspends: false };

type Request = Extract<Order, { do: 'REQUEST' }>;

const request = (only: readonly Place[] | null, more: Partial<Request> = {}): Request => ({
  do: 'REQUEST',
  customer: 0,
  role: 'ADMIN',
  asSeen: false,
  inMinutes: null,
  suspends: false,
  only,
  ...more,
});

const fails = (place: Place, as: Behaviour): Command => ({
  do: 'BEHAVE',
  place,
  calls: 'CHANGES',
  as,
  times: 1,
});
const again = (place: Place): Command => ({ do: 'CREATE', customer: 0, place, how: 'AGAIN' });
const clock = (minutes: number): Command => ({ do: 'CLOCK', minutes });
const decide = (resolution: Resolution): Command => ({
  do: 'RESOLVE',
  erasure: 0,
  task: 0,
  resolution,
});
const step: Command = { do: 'STEP', erasure: 0, crash: null, meanwhile: null };
const run: Command = { do: 'RUN', erasure: 0 };
const cancel: Command = { do: 'CANCEL', erasure: 0 };
const retry: Command = { do: 'RETRY', erasure: 0 };
const hold: Command = { do: 'HOLD', customer: 0 };
const release: Command = { do: 'RELEASE', customer: 0 };

/** More customers than may be deleted at one place in a day, over some hours, so that no role asks too often. */
const everyone = Array.from({ length: CUSTOMERS }, (_, customer): Command[] => [
  ...(customer % 3 === 0 ? [clock(61)] : []),
  request(['refuser'], { customer, role: 'ADMIN' }),
]).flat();

/** A sequence that something has hung on, and the change of state that it comes to. */
interface Example {
  commands: readonly Command[];
  /** Else plain. */
  setting?: Setting;
  comesTo: string;
}

/** By what they are about. */
export const EXAMPLES: Record<string, Example> = {
  'an account is created again while everything is paused': {
    commands: [request(['refuser']), { do: 'PAUSE' }, again('refuser'), { do: 'RESUME' }, run],
    comesTo: 'RUNNING → FAILED',
  },
  'an account becomes another customer’s while the first delete waits for its turn': {
    commands: [
      request(['refuser']),
      fails('refuser', 'GATE_SHUT'),
      run,
      { do: 'CREATE', customer: 0, place: 'refuser', how: 'FOR_ANOTHER_CUSTOMER' },
      clock(2),
      run,
    ],
    comesTo: 'RUNNING → FAILED',
  },
  'an account is created again in the cool-off': {
    commands: [request(['refuser'], { inMinutes: 30 }), run, again('refuser'), clock(60), run],
    comesTo: 'RUNNING → FAILED',
  },
  'a hold in the cool-off is released, and the erasure is retried before its time': {
    commands: [request(null, { inMinutes: 600 }), hold, run, release, retry, run],
    comesTo: 'VERIFYING → COMPLETED_WITH_EXCEPTIONS',
  },
  'a lost delete did its work unseen, and the second, which a person decided for, is called off': {
    commands: [request(['blind']), fails('blind', 'LOST_AFTER_ACTING'), run, decide('DELETE'), cancel, run],
    comesTo: 'RUNNING → PARTIAL',
  },
  'a lost delete did its work, and the deletion of the account that came after it is called off': {
    commands: [
      request(['refuser']),
      fails('refuser', 'LOST_AFTER_ACTING'),
      step,
      again('refuser'),
      clock(1),
      run,
      decide('DELETE'),
      cancel,
      run,
    ],
    comesTo: 'RUNNING → PARTIAL',
  },
  'a delete was lost, the erasure called off, and a person says to leave it': {
    commands: [
      request(['refuser']),
      fails('refuser', 'LOST_BEFORE_ACTING'),
      step,
      cancel,
      clock(1),
      run,
      decide('SKIP'),
      run,
    ],
    comesTo: 'RUNNING → PARTIAL',
  },
  'an account that the plan had not seen was said to be deleted by hand, is still there, and it is retried': {
    commands: [request(['anchor']), again('anchor'), run, decide('DONE_BY_HAND'), run, retry, run],
    comesTo: 'RUNNING → FAILED',
  },
  'an account is created again before somebody approves what they see': {
    setting: { ...PLAIN, approvalForResale: true },
    commands: [
      request(['refuser'], { role: 'RESALE' }),
      again('refuser'),
      { do: 'APPROVE', erasure: 0, asSeen: false },
      run,
    ],
    comesTo: 'VERIFYING → COMPLETED',
  },
  'a second account appears in the cool-off': {
    commands: [
      request(['refuser'], { inMinutes: 30 }),
      run,
      { do: 'CREATE', customer: 0, place: 'refuser', how: 'ANOTHER' },
      clock(60),
      run,
    ],
    comesTo: 'AWAITING_APPROVAL → DENIED',
  },
  'a lost delete did its work, and the erasure is called off before the next look': {
    commands: [request(['refuser']), fails('refuser', 'LOST_AFTER_ACTING'), step, cancel, clock(1), run],
    comesTo: 'VERIFYING → COMPLETED',
  },
  'one role asks for more customers than it may in an hour': {
    commands: [0, 1, 2].map((customer) => request(['refuser'], { customer, role: 'MASTER' })),
    comesTo: 'VERIFYING → COMPLETED',
  },
  'everybody is asked for within a day': {
    commands: everyone,
    comesTo: 'RUNNING → COMPLETED',
  },
};
