import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { people } from '../../src/sandbox/people.ts';
import { callsOf, forgetCalls } from '../support/calls.ts';
import { erase } from '../support/erasures.ts';
import { startWorld, type World } from '../support/world.ts';

/** Ten pages of customers at Particle, and three of devices. */
const EVERYBODY = people(1_100);
const CUSTOMERS = EVERYBODY.filter(({ particle }) => particle);
const PAGES = Math.ceil(CUSTOMERS.length / 100);
const DEVICE_PAGES = Math.ceil(EVERYBODY.flatMap(({ particle }) => particle?.deviceIds ?? []).length / 100);

/** With an account everywhere, no device, and on the eighth of Particle's pages. */
const KNOWN = CUSTOMERS.slice(700, 800)
  .filter(({ engagelab, learn, vpn, onelogin }) => engagelab && learn && vpn && onelogin)
  .filter(({ number, particle }) => number % 25 !== 0 && particle!.deviceIds.length === 0)
  .slice(0, 4);

const DELETE = 1;
const VERIFY = 1;
/** By the linked id, by the e-mail address, and for the apps. */
const ONELOGIN_PLAN = 3;

let world: World;

beforeAll(async () => {
  world = await startWorld({}, { particle: { listAgeSeconds: 60 } }, { population: EVERYBODY, known: KNOWN });
  await world.vendors.engagelab.assume({ deleteDelayMs: 0 });
});

afterAll(() => world.close());

beforeEach(() => forgetCalls(world.vendors));

/** From the request until every provider has shown that the account is gone. */
async function costOf(number: number) {
  const { state } = await erase(world.admin, world.id(number));
  expect(state).toBe('COMPLETED');
  return callsOf(world.vendors);
}

/** The customer is looked for, their devices are listed for the plan and to be unclaimed, and the rest is deleted. */
const particleCalls = (pagesUntilMet: number): number => pagesUntilMet + 2 * DEVICE_PAGES + DELETE + PAGES;

const OTHERS = {
  engagelab: 1 + DELETE + VERIFY,
  learn: 1 + DELETE + VERIFY,
  vpn: 1 + DELETE + VERIFY,
  onelogin: ONELOGIN_PLAN + DELETE + VERIFY,
};

test('there are ten pages of customers, and three of devices', () =>
  expect([PAGES, DEVICE_PAGES]).toEqual([10, 3]));

test('a deletion of whom nobody has looked for reads as far as they are met, and all to see that they are gone', async () => {
  expect(await costOf(1)).toEqual({ ...OTHERS, particle: particleCalls(8) });
});

test('who was seen before is read where they were, and the delete itself reads nothing', async () => {
  expect(await costOf(2)).toEqual({ ...OTHERS, particle: particleCalls(1) });
});

test('a deletion costs as much after its plan, which costs no page but that one', async () => {
  await world.admin.data('query ($id: ID!) { erasurePlan(customerId: $id) { hash } }', { id: world.id(3) });
  expect(await callsOf(world.vendors)).toEqual({
    engagelab: 1,
    learn: 1,
    vpn: 1,
    onelogin: ONELOGIN_PLAN,
    particle: 1 + DEVICE_PAGES,
  });
  await forgetCalls(world.vendors);
  expect(await costOf(3)).toEqual({ ...OTHERS, particle: particleCalls(1) });
});
