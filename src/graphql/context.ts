import DataLoader from 'dataloader';
import type { Logger } from 'pino';
import type { Viewer } from '../access/viewer.ts';
import { AccountReader } from '../customer/accounts.ts';
import type { Caller } from '../customer/context.ts';
import type { Customer } from '../customer/customer.ts';
import type { Directory } from '../customer/directory.ts';
import { importsByIds, type CustomerImport } from '../customer/import/import.ts';
import { linksOf, type Link } from '../customer/links.ts';
import { managersByIds, type Manager } from '../customer/managers.ts';
import type { Bulk } from '../erasure/bulk/bulk.ts';
import { countsOf, type BulkCounts } from '../erasure/bulk/counts.ts';
import { bulksByIds } from '../erasure/bulk/read.ts';
import type { ErasureContext } from '../erasure/context.ts';
import type { Engine } from '../engine/engine.ts';
import type { Attempt, Erasure, Task } from '../erasure/erasure.ts';
import { standingHolds, type Hold } from '../erasure/hold.ts';
import { refusalAt, refusalsOf } from '../erasure/permission.ts';
import { receiptsOf, type Receipt } from '../erasure/receipt.ts';
import { sweptAt } from '../erasure/reappearance/position.ts';
import { attemptsOf, erasuresByIds, tasksOf } from '../erasure/read.ts';
import type { CallerLimit } from '../limits/caller-limit.ts';
import type { Age, Integration, Notice } from '../providers/provider.ts';
import type { Revocations } from '../revocation/revocations.ts';
import type { Signer } from '../signing/signing-key.ts';
import type { Store } from '../store/store.ts';
import type { WebhookContext } from '../webhooks/context.ts';
import type { HealthLooks } from './health-looks.ts';
import { unauthenticated } from './refusals.ts';

/** The parts of the gateway that resolvers use. */
export interface Parts {
  store: Store;
  directory: Directory;
  integrations: readonly Integration[];
  erasures: ErasureContext;
  webhooks: WebhookContext;
  engine: Engine;
  health: HealthLooks;
  callerLimit: CallerLimit;
  signer: Signer;
  revocations: Revocations;
  /** What the gateway calls itself in what it signs. */
  origin: string;
  /** How long a request waits for providers. */
  requestDeadlineMs: number;
  log: Logger;
}

export interface Loaders {
  customers: DataLoader<string, Customer | null>;
  customersByEmail: DataLoader<string, Customer | null>;
  managers: DataLoader<string, Manager | null>;
  erasures: DataLoader<string, Erasure | null>;
  tasks: DataLoader<string, readonly Task[]>;
  attempts: DataLoader<string, readonly Attempt[]>;
  receipts: DataLoader<string, Receipt | null>;
  links: DataLoader<string, readonly Link[]>;
  imports: DataLoader<string, CustomerImport | null>;
  holds: DataLoader<string, readonly Hold[]>;
  sweptAt: DataLoader<string, Date | null>;
  bulks: DataLoader<string, Bulk | null>;
  bulkCounts: DataLoader<string, BulkCounts>;
  /** Why the viewer may not delete a customer. */
  refusals: DataLoader<Customer, readonly Notice[], string>;
  /** Why nobody may be deleted at an integration. */
  refusalsAt: DataLoader<string, Notice | null>;
}

/** What resolvers know of the request that they answer. */
export interface Context {
  parts: Parts;
  /** Null when the request carries no token. */
  viewer: Viewer | null;
  /** Whether a federated router asks, for the viewer. */
  fromRouter: boolean;
  /** Names the request in logs, errors and the audit log. */
  requestId: string;
  /** Ends when the client goes away and, for a stream, when the viewer's token does. */
  signal: AbortSignal;
  /** The caller, for resolvers that the rules let only a viewer reach. */
  known(): Viewer;
  /** The caller, for functions that change something. */
  caller(): Caller;
  /** One deadline for all provider calls of the request. */
  deadline(): AbortSignal;
  /**
   * What integrations hold: as old as their copies may be, or read now. With the id of a customer of whom everything is
   * read now, whoever else asks for them in the request is answered by the same reads.
   */
  accounts(age?: Age, customerId?: string): AccountReader;
  loaders(): Loaders;
  integration(id: string): Integration | null;
  /** Forgets what was read, so that what comes next shows the present. */
  refresh(): void;
  /** The same for the next event of a stream, whose provider calls have a deadline of their own. */
  nextEvent(): void;
}

function newLoaders({ store, directory, erasures }: Parts, known: () => Viewer): Loaders {
  return {
    customers: new DataLoader((ids) => directory.byIds(known(), ids)),
    customersByEmail: new DataLoader((emails) => directory.byEmails(known(), emails)),
    managers: new DataLoader((ids) => managersByIds(store, known(), ids)),
    erasures: new DataLoader((ids) => erasuresByIds(store, known(), ids)),
    tasks: new DataLoader((ids) => tasksOf(store, ids)),
    attempts: new DataLoader((ids) => attemptsOf(store, ids)),
    receipts: new DataLoader((ids) => receiptsOf(store, ids)),
    links: new DataLoader((ids) => linksOf(store, ids)),
    imports: new DataLoader((ids) => importsByIds(store, known(), ids)),
    holds: new DataLoader((ids) => standingHolds(store.db, ids)),
    sweptAt: new DataLoader((ids) => sweptAt(store, ids)),
    bulks: new DataLoader((ids) => bulksByIds(store, known(), ids)),
    bulkCounts: new DataLoader((ids) => countsOf(store, ids)),
    refusals: new DataLoader((customers) => refusalsOf(erasures, known(), customers), {
      cacheKeyFn: ({ id }) => id,
    }),
    refusalsAt: new DataLoader((ids) => Promise.all(ids.map((id) => refusalAt(erasures, id)))),
  };
}

/** A context for one request. Not a class: Yoga copies its properties into an object of its own. */
export function newContext(
  parts: Parts,
  { viewer, fromRouter }: Pick<Context, 'viewer' | 'fromRouter'>,
  requestId: string,
  signal: AbortSignal,
): Context {
  let loaders: Loaders | undefined;
  let deadline: AbortSignal | undefined;
  const accounts = new Map<Age, AccountReader>();
  const readNow = new Set<string>();
  const known = (): Viewer => {
    if (!viewer) throw unauthenticated();
    return viewer;
  };
  const untilDeadline = (): AbortSignal => {
    if (deadline) return deadline;
    deadline = AbortSignal.any([AbortSignal.timeout(parts.requestDeadlineMs), signal]);
    return deadline;
  };
  const refresh = (): void => {
    loaders = undefined;
    accounts.clear();
    readNow.clear();
  };
  return {
    parts,
    viewer,
    fromRouter,
    requestId,
    signal,
    known,
    caller: () => ({ viewer: known(), requestId, signal: untilDeadline() }),
    deadline: untilDeadline,
    accounts: (wanted = 'RECENT', customerId) => {
      if (customerId !== undefined && wanted === 'FRESH') readNow.add(customerId);
      const age = customerId !== undefined && readNow.has(customerId) ? 'FRESH' : wanted;
      const reader =
        accounts.get(age) ?? new AccountReader(parts.store, parts.integrations, untilDeadline(), age);
      accounts.set(age, reader);
      return reader;
    },
    loaders: () => (loaders ??= newLoaders(parts, known)),
    integration: (id) => parts.integrations.find((integration) => integration.id === id) ?? null,
    refresh,
    nextEvent: () => {
      refresh();
      deadline = undefined;
    },
  };
}
