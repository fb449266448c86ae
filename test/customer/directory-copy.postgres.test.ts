import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerPeople } from '../../src/commands/launch-sandbox.ts';
import { DirectoryCopy } from '../../src/customer/directory-copy.ts';
import { byEmailAddress } from '../../src/customer/door.ts';
import { people } from '../../src/sandbox/people.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { createDatabase, dropDatabase } from '../support/postgres-databases.ts';

const WITHIN_MS = 3_000;
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
