import { buildSchema, isObjectType } from 'graphql';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { people } from '../src/sandbox/people.ts';
import type { Api } from './support/api.ts';
import { callsOfAll } from './support/calls.ts';
import { erase } from './support/erasures.ts';
import { ROUTER_TOKEN } from './support/gateway-options.ts';
import { startWorld, type World } from './support/world.ts';

const MOST = 100;
const ENTITIES = `query ($representations: [_Any!]!) {
  _entities(representations: $representations) { __typename ... on Customer { id email } }
}`;
const SERVICE = '{ _service { sdl } }';

let world: World;
let router: Api;

beforeAll(async () => {
  world = await startWorld({}, {}, { population: people(MOST + 1) });
  router = world.admin.through(ROUTER_TOKEN);
});

afterAll(() => world.close());

afterEach(async () => {
  for (const vendor of Object.values(world.vendors)) await vendor.forget();
});

const byId = (id: string) => ({ __typename: 'Customer', id });

describe('without the router token', () => {
  test.each(['ADMIN', 'MASTER', 'RESALE'] as const)('%s is refused, and nothing is read', async (role) => {
    const api = await world.as({ role, ...(role === 'RESALE' && { manager: 'alpine' }) });
    for (const document of [SERVICE, `{ _entities(representations: []) { __typename } }`]) {
      const { data, errors } = await api.send(document);
      expect(data).toBeNull();
      expect(errors[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
    }
    expect(await callsOfAll(world.vendors)).toBe(0);
  });

  test.each([
    ['another', `Bearer ${Buffer.alloc(32, 'x').toString('base64')}`],
    ['none', 'Bearer '],
    ['a part', `Bearer ${ROUTER_TOKEN.slice(0, -1)}`],
    ['a basic credential', `Basic ${ROUTER_TOKEN}`],
    ['two', `Bearer ${ROUTER_TOKEN}, Bearer ${ROUTER_TOKEN}`],
  ])('%s is refused before anything is read', async (_name, credential) => {
    const answer = await world.admin.with({ 'router-authorization': credential }).send('{ viewer { role } }');
    expect(answer.status).toBe(401);
    expect(answer.errors[0]).toMatchObject({ extensions: { code: 'UNAUTHENTICATED' } });
  });

  test('the router token alone is nobody', async () => {
    expect((await world.anonymous.through(ROUTER_TOKEN).send(SERVICE)).status).toBe(401);
  });
});

describe('a router', () => {
  test('learns the subgraph, whose only entity is Customer', async () => {
    const { _service: service } = await router.data(SERVICE);
    expect(service.sdl).toMatch(
      /type Customer implements Node\s+@key\(fields: "id"\)\s+@key\(fields: "email"\)/,
    );
    expect(service.sdl.match(/@key/g)).toHaveLength(3); // with its import
    expect(service.sdl).not.toMatch(/_entities|_service|_Any/);
    const types = Object.values(buildSchema(service.sdl, { assumeValidSDL: true }).getTypeMap());
    expect(types.filter(isObjectType).map(({ name }) => name)).toContain('Customer');
  });

  test('finds customers by id and by e-mail, in order, and null for whom there is not', async () => {
    const unknown = Buffer.from('Customer:00000000-0000-4000-8000-000000000000').toString('base64url');
    const { email } = world.person(2);
    const representations = [
      byId(world.id(1)),
      { __typename: 'Customer', email: email.toUpperCase() },
      byId(unknown),
      { __typename: 'Customer', email: 'nobody@example.com' },
      byId(world.id(1)),
    ];
    const first = { ...byId(world.id(1)), email: world.person(1).email };
    const { _entities: entities } = await router.data(ENTITIES, { representations });
    expect(entities).toEqual([first, { ...byId(world.id(2)), email }, null, null, first]);
  });

  test('is told nothing of whom the viewer does not reach, whatever the key', async () => {
    const api = (await world.as({ role: 'RESALE', manager: 'glacier' })).through(ROUTER_TOKEN);
    const own = world.people.findIndex(({ manager }) => manager === 'glacier') + 1;
    const foreign = world.people.findIndex(({ manager }) => manager !== 'glacier') + 1;
    const representations = [own, foreign].flatMap((number) => [
      byId(world.id(number)),
      { __typename: 'Customer', email: world.person(number).email },
    ]);
    const { _entities: entities } = await api.data(ENTITIES, { representations });
    const found = { ...byId(world.id(own)), email: world.person(own).email };
    expect(entities).toEqual([found, found, null, null]);
  });

  test('is refused fields that the viewer may not read', async () => {
    const api = (await world.as({ role: 'ADMIN', scopes: ['customers:write'] })).through(ROUTER_TOKEN);
    const { data, errors } = await api.send(ENTITIES, { representations: [byId(world.id(1))] });
    expect(data).toBeNull();
    expect(errors[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  });

  test.each([
    ['no object', 'Customer'],
    ['null inside', { __typename: 'Customer', id: null }],
    ['a key that is none', { __typename: 'Customer', id: { of: 1 } }],
    ['no key', { __typename: 'Customer' }],
    ['another type of the API', { __typename: 'Erasure', id: 'x' }],
    ['a type that is no entity, as if it were there', { __typename: 'Viewer', role: 'ADMIN' }],
    ['a name of the language', { __typename: '__proto__' }],
    ['an id of another type', byId(Buffer.from('Erasure:x').toString('base64url'))],
  ])('is told of %s in its place, and gets the others', async (_name, bad) => {
    const representations = [bad, byId(world.id(1))];
    const { data, errors } = await router.send(ENTITIES, { representations });
    expect(data).toMatchObject({ _entities: [null, byId(world.id(1))] });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ path: ['_entities', 0], extensions: { code: 'BAD_USER_INPUT' } });
  });

  test(`is given at most ${MOST} at once`, async () => {
    const representations = Array.from({ length: MOST + 1 }, (_, i) => byId(world.id(i + 1)));
    const { status, errors } = await router.send(ENTITIES, { representations });
    expect(status).toBe(400);
    expect(errors[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT' } });
  });

  test(`asks of ${MOST} customers at once what one list of them asks`, async () => {
    const accounts = 'accounts(integrationIds: ["particle", "onelogin"]) { __typename }';
    const representations = Array.from({ length: MOST }, (_, i) => byId(world.id(i + 1)));
    const list = `query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer { ${accounts} } } }`;
    const ids = representations.map(({ id }) => id);
    await world.admin.data(list, { ids: ids.slice(0, 1) }); // the providers' tokens are asked for
    for (const vendor of Object.values(world.vendors)) await vendor.forget();
    await world.admin.data(list, { ids });
    const least = await callsOfAll(world.vendors);
    for (const vendor of Object.values(world.vendors)) await vendor.forget();
    await router.data(ENTITIES.replace('email }', `email ${accounts} }`), { representations });
    expect(await callsOfAll(world.vendors)).toBe(least);
  });

  test('sees that a customer was erased, and finds them no more by e-mail', async () => {
    const { email } = world.person(3);
    await erase(world.admin, world.id(3));
    const representations = [byId(world.id(3)), { __typename: 'Customer', email }];
    const { _entities: entities } = await router.data(ENTITIES, { representations });
    expect(entities).toEqual([{ ...byId(world.id(3)), email: null }, null]);
  });
});
