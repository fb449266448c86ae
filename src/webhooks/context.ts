import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import type { WebhookEndpoint } from './endpoint.ts';
import { Outlet } from './outlet.ts';

/** What delivering events needs. */
export interface WebhookContext {
  store: Store;
  clock: Clock;
  /** Turns a wait into the one that is really waited. */
  pace(ms: number): number;
  /** The ways to the endpoints, by their ids. */
  outlets: ReadonlyMap<string, Outlet>;
}

/** So long a receiver may take to answer. */
const DEADLINE_MS = 15_000;

/** Opens the ways to the endpoints. */
export function webhookContext(
  { store, clock, pace }: Omit<WebhookContext, 'outlets'>,
  endpoints: readonly WebhookEndpoint[],
): WebhookContext {
  const outlets = new Map(
    endpoints.map((endpoint) => [endpoint.id, new Outlet(endpoint, clock, pace(DEADLINE_MS))]),
  );
  return { store, clock, pace, outlets };
}
