import type { Principal } from '../access/viewer.ts';
import type { Clock } from '../clock.ts';
import type { Integration } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';
import type { Directory } from './directory.ts';

/** What changing customers needs. */
export interface CustomerContext {
  store: Store;
  directory: Directory;
  integrations: ReadonlyMap<string, Integration>;
  clock: Clock;
}

/** Who asks for a change, in which request. */
export interface Caller {
  viewer: Principal;
  requestId: string;
  /** Ends when the client goes away or the request's time is up. */
  signal: AbortSignal;
}
