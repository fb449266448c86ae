import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerPeople } from '../../src/commands/launch-sandbox.ts';
import { DirectoryCopy } from '../../src/customer/directory-copy.ts';
import { byEmailAddress } from '../../src/customer/door.ts';
import type { Holding } from '../../src/customer/owners.ts';
import type { Account } from '../../src/providers/provider.ts';
import { people } from '../../src/sandbox/people.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { createDatabase, dropDatabase } from '../support/postgres-databases.ts';

const WITHIN_MS = 3_000;
/** Longer than anything is kept while changes cannot be heard. */
const LONG_MS = 2_500;
const LOOK_EVERY_MS = 50;
const ADMIN = { role: 'ADMIN', manager: null } as const;
const GLACIER = { role: 'RESALE', manager: 'glacier' } as const;

let databaseUrl: string;
/** Two processes on one database, as far as their stores are concerned. */
let writer: Store;
let reader: Store;
let copy: DirectoryCopy;
let ids: string[];

beforeAll(async () => {
  databaseUrl = await createDatabase();
  writer = await openStore({ databaseUrl });
  reader = await openStore({ databaseUrl });
  ids = await registerPeople(writer, people(3));
  copy = new DirectoryCopy(reader);
});

afterAll(async () => {
  await reader.close();
  await writer.close();
  await dropDatabase(databaseUrl);
});

test('a customer that another process moves is soon out of reach', async () => {
  const door = { id: ids[0]! };
  expect(await copy.at(GLACIER, door)).toMatchObject(door);
  await writer.db.updateTable('customer').set({ manager_id: 'meadow' }).where('id', '=', door.id).execute();
  await expect.poll(() => copy.at(GLACIER, door), { timeout: WITHIN_MS }).toBeNull();
  expect(await copy.at(ADMIN, door)).toMatchObject({ managerId: 'meadow' });
});

test('a link that another process removes is soon gone', async () => {
  const [before] = await copy.links([ids[1]!]);
  expect(before!.length).toBeGreaterThan(0);
  await writer.db.deleteFrom('link').where('customer_id', '=', ids[1]!).execute();
  await expect.poll(async () => (await copy.links([ids[1]!]))[0], { timeout: WITHIN_MS }).toEqual([]);
});

test('a change of its own is seen at the next look, also while others look', async () => {
  const door = byEmailAddress(people(3)[2]!.email);
  for (let i = 0; i < 50; i++) {
    const looking = copy.at(ADMIN, door);
    await reader.transaction(async (tx) => {
      await tx
        .updateTable('customer')
        .set({ name: `Name ${i}` })
        .where('id', '=', ids[2]!)
        .execute();
      await copy.at(ADMIN, door);
    });
    expect(await copy.at(ADMIN, door)).toMatchObject({ name: `Name ${i}` });
    await looking;
  }
});

/** An account of somebody, as a provider would show it. */
function holdingOf(number: number): Holding {
  const { email } = people(number)[number - 1]!;
  const account = { externalId: `unlinked-${number}`, email } as Account;
  return { integration: { id: 'particle', manifest: { externalIdKind: 'EMAIL' } }, account } as Holding;
}

test('what nobody changes is read once', async () => {
  const holding = holdingOf(1);
  await expect.poll(() => copy.owners(holding), { timeout: WITHIN_MS }).toBeInstanceOf(Set);
  for (let passed = 0; passed < LONG_MS; passed += LOOK_EVERY_MS) {
    expect(copy.owners(holding)).toEqual(new Set([ids[0]]));
    await sleep(LOOK_EVERY_MS);
  }
});

test('a change is seen of which the reader could not be told', async () => {
  const door = { id: ids[2]! };
  const moved = { name: 'Moved' };
  await copy.at(ADMIN, door);
  const cut = sql`select pg_terminate_backend(pid) from pg_stat_activity where query like 'LISTEN%' and datname = current_database()`;
  await cut.execute(writer.db);
  await writer.db.updateTable('customer').set(moved).where('id', '=', door.id).execute();
  const looks = { timeout: WITHIN_MS, interval: LOOK_EVERY_MS };
  await expect.poll(() => copy.at(ADMIN, door), looks).toMatchObject(moved);
});
