import type { Role } from '../../../src/access/viewer.ts';
import type { Checkpoint } from '../../../src/erasure/context.ts';
import type { Resolution } from '../../../src/erasure/words.ts';
import type { Place } from './places.ts';
import type { Behaviour, Calls } from './provider.ts';

/** What an operator does. Customers, erasures (the newest first) and tasks are named by number. */
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

export const CUSTOMERS = 14;
