import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GATEWAY } from '../../src/audit/log.ts';
import { Directory } from '../../src/customer/directory.ts';
import { insertCustomers } from '../../src/customer/insert.ts';
import { managersByIds, registerManager } from '../../src/customer/managers.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { emptyStore } from '../support/world.ts';

let store: Store;
let directory: Directory;

beforeAll(async () => {
  store = await openStore(emptyStore());
  directory = new Directory(store);
});

afterAll(() => store.close());

const register = (id: string, parentId: string | null = null): Promise<void> =>
  registerManager(store, { id, parentId, name: id });

const move = (id: string, parentId: string | null): Promise<unknown> =>
  store.db.updateTable('manager').set({ parent_id: parentId }).where('id', '=', id).execute();

const reseller = (manager: string) => ({ role: 'RESALE', manager }) as const;

async function customerOf(managerId: string): Promise<string> {
  const customer = { email: null, name: 'Somebody', managerId, testCustomer: false };
  const [id] = await store.transaction((tx) =>
    insertCustomers(tx, [customer], { actor: GATEWAY }, new Date()),
  );
  return id!;
}

describe('managers', () => {
  test('may be 50 levels deep and no deeper; the topmost reaches the lowest, and not the other way round', async () => {
    for (let i = 0; i < 50; i++) await register(`level ${i}`, i === 0 ? null : `level ${i - 1}`);
    await expect(register('level 50', 'level 49')).rejects.toThrow('managers may be at most 50 deep');
    await register('crown');
    await expect(move('level 0', 'crown')).rejects.toThrow('managers may be at most 50 deep');
    const [top, low] = [await customerOf('level 0'), await customerOf('level 49')];
    expect(await directory.byId(reseller('level 0'), low)).toMatchObject({ managerId: 'level 49' });
    expect(await directory.byId(reseller('level 49'), top)).toBeNull();
  });

  test('form no ring, short or long', async () => {
    for (const [id, parent] of [
      ['a', null],
      ['b', 'a'],
      ['c', 'b'],
    ] as const)
      await register(id, parent);
    await expect(move('a', 'a')).rejects.toThrow();
    await expect(move('a', 'b')).rejects.toThrow('the manager a would be above itself');
    await expect(move('a', 'c')).rejects.toThrow('the manager a would be above itself');
    await move('c', 'a');
    expect(await managersByIds(store, reseller('b'), ['c'])).toEqual([null]);
  });

  test('that already are a ring reach each other and nobody else, and no query runs for ever', async () => {
    for (const id of ['x', 'y', 'z']) await register(id);
    await store.db.transaction().execute(async (tx) => {
      await sql`alter table manager disable trigger manager_tree`.execute(tx);
      await tx.updateTable('manager').set({ parent_id: 'y' }).where('id', '=', 'x').execute();
      await tx.updateTable('manager').set({ parent_id: 'x' }).where('id', '=', 'y').execute();
      await sql`alter table manager enable trigger manager_tree`.execute(tx);
    });
    expect(await managersByIds(store, reseller('x'), ['x', 'y', 'z', 'a'])).toMatchObject([
      { id: 'x' },
      { id: 'y' },
      null,
      null,
    ]);
    await expect(register('below a ring', 'x')).rejects.toThrow('at most 50 deep');
    await move('x', null);
    await register('below a tree', 'y');
    expect(await managersByIds(store, reseller('x'), ['below a tree'])).toMatchObject([{ parentId: 'y' }]);
  });

  test('whose ids only look alike are others: neither form, case, blanks nor wildcards widen a reach', async () => {
    const names = [
      'Zoë',
      'Zoë'.normalize('NFD'),
      'zoë',
      'ZOË',
      'Zoë ',
      ' Zoë',
      'Zoe',
      'Ζoë',
      'Zo%',
      'Zo_',
      'Zoë\u200B',
      "Zoë' or '1'='1",
    ];
    expect(new Set(names).size).toBe(names.length);
    const customers = new Map<string, string>();
    for (const name of names) {
      await register(name);
      customers.set(name, await customerOf(name));
    }
    for (const name of names) {
      const found = await directory.byIds(reseller(name), [...customers.values()]);
      expect([name, found.flatMap((customer) => customer?.managerId ?? [])]).toEqual([name, [name]]);
    }
    await register('Zo\uFFFD');
    const badly = await customerOf('Zo\uFFFD');
    for (const nobody of ['Zoë  ', 'Zo\uD800', 'Zoë\u0000']) {
      expect(await directory.byIds(reseller(nobody), [...customers.values(), badly])).not.toContainEqual(
        expect.anything(),
      );
      expect(await managersByIds(store, { role: 'ADMIN', manager: null }, [nobody])).toEqual([null]);
      const all = { limit: 100, backwards: false };
      expect(await directory.list({ role: 'ADMIN', manager: null }, { managerId: nobody }, all)).toEqual([]);
      expect(await directory.list(reseller('Zoë'), { managerId: nobody }, all)).toEqual([]);
    }
  });
});
