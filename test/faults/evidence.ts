import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import type { Person } from '../../src/sandbox/people.ts';
import type { LedgerEntry } from '../../src/sandbox/vendor.ts';
import type { Row } from '../crash/holdings.ts';
import type { Held } from './held.ts';

/** A task as a client sees it. */
export interface Task {
  integrationId: VendorName;
  presence: string;
  state: string;
  outcome: string | null;
  verdict: string | null;
  waitingReason: string | null;
  errorCode: string | null;
  errorMessage: string | null;
  providerReason: string | null;
  attempts: { kind: string; result: string | null }[];
}

/** An erasure as a client sees it. */
export interface Erasure {
  id: string;
  state: string;
  tasks: Task[];
}

/** What an erasure came to at one vendor: by the gateway's words, and by the vendor's own ledger and state. */
export interface Evidence {
  name: VendorName;
  person: Person;
  task: Task;
  erasure: Erasure;
  /** Whether each fault struck. */
  struck: boolean;
  /** Every request of the erasure that arrived, tokens aside. */
  calls: LedgerEntry[];
  held: Held;
  /** What the vendor holds of everybody else, before and after. */
  before: Row[];
  after: Row[];
}
