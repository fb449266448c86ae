import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GraphqlAnswer } from '../support/api.ts';
import { DELETE } from '../support/documents.ts';
import { requestErasure } from '../support/erasures.ts';
import { startWorld, type World } from '../support/world.ts';

/** Known by links and by the address; and known by the address alone, so that only a plan sees its accounts. */
const LINKED = 4;
const ADDRESS_ALONE = 6;

let world: World;
let addressAlone: string;

beforeAll(async () => {
  world = await startWorld();
  const { db } = world.gateway.store;
  addressAlone = world.id(ADDRESS_ALONE);
  const { email } = world.person(ADDRESS_ALONE);
  const customer = db.selectFrom('customer').select('id').where('email', '=', email);
  await db.deleteFrom('link').where('customer_id', 'in', customer).execute();
});

afterAll(() => world.close());

/** How many rows the gateway has written of what was asked and done. */
async function written(): Promise<number[]> {
  const tables = ['audit_entry', 'erasure', 'hold', 'pause'] as const;
  const { db } = world.gateway.store;
  return Promise.all(tables.map(async (name) => (await db.selectFrom(name).selectAll().execute()).length));
}

async function deletion(input: object): Promise<GraphqlAnswer['data']> {
  return (await world.admin.data(DELETE, { input: { customerId: world.id(LINKED), ...input } }))
    .deleteCustomer;
}

const issuesOf = (answer: GraphqlAnswer['data']): string[] =>
  answer.issues.map(({ path }: { path: string }) => path);

describe('a reason that names somebody is refused before anything is written', () => {
  test.each<[string, (person: World['people'][number]) => string]>([
    ['their address', ({ email }) => `${email} asked`],
    ['their address in capitals', ({ email }) => `by ${email.toUpperCase()}.`],
    ["somebody else's address", () => 'asked by lawyer@example.org'],
    ['an address, encoded', () => 'see /users/lawyer%40example.org'],
    ['an address in wide letters', () => 'asked by lawyer＠example.org'],
    ['their name', ({ name }) => `${name} asked`],
    ['their name, the other way round', ({ name }) => name.split(' ').toReversed().join(',  ').toUpperCase()],
    ['the id of an account', ({ onelogin }) => `user ${onelogin!.id} is a duplicate`],
    ['the key of an account', ({ learn }) => `(${learn!.ref.toLowerCase()})`],
    ['a registration id', ({ engagelab }) => `device=${engagelab!.registrationId}`],
  ])('%s', async (_name, reason) => {
    const before = await written();
    expect(issuesOf(await deletion({ reason: reason(world.person(LINKED)) }))).toEqual(['reason']);
    expect(await written()).toEqual(before);
  });

  test('by the id of an account that only the plan sees', async () => {
    const before = await written();
    const { onelogin } = world.person(ADDRESS_ALONE);
    const reason = `the account ${onelogin!.id}`;
    expect(issuesOf(await deletion({ customerId: addressAlone, reason }))).toEqual(['reason']);
    expect(await written()).toEqual(before);
  });

  test('and so is the reason to override a guard', async () => {
    const before = await written();
    const { name } = world.person(LINKED);
    const refused = await deletion({ reason: 'asked for it', overrideReason: `${name} insists` });
    expect(issuesOf(refused)).toEqual(['overrideReason']);
    expect(await written()).toEqual(before);
  });
});

describe('every other reason that is kept for ever names nobody either', () => {
  const mutate = async (field: string): Promise<GraphqlAnswer['data']> => {
    const result = '{ __typename ... on InvalidInputError { issues { path } } }';
    return Object.values((await world.admin.data(`mutation { result: ${field} ${result} }`)) as object)[0];
  };

  test.each<[string, string, (who: { id: string; name: string; email: string }) => string]>([
    [
      'ground of a hold',
      'ground',
      ({ id, name }) => `placeHold(input: { customerId: "${id}", ground: "${name} sues" })`,
    ],
    ['reason to pause', 'reason', ({ email }) => `pauseErasures(input: { reason: "${email}" })`],
    ['reason to resume', 'reason', ({ email }) => `resumeErasures(input: { reason: "${email}" })`],
  ])('the %s', async (_name, path, field) => {
    const before = await written();
    expect(issuesOf(await mutate(field({ ...world.person(LINKED), id: world.id(LINKED) })))).toEqual([path]);
    expect(await written()).toEqual(before);
  });

  test('the reason to release a hold', async () => {
    const { data } = await world.admin.send(
      `mutation { placeHold(input: { customerId: "${world.id(8)}", ground: "a lawsuit" }) { ... on HoldPayload { hold { id } } } }`,
    );
    const { id } = data.placeHold.hold;
    const before = await written();
    const { vpn } = world.person(8);
    const release = (reason: string) =>
      mutate(`releaseHold(input: { holdId: "${id}", reason: "${reason}" })`);
    expect(issuesOf(await release(`${vpn!.userId} settled`))).toEqual(['reason']);
    expect(await written()).toEqual(before);
    expect(await release('settled')).toEqual({ __typename: 'HoldPayload' });
  });

  test('the reason to cancel', async () => {
    await world.vendors.vpn.fault({ kind: 'RATE_LIMIT', method: 'DELETE', retryAfterSeconds: 60 });
    const id = await requestErasure(world.admin, world.id(7), { integrationIds: ['vpn'] });
    const cancel = (reason: string) =>
      mutate(`cancelErasure(input: { erasureId: "${id}", reason: "${reason}" })`);
    expect(issuesOf(await cancel(`${world.person(7).name} called`))).toEqual(['reason']);
    expect(await cancel('asked in error')).toEqual({ __typename: 'CancelErasurePayload' });
    await world.vendors.vpn.fault();
  });
});

test('what only looks like it is accepted', async () => {
  const { name, vpn } = world.person(LINKED);
  const [first] = name.split(' ');
  const reason = `${first} @ the desk: ${vpn!.userId}0 is another's, Art. 17 GDPR`;
  expect(await deletion({ reason })).toMatchObject({ __typename: 'DeleteCustomerPayload' });
});
