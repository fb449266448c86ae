import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GATEWAY, record } from '../../src/audit/log.ts';
import { announce } from '../../src/store/changes.ts';
import { lockFolder } from '../../src/store/folder-lock.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { emptyStore } from '../support/world.ts';

let store: Store;

beforeAll(async () => {
  store = await openStore(emptyStore());
});

afterAll(() => store.close());

const manager = (id: string) => ({ id, parent_id: null, name: id });

describe('a transaction', () => {
  test('that fails leaves nothing', async () => {
    const work = store.transaction(async (tx) => {
      await tx.insertInto('manager').values(manager('lost')).execute();
      throw new Error('stop');
    });
    await expect(work).rejects.toThrow('stop');
    expect(await store.db.selectFrom('manager').selectAll().where('id', '=', 'lost').execute()).toEqual([]);
  });

  test('is not seen by others before it commits, and others wait for their turn', async () => {
    let seen = -1;
    await store.transaction(async (tx) => {
      await tx.insertInto('manager').values(manager('turn')).execute();
      void store.db
        .selectFrom('manager')
        .select('id')
        .where('id', '=', 'turn')
        .execute()
        .then((rows) => (seen = rows.length));
      await sql`select 1`.execute(tx);
      expect(seen).toBe(-1);
    });
    await sql`select 1`.execute(store.db);
    expect(seen).toBe(1);
  });
});

describe('the audit log', () => {
  test('takes entries and gives none up', async () => {
    await store.transaction((tx) => record(tx, { actor: GATEWAY, action: 'test' }, new Date()));
    const refused = 'the audit log is append-only';
    await expect(sql`update audit_entry set action = 'x'`.execute(store.db)).rejects.toThrow(refused);
    await expect(sql`delete from audit_entry`.execute(store.db)).rejects.toThrow(refused);
    await expect(sql`truncate audit_entry cascade`.execute(store.db)).rejects.toThrow(refused);
  });
});

describe('changes', () => {
  test('wake who waits for that key, once the transaction commits', async () => {
    const signal = AbortSignal.timeout(5_000);
    let woken = '';
    const right = store.changes.next('a', 5_000, signal).then(() => (woken += 'a'));
    const other = store.changes.next('b', 5_000, signal).then(() => (woken += 'b'));
    await store.transaction(async (tx) => {
      await announce(tx, 'a');
      expect(woken).toBe('');
    });
    await right;
    expect(woken).toBe('a');
    await store.transaction((tx) => announce(tx, 'b'));
    await other;
  });
});

describe('a data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'customer-gateway-store-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('serves one process: a second is refused, a dead one is taken over', () => {
    writeFileSync(join(folder, 'gateway.lock'), String(process.ppid));
    expect(() => lockFolder(folder)).toThrow(`is in use by process ${process.ppid}`);
    writeFileSync(join(folder, 'gateway.lock'), '999999999');
    const unlock = lockFolder(folder);
    unlock();
  });

  test('keeps what was written, and is migrated once', async () => {
    const first = await openStore({ folder });
    await first.db.insertInto('manager').values(manager('kept')).execute();
    await first.close();
    const second = await openStore({ folder });
    expect(await second.db.selectFrom('manager').select('id').execute()).toEqual([{ id: 'kept' }]);
    await second.close();
  });
});
