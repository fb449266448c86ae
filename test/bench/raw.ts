/** The limit: the same calls and the same JSON without GraphQL, rules, limits or a store. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ready } from './place.ts';
import { planOf } from './raw-plan.ts';
import { accountsOf, customers, type Account, type Customer } from './sources.ts';

/** The fields that the documents select, in their order. */
function selected({ __typename, externalId, email, integration, ...facts }: Account): Account {
  return { __typename, externalId, email, integration, ...facts };
}

async function read(ids: readonly string[]): Promise<object[]> {
  const found = ids.map((id) => customers.get(id)!);
  const accounts = await accountsOf(found.map(({ person }) => person));
  return found.map(({ id, name, email, testCustomer }: Customer, i) => ({
    id,
    name,
    email,
    testCustomer,
    accounts: accounts[i]!.map(selected),
  }));
}

interface Asked {
  variables?: { id?: string; ids?: string[]; customerId?: string };
}

async function answer({ variables: { id, ids, customerId } = {} }: Asked): Promise<object> {
  if (id !== undefined) return { customer: (await read([id]))[0] };
  if (ids !== undefined) return { nodes: await read(ids) };
  if (customerId !== undefined) return { erasurePlan: await planOf(customers.get(customerId)!) };
  return { __typename: 'Query' };
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const data = await answer(JSON.parse(Buffer.concat(chunks).toString('utf8')) as Asked);
    const body = JSON.stringify({ data });
    response.writeHead(200, {
      'content-type': 'application/graphql-response+json; charset=utf-8',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => {
  ready(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`);
});
