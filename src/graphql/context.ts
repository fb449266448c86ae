import type { Logger } from 'pino';
import type { Viewer } from '../access/viewer.ts';
import { AccountReader } from '../customer/accounts.ts';
import type { Caller } from '../customer/context.ts';
import type { Directory } from '../customer/directory.ts';
import type { DirectoryCopy } from '../customer/directory-copy.ts';
import type { ErasureContext } from '../erasure/context.ts';
import type { Engine } from '../engine/engine.ts';
import type { CallerLimit } from '../limits/caller-limit.ts';
import type { Age, Integration } from '../providers/provider.ts';
import type { Revocations } from '../revocation/revocations.ts';
import type { Signer } from '../signing/signing-key.ts';
import type { Store } from '../store/store.ts';
import type { WebhookContext } from '../webhooks/context.ts';
import type { HealthLooks } from './health-looks.ts';
import { newLoaders, type Loaders } from './loaders.ts';
import { Deadline } from './deadline.ts';
import { unauthenticated } from './refusals.ts';

/** The parts of the gateway that resolvers use. */
export interface Parts {
  store: Store;
  directory: Directory;
  /** The directory for those who look. */
  directoryCopy: DirectoryCopy;
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
  gone(): AbortSignal;
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
  /** Calls off what the answer did not wait for. */
  end(): void;
}

/**
 * A context for one request. Not a class: Yoga copies its properties into an object of its own. Nor has it an accessor:
 * each would give the object a hidden class of its own in V8, which keeps all of the request until the next full
 * collection.
 */
export function newContext(
  parts: Parts,
  { viewer, fromRouter }: Pick<Context, 'viewer' | 'fromRouter'>,
  requestId: string,
  gone: () => AbortSignal,
): Context {
  let signal: AbortSignal | undefined;
  let loaders: Loaders | undefined;
  let deadline: Deadline | undefined;
  const accounts = new Map<Age, AccountReader>();
  const readNow = new Set<string>();
  const known = (): Viewer => {
    if (!viewer) throw unauthenticated();
    return viewer;
  };
  const untilGone = (): AbortSignal => (signal ??= gone());
  const untilDeadline = (): AbortSignal => {
    deadline ??= new Deadline(parts.requestDeadlineMs, untilGone());
    return deadline.signal;
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
    gone: untilGone,
    known,
    caller: () => ({ viewer: known(), requestId, signal: untilDeadline() }),
    deadline: untilDeadline,
    accounts: (wanted = 'RECENT', customerId) => {
      if (customerId !== undefined && wanted === 'FRESH') readNow.add(customerId);
      const age = customerId !== undefined && readNow.has(customerId) ? 'FRESH' : wanted;
      const reader =
        accounts.get(age) ??
        new AccountReader(
          parts.store,
          parts.integrations,
          untilDeadline(),
          age,
          age === 'RECENT' ? parts.directoryCopy : undefined,
        );
      accounts.set(age, reader);
      return reader;
    },
    loaders: () => (loaders ??= newLoaders({ parts, known })),
    integration: (id) => parts.integrations.find((integration) => integration.id === id) ?? null,
    refresh,
    nextEvent: () => {
      refresh();
      deadline = undefined;
    },
    end: () => deadline?.end(),
  };
}
