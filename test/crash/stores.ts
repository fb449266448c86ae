import { registerPeople } from '../../src/commands/launch-sandbox.ts';
import { people } from '../../src/sandbox/people.ts';
import { openStore } from '../../src/store/store.ts';
import type { LastingStore } from './order.ts';

/** Everyone whom the gateways and the vendors know. */
export const POPULATION = people(30);

/** A store that one test may spoil. */
export interface SpareStore {
  location: LastingStore;
  discard(): Promise<void>;
}

/** Stores that know the whole population and no erasure. */
export interface Stores {
  /** Id of the customer with a number, the same in each of the stores. */
  customerId(number: number): string;
  spare(): Promise<SpareStore>;
  close(): Promise<void>;
}

/** Makes the population known to an empty store. Returns how to get their ids. */
export async function fill(location: LastingStore): Promise<Stores['customerId']> {
  const store = await openStore(location);
  const ids = await registerPeople(store, POPULATION);
  await store.close();
  return (number) => Buffer.from(`Customer:${ids[number - 1]}`).toString('base64url');
}
