import { ProviderError } from './error.ts';
import type { AccountKey, Found, Operations } from './provider.ts';
import { unlessAborted } from './unless-aborted.ts';

/** A read that is under way. */
interface Flight {
  found: Promise<readonly Found[]>;
  /** The end of whoever has begun it. */
  signal: AbortSignal;
}

/** Names a read: no two lists of keys have the same name. */
const nameOf = (keys: readonly AccountKey[]): string =>
  keys.map(({ kind, value }) => `${value.length} ${kind} ${value}`).join();

/** The reads of one integration that are under way and may be joined. */
class SharedReads {
  /** No map: what is deleted from one may be kept by V8 until the next full collection, here with all that was read. */
  #flights: Record<string, Flight> = Object.create(null);
  readonly #provider: string;
  readonly #find: Operations['find'];

  constructor(provider: string, find: Operations['find']) {
    this.#provider = provider;
    this.#find = find;
  }

  find(keys: readonly AccountKey[], signal: AbortSignal): Promise<readonly Found[]> {
    const name = nameOf(keys);
    const flight = this.#flights[name];
    return flight ? this.#join(flight, keys, signal) : this.#begin(name, keys, signal);
  }

  /** Who comes from now on does not join what was begun until now. */
  close(): void {
    this.#flights = Object.create(null);
  }

  /** The calls end with whoever begins them: an end of their own would cost every read more than sharing saves most. */
  #begin(name: string, keys: readonly AccountKey[], signal: AbortSignal): Promise<readonly Found[]> {
    const flight: Flight = { found: this.#find(keys, signal, 'RECENT'), signal };
    this.#flights[name] = flight;
    const landed = (): void => {
      if (this.#flights[name] === flight) delete this.#flights[name];
    };
    flight.found.then(landed, landed);
    return flight.found;
  }

  /** Where whoever has begun the read is gone before it ends, those who have joined begin it once more. */
  async #join(flight: Flight, keys: readonly AccountKey[], signal: AbortSignal): Promise<readonly Found[]> {
    const { found, signal: first } = flight;
    const ended = (cause: unknown): ProviderError =>
      new ProviderError('UNAVAILABLE', { provider: this.#provider, operation: 'find', cause });
    const [outcome] = await unlessAborted(signal, Promise.allSettled([found]), ended);
    if (first.aborted) return this.find(keys, signal);
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  }
}

/**
 * The operations of one integration, so that those who look for the same at the same time share the calls. Nothing is
 * kept: a read can be joined while it is under way, and no longer once a change begins or ends, for its answer may be
 * from before. Only looks that may be `RECENT` are shared: whoever acts on what is there has asked for themselves.
 */
export function withSharedReads(
  provider: string,
  operations: Operations,
): Pick<Operations, 'find' | 'delete' | 'create' | 'prepare' | 'suspension'> {
  const find = operations.find.bind(operations);
  const reads = new SharedReads(provider, find);
  const fenced =
    <Args extends unknown[], T>(change: (...args: Args) => Promise<T>) =>
    async (...args: Args): Promise<T> => {
      reads.close();
      try {
        return await change.apply(operations, args);
      } finally {
        reads.close();
      }
    };
  const { create, prepare, suspension } = operations;
  return {
    find: (keys, signal, age = 'FRESH') =>
      age === 'FRESH' ? find(keys, signal, age) : reads.find(keys, signal),
    delete: fenced(operations.delete),
    create: create && fenced(create),
    prepare: prepare && fenced(prepare),
    suspension: suspension && { suspend: fenced(suspension.suspend), restore: fenced(suspension.restore) },
  };
}
