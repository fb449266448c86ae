import { Asker } from './asker.ts';
import { ProviderError } from './error.ts';
import type { AccountKey, Found, Operations } from './provider.ts';

/** A read that is under way. */
interface Flight {
  /** For whom its calls are made. */
  by: Asker;
  found: Promise<readonly Found[]>;
}

/** Names a read: no two lists of keys have the same name. */
const nameOf = (keys: readonly AccountKey[]): string =>
  keys.map(({ kind, value }) => `${value.length} ${kind} ${value}`).join();

/** The reads of one integration that are under way and may be joined. */
class SharedReads {
  readonly #flights = new Map<string, Flight>();
  readonly #provider: string;
  readonly #find: Operations['find'];

  constructor(provider: string, find: Operations['find']) {
    this.#provider = provider;
    this.#find = find;
  }

  find(keys: readonly AccountKey[], signal: AbortSignal): Promise<readonly Found[]> {
    if (signal.aborted) return this.#find(keys, signal, 'RECENT');
    const name = nameOf(keys);
    const asker = Asker.of(signal);
    const flight = this.#flights.get(name);
    if (!flight || flight.by.calls.aborted)
      return asker.wait(this.#begin(name, asker, keys), (reason) => this.#ended(reason));
    const leave = flight.by.receive();
    return asker.wait(flight.found, (reason) => this.#ended(reason)).finally(leave);
  }

  /** Who comes from now on does not join what was begun until now. */
  close(): void {
    this.#flights.clear();
  }

  #begin(name: string, by: Asker, keys: readonly AccountKey[]): Promise<readonly Found[]> {
    const flight: Flight = { by, found: this.#find(keys, by.calls, 'RECENT') };
    this.#flights.set(name, flight);
    const landed = (): void => {
      if (this.#flights.get(name) === flight) this.#flights.delete(name);
    };
    flight.found.then(landed, landed);
    return flight.found;
  }

  #ended(cause: unknown): ProviderError {
    return new ProviderError('UNAVAILABLE', { provider: this.#provider, operation: 'find', cause });
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
