import type { Prices, Values } from './documents/cost.ts';

/** The most points that one operation may cost. */
export const MAX_POINTS = 1_000;

/** The most values that one operation may resolve. While it does, nobody else is answered: so many take about 60 ms. */
export const MAX_VALUES = 10_000;

/** The same where a part of it is refused, so that each value is asked for. */
export const MAX_GUARDED_VALUES = 2_500;

/** An export reads everything that every integration holds. */
export const EXPORT_POINTS = 10;

const INTEGRATIONS = 5;
const FILTER_POINTS = 100;

/** How many customers are named; a filter may find many. */
function customersIn({ input }: Values): number {
  const { customerIds } = input as { customerIds?: readonly unknown[] | null };
  return customerIds?.length ?? FILTER_POINTS;
}

/** Whatever asks the providers, and how long lists are that no argument bounds. Everything else is read from the store. */
export const prices: Prices = {
  Query: {
    _entities: { items: ({ representations }) => (representations as readonly unknown[]).length },
    nodes: { items: ({ ids }) => (ids as readonly unknown[]).length },
    integrations: { items: INTEGRATIONS },
    erasurePlan: { points: 1 },
    deletionPreview: { points: customersIn },
  },
  Mutation: {
    '*': { points: 1 },
    deleteCustomers: { points: customersIn },
    approveBulk: { points: FILTER_POINTS },
    importCustomers: { points: FILTER_POINTS },
    exportCustomer: { points: EXPORT_POINTS },
  },
  Customer: { accounts: { points: 1 } },
  ParticleAccount: { devices: { points: 1 } },
  OneloginAccount: { apps: { points: 1 } },
  DeletePermission: { integrations: { points: 1 } },
  Integration: { health: { points: 1 } },
  ErasurePlan: { items: { items: INTEGRATIONS } },
  Erasure: { plan: { points: 1 }, tasks: { items: INTEGRATIONS } },
  ErasureTask: { attempts: { items: 3 } },
};
