import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';

const scope = new AsyncLocalStorage<string>();

/** Runs one HTTP request under an id of its own. */
export function inRequest<T>(work: (requestId: string) => T): T {
  const id = randomUUID();
  return scope.run(id, () => work(id));
}

/** The id of the HTTP request that the running code works for. */
export const currentRequestId = (): string => scope.getStore() ?? 'none';
