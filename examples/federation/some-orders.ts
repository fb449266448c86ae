import type { Order } from './orders.ts';

const PRODUCTS = [
  { product: 'Router, dual band', priceCents: 8_990 },
  { product: 'Sensor kit', priceCents: 12_500 },
  { product: 'VPN, one year', priceCents: 4_900 },
];

/** An order of each customer, and an older one of every third. */
export const someOrders = (customerIds: readonly string[]): Order[] =>
  [...customerIds, ...customerIds.filter((_id, i) => i % 3 === 0)].map((customerId, i) => ({
    id: String(2_000 - i),
    ...PRODUCTS[i % PRODUCTS.length]!,
    customerId,
  }));
