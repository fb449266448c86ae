import { readFileSync } from 'node:fs';
import DataLoader from 'dataloader';
import type { Person } from '../../../src/sandbox/people.ts';
import { accountsOf, customers, type Account, type Customer } from '../sources.ts';

/** The gateway's own schema, of which the workloads ask. */
export const typeDefs = readFileSync('schema.graphql', 'utf8');

/** A customer, and what reads the accounts of all who are asked for together. */
interface Found extends Customer {
  __typename: 'Customer';
  loader: DataLoader<Person, Account[]>;
}

function find(ids: readonly string[]): (Found | null)[] {
  const loader = new DataLoader<Person, Account[]>(accountsOf);
  return ids.map((id) => {
    const customer = customers.get(id);
    return customer ? { __typename: 'Customer', ...customer, loader } : null;
  });
}

/** Resolvers in the plainest way: no authorisation, no store, one loader a request. */
export const resolvers = {
  Query: {
    customer: (_root: unknown, { id }: { id: string }) => find([id])[0],
    nodes: (_root: unknown, { ids }: { ids: string[] }) => find(ids),
  },
  Customer: {
    accounts: ({ loader, person }: Found) => loader.load(person),
  },
};
