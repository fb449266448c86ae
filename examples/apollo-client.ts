import { ApolloClient, ApolloLink, HttpLink, InMemoryCache, Observable } from '@apollo/client';
import { OperationTypeNode, print } from 'graphql';
import { createClient, type Client, type Sink } from 'graphql-sse';
import { DELETE, FIND, PLAN, PROGRESS, type Answer, type Event } from './documents.ts';
import { erasureOf } from './erasure-of.ts';
import { follow } from './follow.ts';

/** What the union and its interface stand for, which Apollo Client has to be told; the compiler asks for all of it. */
const ANSWERS: Record<Answer['__typename'], { isError: boolean }> = {
  DeleteCustomerPayload: { isError: false },
  CustomerNotFoundError: { isError: true },
  ErasureAlreadyOpenError: { isError: true },
  ErasureBlockedError: { isError: true },
  ErasureCapError: { isError: true },
  IdempotencyConflictError: { isError: true },
  InvalidInputError: { isError: true },
  PlanChangedError: { isError: true },
  PlanExpiredError: { isError: true },
};
const possibleTypes = {
  DeleteCustomerResult: Object.keys(ANSWERS),
  Error: Object.entries(ANSWERS).flatMap(([name, { isError }]) => (isError ? [name] : [])),
};

/** Subscriptions over server-sent events. */
class SseLink extends ApolloLink {
  readonly #client: Client;

  constructor(client: Client) {
    super();
    this.#client = client;
  }

  override request({ query, variables }: ApolloLink.Operation) {
    return new Observable<ApolloLink.Result>((observer) =>
      this.#client.subscribe({ query: print(query), variables }, observer as Sink),
    );
  }
}

/** A client that keeps nothing: what it reads are personal data. */
function clientFor(url: string, token: string): ApolloClient {
  const headers = { authorization: `Bearer ${token}` };
  // Tried again by `follow`, which knows where to go on.
  const sse = new SseLink(createClient({ url, headers, retryAttempts: 0 }));
  return new ApolloClient({
    link: ApolloLink.split(
      ({ operationType }) => operationType === OperationTypeNode.SUBSCRIPTION,
      sse,
      new HttpLink({ uri: url, headers }),
    ),
    cache: new InMemoryCache({ possibleTypes }),
    defaultOptions: { query: { fetchPolicy: 'no-cache' }, mutate: { fetchPolicy: 'no-cache' } },
  });
}

/** Finds a customer, looks at the plan, deletes, and watches until the end: with Apollo Client. */
export async function run(url: string, token: string, email: string, show: (event: Event) => void) {
  const client = clientFor(url, token);
  const found = await client.query({ query: FIND, variables: { email } });
  const customer = found.data?.customerByEmail;
  if (!customer) throw new Error('There is no such customer.');
  const planned = await client.query({ query: PLAN, variables: { customerId: customer.id } });
  const plan = planned.data?.erasurePlan;
  if (!plan) throw new Error('The customer has gone.');
  const input = { customerId: customer.id, reason: 'Asked for it', planHash: plan.hash };
  const { data } = await client.mutate({ mutation: DELETE, variables: { input } });
  const erasureId = erasureOf(data!.deleteCustomer);
  const watch = (after: number, next: (event: Event) => void): Promise<void> =>
    client
      .subscribe({ query: PROGRESS, variables: { erasureId, after }, fetchPolicy: 'no-cache' })
      .forEach((result) => {
        if (!result.data) throw result.error ?? new Error('There is nothing to watch.');
        next(result.data.erasureProgress);
      });
  await follow(watch, show);
  return { planned: plan.items, erasureId };
}
