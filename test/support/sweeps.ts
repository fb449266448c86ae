import { expect, vi } from 'vitest';
import { people, type Person } from '../../src/sandbox/people.ts';
import type { Api, GraphqlAnswer } from './api.ts';
import { erase } from './erasures.ts';
import { startWorld, type World } from './world.ts';

const DAY_MS = 86_400_000;
const ROUND_MS = 150;

export interface LearnState {
  users: { id: string; ref: string | null }[];
}
interface OneloginState {
  users: { id: number; email: string; username: string; goneAt: number | null }[];
}

/** A world whose gateway looks for re-appearances each day, and a day takes a moment. */
export const startSweptWorld = (): Promise<World> =>
  startWorld(
    { sweepHours: 24, pace: (ms) => (ms === DAY_MS ? ROUND_MS : Math.min(ms / 100, 20)) },
    {},
    { population: people(60) },
  );

/** People with an account everywhere and nothing that forbids to delete it. */
export const peopleEverywhere = (world: World): Person[] =>
  world.people.filter(
    ({ particle, engagelab, learn, vpn, onelogin }) =>
      particle && engagelab && learn && vpn && !vpn.activeSubscription && onelogin,
  );

/** When each list was last read to its end. */
export async function sweptAt({ admin }: World): Promise<Record<string, number>> {
  const { integrations } = await admin.data('{ integrations { id canBeSwept sweptAt } }');
  return Object.fromEntries(
    integrations
      .filter((one: { canBeSwept: boolean }) => one.canBeSwept)
      .map((one: { id: string; sweptAt: string | null }) => [
        one.id,
        one.sweptAt ? Date.parse(one.sweptAt) : 0,
      ]),
  );
}

const sweptAfter = (world: World, at: number, ids: readonly string[]): Promise<unknown> =>
  vi.waitUntil(
    async () => {
      const swept = await sweptAt(world);
      return ids.every((id) => swept[id]! > at);
    },
    { timeout: 20_000 },
  );

/** Until every list has been read to its end by a reading that began after now. */
export async function round(
  world: World,
  ids: readonly string[] = ['particle', 'learn', 'onelogin'],
): Promise<void> {
  await sweptAfter(world, Date.now(), ids);
  await sweptAfter(world, Date.now(), ids);
}

/** Deletes somebody everywhere. */
export async function erased(world: World, person: Person): Promise<string> {
  const { id, state } = await erase(world.admin, world.id(person.number));
  expect(state).toBe('COMPLETED');
  return id;
}

/** Puts somebody back at Learn, as a backup would. */
export async function restore({ vendors }: World, { email, learn }: Person): Promise<void> {
  const state = await vendors.learn.state<LearnState>();
  const { id, ref } = learn!;
  const restored = { ref, email, firstName: 'Back', lastName: 'Again', deleted: false, status: 'active' };
  const users = state.users.map((user) => (user.id === id ? { ...user, ...restored } : user));
  await vendors.learn.hold({ ...state, users });
}

/** Adds a user at OneLogin, as a directory sync would. */
export async function sync({ vendors }: World, id: number, email: string): Promise<void> {
  const state = await vendors.onelogin.state<OneloginState>();
  const [pattern] = state.users;
  const user = { ...pattern!, id, email, username: email, goneAt: null };
  await vendors.onelogin.hold({ ...state, users: [...state.users, user] });
}

/** Makes an e-mail address known, and returns the customer's id. */
export async function register(api: Api, email: string): Promise<string> {
  const { registerCustomer } = await api.data(
    `mutation ($email: EmailAddress!) { registerCustomer(input: { email: $email }) {
      ... on CustomerPayload { customer { id } } } }`,
    { email },
  );
  return registerCustomer.customer.id;
}

/** All re-appearances, those of which something came, or those that are open. */
export async function allReappearances(api: Api, resolved?: boolean): Promise<GraphqlAnswer['data'][]> {
  const { reappearances: page } = await api.data(
    `query ($resolved: Boolean) { reappearances(first: 100, resolved: $resolved) { edges { node {
      id integrationId externalId matchedBy resolution resolvedAt erasure { id state } newErasure { id }
    } } } }`,
    { resolved },
  );
  return page.edges.map(({ node }: { node: object }) => node);
}

/** Those after one erasure. */
export async function reappearances(api: Api, erasureId: string): Promise<GraphqlAnswer['data'][]> {
  return (await allReappearances(api)).filter(({ erasure }) => erasure.id === erasureId);
}
