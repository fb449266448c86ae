import type { TokenSettings } from '../../src/access/token.ts';
import type { Checkpoint } from '../../src/erasure/context.ts';
import type { IntegrationConfig } from '../../src/providers/index.ts';
import { Secret } from '../../src/providers/secret.ts';
import type { StoreLocation } from '../../src/store/store.ts';

/** Where a process of the gateway dies by SIGKILL: when it passes a checkpoint, the first time or a later one. */
export interface Crash {
  at: Checkpoint;
  passing: number;
}

/** A store that outlives the process. */
export type LastingStore = Exclude<StoreLocation, { snapshot: Blob }>;

/** What a test tells the process that it starts. */
export interface Order {
  store: LastingStore;
  tokens: TokenSettings;
  integrations: readonly IntegrationConfig[];
  crash: Crash | null;
  /** Without it: 0. */
  sweepHours?: number;
}

/** Carries the order, as JSON. */
export const ORDER_VARIABLE = 'CRASH_ORDER';

/** A `Secret` prints as `***`, so it is looked up in its holder. */
function revealing(this: Record<string, unknown>, key: string, value: unknown): unknown {
  const held = this[key];
  return held instanceof Secret ? { secret: held.reveal() } : value;
}

function concealing(_key: string, value: unknown): unknown {
  const concealed = value !== null && typeof value === 'object' && 'secret' in value;
  return concealed ? new Secret(String(value.secret)) : value;
}

export const writeOrder = (order: Order): string => JSON.stringify(order, revealing);

export const readOrder = (text: string): Order => JSON.parse(text, concealing) as Order;
