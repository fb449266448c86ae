import { Client, fetchExchange, subscriptionExchange, type OperationResult } from '@urql/core';
import { createClient } from 'graphql-sse';
import { toAsyncIterable } from 'wonka';
import { DELETE, FIND, PLAN, PROGRESS, type Event } from './documents.ts';
import { erasureOf } from './erasure-of.ts';
import { follow } from './follow.ts';

/** A client that keeps nothing, having no exchange for it: what it reads are personal data. */
function clientFor(url: string, token: string): Client {
  const headers = { authorization: `Bearer ${token}` };
  // Tried again by `follow`, which knows where to go on.
  const sse = createClient({ url, headers, retryAttempts: 0 });
  const subscriptions = subscriptionExchange({
    forwardSubscription: ({ query = '', variables = {} }) => ({
      subscribe: (sink) => ({ unsubscribe: sse.subscribe({ query, variables }, sink) }),
    }),
  });
  return new Client({
    url,
    exchanges: [fetchExchange, subscriptions],
    fetchOptions: { headers },
    preferGetMethod: false,
  });
}

function dataOf<Data>({ data, error }: OperationResult<Data>): Data {
  if (!data) throw error ?? new Error('There is no answer.');
  return data;
}

/** Finds a customer, looks at the plan, deletes, and watches until the end: with urql. */
export async function run(url: string, token: string, email: string, show: (event: Event) => void) {
  const client = clientFor(url, token);
  const { customerByEmail: customer } = dataOf(await client.query(FIND, { email }));
  if (!customer) throw new Error('There is no such customer.');
  const { erasurePlan: plan } = dataOf(await client.query(PLAN, { customerId: customer.id }));
  if (!plan) throw new Error('The customer has gone.');
  const input = { customerId: customer.id, reason: 'Asked for it', planHash: plan.hash };
  const erasureId = erasureOf(dataOf(await client.mutation(DELETE, { input })).deleteCustomer);
  const watch = async (after: number, next: (event: Event) => void): Promise<void> => {
    for await (const result of toAsyncIterable(client.subscription(PROGRESS, { erasureId, after })))
      next(dataOf(result).erasureProgress);
  };
  await follow(watch, show);
  return { planned: plan.items, erasureId };
}
