import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Person } from '../../src/sandbox/people.ts';
import { ended, erase, requestErasure, taskAt } from '../support/erasures.ts';
import { startWorld, type World } from '../support/world.ts';

/** Accounts that lead to the wrong person are never deleted, whatever led to them. */
let world: World;
let numbers: Person[];

beforeAll(async () => {
  world = await startWorld({}, { particle: { unclaimDevices: false } });
  numbers = world.people.filter(({ onelogin, learn, particle }) => onelogin && learn && particle).slice(10);
});

afterAll(() => world.close());

const next = (): Person => numbers.shift()!;

/** Changes the directory as time would: people change their addresses. */
const renamed = (person: Person, email: string | null): Promise<unknown> =>
  world.gateway.store.pool.query(
    'update customer set email = $2::text, email_key = $2::text where email_key = $1',
    [person.email, email],
  );

const unlinkAt = (person: Person, integrationId: string): Promise<unknown> =>
  world.gateway.store.pool.query(
    `delete from link using customer where customer_id = customer.id and email_key = $1 and integration_id = $2`,
    [person.email, integrationId],
  );

const relink = (from: Person, to: Person): Promise<unknown> =>
  world.gateway.store.pool.query(
    `update link set customer_id = (select id from customer where email_key = $2)
      where integration_id = 'learn' and customer_id = (select id from customer where email_key = $1)`,
    [from.email, to.email],
  );

const usersLeft = async (): Promise<number[]> =>
  (await world.vendors.onelogin.state<{ users: { id: number; goneAt: number | null }[] }>()).users
    .filter(({ goneAt }) => goneAt === null)
    .map(({ id }) => id);

const blockersOf = async (person: Person): Promise<string[]> => {
  const { erasurePlan } = await world.admin.data(
    'query ($id: ID!) { erasurePlan(customerId: $id, integrationIds: ["onelogin"]) { blockers { code } } }',
    { id: world.id(person.number) },
  );
  return erasurePlan.blockers.map(({ code }: { code: string }) => code);
};

describe('an account that another customer is linked to', () => {
  test('is neither shown nor deleted, though it carries the e-mail address', async () => {
    const [owner, other] = [next(), next()];
    await unlinkAt(other, 'onelogin');
    await renamed(owner, null);
    await renamed(other, owner.email);
    const { customer } = await world.admin.data(
      'query ($id: ID!) { customer(id: $id) { accounts(integrationIds: ["onelogin"]) { ... on Account { externalId } } } }',
      { id: world.id(other.number) },
    );
    expect(customer.accounts).toEqual([]);
    expect(await blockersOf({ ...other, email: owner.email })).toEqual(['LINKED_TO_ANOTHER_CUSTOMER']);
    expect(await usersLeft()).toContain(owner.onelogin!.id);
  });

  test('is not deleted when that was found out only after the plan', async () => {
    const [person, heir] = [next(), next()];
    await unlinkAt(heir, 'learn');
    await world.vendors.learn.fault({ kind: 'STATUS', status: 503, times: 2 });
    const id = await requestErasure(world.admin, world.id(person.number), { integrationIds: ['learn'] });
    await relink(person, heir);
    const task = taskAt(await ended(world.admin, id), 'learn');
    expect(task).toMatchObject({ state: 'BLOCKED', errorCode: 'LINKED_TO_ANOTHER_CUSTOMER', outcome: null });
    expect(await world.vendors.learn.deletes()).toEqual([]);
  });
});

describe('an e-mail address', () => {
  test('that has moved on to another account does not take a link with it', async () => {
    const person = next();
    const { id } = person.onelogin!;
    await world.gateway.store.pool.query(
      `update link set key_kind = 'EMAIL', key = $1 where integration_id = 'onelogin' and external_id = $2`,
      [person.email, String(id)],
    );
    const state = await world.vendors.onelogin.state<{ users: { id: number; email: string }[] }>();
    const heir = 777_777;
    const moved = state.users.map((user) => (user.id === id ? { ...user, email: 'old@example.com' } : user));
    const newcomer = { ...state.users.find((user) => user.id === id)!, id: heir };
    await world.vendors.onelogin.hold({ ...state, users: [...moved, newcomer] });
    expect(await blockersOf(person)).toEqual(['UNLINKED_ACCOUNT']);
    expect(await usersLeft()).toEqual(expect.arrayContaining([id, heir]));
  });

  test('that only a reseller vouches for finds nothing, until somebody who reaches all confirms it', async () => {
    const victim = next();
    await world.gateway.store.pool.query(
      `delete from link using customer where customer_id = customer.id and email_key = $1`,
      [victim.email],
    );
    await renamed(victim, null);
    const reseller = await world.as({ role: 'RESALE', manager: 'glacier' });
    const { registerCustomer } = await reseller.data(
      `mutation ($email: EmailAddress!) { registerCustomer(input: { email: $email }) {
        ... on CustomerPayload { customer { id emailConfirmed } } } }`,
      { email: victim.email },
    );
    const linked = await world.admin.data(
      'mutation ($input: AccountLinkInput!) { linkAccount(input: $input) { __typename } }',
      {
        input: {
          customerId: world.id(victim.number),
          integrationId: 'onelogin',
          kind: 'USER_ID',
          key: String(victim.onelogin!.id),
        },
      },
    );
    expect(linked.linkAccount).toEqual({ __typename: 'AccountLinkPayload' });
    const { id, emailConfirmed } = registerCustomer.customer;
    expect(emailConfirmed).toBe(false);
    const erasure = await erase(reseller, id);
    expect(erasure.tasks).toEqual([]);
    expect(await usersLeft()).toContain(victim.onelogin!.id);

    const confirm = `mutation ($id: ID!) { confirmEmail(input: { customerId: $id }) {
      ... on CustomerPayload { customer { emailConfirmed } } ... on InvalidInputError { issues { path } } } }`;
    expect((await reseller.data(confirm, { id })).confirmEmail).toEqual({ issues: [{ path: 'customerId' }] });
  });
});
