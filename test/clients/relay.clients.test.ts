import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ended } from '../support/erasures.ts';
import { compileRelay, type RelayProject } from '../support/relay-project.ts';
import { mintToken } from '../support/tokens.ts';
import { startWorld, type World } from '../support/world.ts';

let project: RelayProject;
let world: World;
let token: string;

beforeAll(async () => {
  project = compileRelay('test/clients/relay');
  world = await startWorld({ persisted: { documents: project.persisted, only: false } });
  token = await mintToken({ role: 'ADMIN' });
});

afterAll(() => world.close());

describe("Relay's compiler", () => {
  test('accepts the schema, with pagination and refetchable fragments', () => {
    expect(project).toMatchObject({ exitCode: 0, told: expect.not.stringMatching(/warn|error/i) as string });
    expect(Object.keys(project.artifacts).toSorted()).toEqual([
      'CustomerCardDeleteMutation',
      'CustomerCardProgressSubscription',
      'CustomerCardRefetchQuery',
      'CustomerCard_customer',
      'CustomerListPageQuery',
      'CustomerListQuery',
      'CustomerList_query',
    ]);
  });

  test('lets a list grow at both ends, and fetches one customer anew by its id', () => {
    expect(project.artifacts['CustomerList_query']).toContain('"direction": "bidirectional"');
    expect(project.artifacts['CustomerCard_customer']).toMatch(
      /"fragmentPathInResult": \[\s*"node"\s*\][\s\S]*"identifierField": "id"/,
    );
  });
});

/** Sends an operation as Relay's network layer does: by its hash. */
async function operation(name: string, variables: object, accept = 'application/graphql-response+json') {
  const [, documentId] = /@relayRequestID (\w+)/.exec(project.artifacts[name]!)!;
  const response = await fetch(world.gateway.url, {
    method: 'POST',
    headers: { accept, 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ documentId, variables }),
  });
  expect(response.status).toBe(200);
  return response;
}

interface Customers {
  edges: { node: { id: string; name: string } }[];
  pageInfo: { endCursor: string; startCursor: string };
}

const dataOf = async (response: Response): Promise<Record<string, unknown>> => {
  const { data, errors } = (await response.json()) as { data: Record<string, unknown>; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
};

const customers = async (name: string, variables: object): Promise<Customers> =>
  (await dataOf(await operation(name, variables)))['customers'] as Customers;

describe('what it compiled is answered', () => {
  test('a list, and its next and previous page', async () => {
    const start = await customers('CustomerListQuery', { first: 3 });
    const { endCursor: after } = start.pageInfo;
    const next = await customers('CustomerListPageQuery', { first: 3, after, last: null, before: null });
    const { startCursor: before } = next.pageInfo;
    const back = await customers('CustomerListPageQuery', { first: null, after: null, last: 3, before });
    expect(new Set([...start.edges, ...next.edges].map(({ node }) => node.id)).size).toBe(6);
    expect(back.edges).toEqual(start.edges);
  });

  test('one customer by `node`', async () => {
    const { node } = await dataOf(await operation('CustomerCardRefetchQuery', { id: world.id(1) }));
    expect(node).toMatchObject({ id: world.id(1), name: world.person(1).name });
  });

  test('a deletion, and its progress', async () => {
    const input = { customerId: world.id(1), reason: 'a test' };
    const { deleteCustomer } = await dataOf(await operation('CustomerCardDeleteMutation', { input }));
    expect(deleteCustomer).toMatchObject({ erasure: { customer: { id: world.id(1) } } });
    const { id: erasureId } = (deleteCustomer as { erasure: { id: string } }).erasure;
    const variables = { erasureId, after: 0 };
    const stream = await operation('CustomerCardProgressSubscription', variables, 'text/event-stream');
    expect(await stream.text()).toMatch(/"state":"COMPLETED"[^\n]*\n\nevent: complete/);
    expect((await ended(world.admin, erasureId)).state).toBe('COMPLETED');
  });
});
