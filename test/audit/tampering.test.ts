import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql, type RawBuilder } from 'kysely';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CheckpointDocument } from '../../src/audit/checkpoint-document.ts';
import { GATEWAY, record } from '../../src/audit/log.ts';
import { readCheckpoint } from '../../src/audit/verify/checkpoint.ts';
import { readSigner } from '../../src/signing/signing-key.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { signingKeys } from '../support/signing-keys.ts';
import { recordDay } from './recorded-day.ts';
import { at, Attacker, faultsOf, findPlaced, type Placed } from './tampering.ts';

let folder: string;
let checkpoint: CheckpointDocument;
let store: Store;
let attacker: Attacker;
/** Entries by what they are, with their places. */
let entries: Record<'early' | 'attempt' | 'forgotten' | 'late' | 'later' | 'lastOfErasure', Placed>;
let size: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-audit-'));
  const jws = await recordDay(folder);
  checkpoint = await readCheckpoint(jws, (await readSigner(signingKeys)).publicKeys, 'test-gateway');
  store = await openStore({ folder });
  size = (await findPlaced(store, sql`true`)).index + 1;
  const requested = sql<boolean>`action = 'erasure.requested' and reason is not null`;
  const covered = sql<boolean>`audit_leaf.index < ${checkpoint.size}`;
  entries = {
    early: await findPlaced(store, sql`${requested} and ${covered}`),
    attempt: await findPlaced(
      store,
      sql`action = 'attempt.finished' and customer_id is not null and ${covered}`,
    ),
    forgotten: await findPlaced(store, sql`salt is null and ${covered}`),
    late: await findPlaced(store, sql`action = 'hold.placed' and reason = 'a dispute'`),
    later: await findPlaced(store, sql`action = 'hold.placed' and reason = 'a debt'`),
    lastOfErasure: await findPlaced(store, sql`action = 'erasure.completed'`),
  };
  attacker = new Attacker(store);
  await store.transaction((tx) => record(tx, { actor: GATEWAY, action: 'test.waits' }, new Date()));
  await attacker.begin();
});

afterEach(() => attacker.undo());

afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

const faults = (): Promise<string[]> => faultsOf(store, checkpoint);
const set = (entry: Placed, change: RawBuilder<unknown>): Promise<void> => attacker.set(entry, change);

const rewritten = sql`action = 'x', leaf = replace(leaf, '"action":"' || action || '"', '"action":"x"')`;

test('an honest log has no faults, and reaches over several batches', async () => {
  expect(await faults()).toEqual([]);
  expect(checkpoint.size).toBeGreaterThan(500);
  expect(size).toBeGreaterThan(checkpoint.size);
});

describe('a changed column is found, and named', () => {
  const OTHER = '00000000-0000-4000-8000-000000000000';

  test.each([
    ['at', sql`at = at + interval '1 microsecond'`, 'at'],
    ['actor', sql`actor = 'somebody else'`, 'actor or its salt'],
    ['role', sql`role = 'MASTER'`, 'role'],
    ['action', sql`action = 'erasure.refused'`, 'action'],
    ['customer_id', sql`customer_id = ${OTHER}`, 'customer_id or its salt'],
    ['customer_id, taken away', sql`customer_id = null`, 'customer_id or its salt'],
    ['sequence', sql`sequence = sequence + 1000`, 'sequence'],
    ['reason', sql`reason = 'another'`, 'reason or its salt'],
    ['reason, taken away', sql`reason = null`, 'reason or its salt'],
    ['request_id', sql`request_id = null`, 'request_id'],
    ['integration_id', sql`integration_id = 'vpn'`, 'integration_id'],
    ['details', sql`details = details || '{"state": "DENIED"}'`, 'details'],
    ['salt', sql`salt = actor_salt`, 'customer_id or its salt, reason or its salt'],
    ['actor_salt', sql`actor_salt = salt`, 'actor or its salt'],
    ['the spelling of the leaf', sql`leaf = leaf || ' '`, 'leaf'],
  ])('%s', async (_name, change, named) => {
    await set(entries.early, change);
    expect(await faults()).toContain(`CHANGED ${at(entries.early)}: ${named}`);
  });

  test.each([
    ['what happened at a provider', sql`details = jsonb_set(details, '{outcome}', '"REFUSED"')`, 'details'],
    ['at which provider', sql`integration_id = 'vpn'`, 'integration_id'],
    ['in which erasure', sql`erasure_id = ${OTHER}, sequence = 1`, 'erasure_id, sequence'],
  ])('%s', async (_name, change, named) => {
    await set(entries.attempt, change);
    expect((await faults())[0]).toBe(`CHANGED ${at(entries.attempt)}: ${named}`);
  });

  test('a column alone is the one fault', async () => {
    await set(entries.early, sql`action = 'x'`);
    expect(await faults()).toEqual([`CHANGED ${at(entries.early)}: action`]);
  });

  test('the id: an entry is gone, and there is another', async () => {
    await set(entries.late, sql`id = 1000000`);
    expect(await faults()).toEqual([
      `MISSING ${at(entries.late)}: the entry is gone`,
      'INSERTED entry 1000000: it has no place in the log, and waits for none',
    ]);
  });

  test('also while the entry waits for its place', async () => {
    await attacker.run(sql`update audit_entry set role = 'ADMIN' where action = 'test.waits'`);
    expect(await faults()).toEqual([expect.stringMatching(/^CHANGED entry \d+: role$/)]);
  });

  test('also where the leaf was changed alike, before the checkpoint and after it', async () => {
    await set(entries.late, rewritten);
    const wrong = 'its leaf is not the one that was put there';
    expect(await faults()).toEqual([`CHANGED ${at(entries.late)}: ${wrong}`]);
    await set(entries.early, rewritten);
    expect(await faults()).toEqual([
      `CHANGED ${at(entries.early)}: ${wrong}`,
      `REPLACED the first ${checkpoint.size} entries are not those of the checkpoint: their tree has another root`,
      `CHANGED ${at(entries.late)}: ${wrong}`,
    ]);
  });
});

describe('a missing, inserted or swapped entry is found', () => {
  test.each(['early', 'late'] as const)('an %s one that is deleted', async (which) => {
    await attacker.run(sql`delete from audit_entry where id = ${entries[which].id}`);
    expect(await faults()).toContain(`MISSING ${at(entries[which])}: the entry is gone`);
  });

  test('one that is deleted where nothing else tells of it', async () => {
    await attacker.run(sql`delete from audit_entry where id = ${entries.late.id}`);
    expect(await faults()).toEqual([`MISSING ${at(entries.late)}: the entry is gone`]);
  });

  test('one that is deleted with its place', async () => {
    const { id, index } = entries.late;
    await attacker.run(sql`delete from audit_entry where id = ${id}`);
    await attacker.run(sql`delete from audit_leaf where entry_id = ${id}`);
    expect(await faults()).toEqual([`MISSING index ${index} to ${index}: nothing stands there`]);
  });

  test('one that is deleted with its place and its hashes, when it was of an erasure', async () => {
    const { id, erasureId } = entries.lastOfErasure;
    await attacker.run(sql`delete from audit_entry where id = ${id}`);
    await attacker.run(sql`delete from audit_leaf where entry_id = ${id}`);
    await attacker.rebuildTree();
    const [fault, ...others] = await faults();
    expect(fault).toMatch(
      new RegExp(`^MISSING erasure ${erasureId}: it has \\d+ entries, and has counted \\d+$`),
    );
    expect(others).toEqual([]);
  });

  test('one that is inserted', async () => {
    await attacker.run(sql`insert into audit_entry (at, actor, role, action, details, leaf, salt, actor_salt)
      select at, actor, role, action, details, leaf, salt, actor_salt from audit_entry where action = 'test.waits'`);
    expect(await faults()).toEqual([
      expect.stringMatching(/^INSERTED entry \d+: it has no place in the log, and waits for none$/),
    ]);
  });

  test('one that is inserted in the middle, all places and hashes made anew', async () => {
    await attacker.run(sql`update audit_leaf set index = -index - 1`);
    await attacker.run(
      sql`update audit_leaf set index = -index where index < -${entries.early.index}::bigint`,
    );
    await attacker.run(sql`update audit_leaf set index = -index - 1 where index < 0`);
    await attacker.run(
      sql`insert into audit_leaf select ${entries.early.index}, entry_id from audit_pending`,
    );
    await attacker.run(sql`delete from audit_pending`);
    await attacker.rebuildTree();
    expect(await faults()).toEqual([expect.stringMatching(/^REPLACED /)]);
  });

  test('two that are swapped, after the checkpoint too', async () => {
    const [one, other] = [entries.late, entries.later];
    await attacker.run(
      sql`update audit_leaf set entry_id = -entry_id where entry_id in (${one.id}, ${other.id})`,
    );
    await attacker.run(sql`update audit_leaf set entry_id = ${one.id} where index = ${other.index}`);
    await attacker.run(sql`update audit_leaf set entry_id = ${other.id} where index = ${one.index}`);
    const stands = (index: number, id: number, home: number): string =>
      `SWAPPED index ${index} (entry ${id}): what stands there was put at index ${home}`;
    expect(await faults()).toEqual([
      stands(one.index, other.id, other.index),
      stands(other.index, one.id, one.index),
    ]);
  });
});

describe('a tail that is cut off or written anew is found', () => {
  const cutFrom = async (index: number): Promise<void> => {
    await attacker.run(sql`delete from audit_entry where id in (
      select entry_id from audit_leaf where index >= ${index}) or action = 'test.waits'`);
    await attacker.run(sql`delete from audit_leaf where index >= ${index}`);
    await attacker.run(sql`delete from audit_pending`);
    await attacker.rebuildTree();
  };

  test('cut off before the checkpoint', async () => {
    await cutFrom(checkpoint.size - 1);
    expect(await faults()).toContain(
      `TRUNCATED the log has ${checkpoint.size - 1} entries, and the checkpoint says ${checkpoint.size}`,
    );
  });

  test('cut off to nothing', async () => {
    await cutFrom(0);
    expect(await faults()).toContain(
      `TRUNCATED the log has 0 entries, and the checkpoint says ${checkpoint.size}`,
    );
  });

  test('written anew, all hashes made to agree', async () => {
    await attacker.run(sql`update audit_entry set ${rewritten} where action = 'hold.placed'`);
    await attacker.rebuildTree();
    expect(await faults()).toEqual([
      `REPLACED the first ${checkpoint.size} entries are not those of the checkpoint: their tree has another root`,
    ]);
  });

  test('not found without an outside checkpoint of that time: that is what checkpoints are for', async () => {
    await set(entries.late, rewritten);
    await attacker.rebuildTree();
    expect(await faults()).toEqual([]);
  });
});

describe('what proofs are made from is verified', () => {
  const top = sql`(select max(level) from audit_node)`;

  test('a changed hash', async () => {
    await attacker.run(sql`update audit_node set hash = sha256('x') where level = ${top} and index = 0`);
    expect(await faults()).toEqual([
      expect.stringMatching(/^CHANGED node \d+\/0: its hash is not that of what is below$/),
    ]);
  });

  test('a missing hash', async () => {
    await attacker.run(sql`delete from audit_node where level = ${top}`);
    expect(await faults()).toEqual([
      expect.stringMatching(/^MISSING nodes of level \d+: there are 0, and not 1$/),
    ]);
  });

  test('a hash of leaves that are not there', async () => {
    await attacker.run(sql`insert into audit_node values (0, ${size}, sha256('x'))`);
    expect(await faults()).toEqual([`INSERTED nodes of level 0: there are ${size + 1}, and not ${size}`]);
  });
});

describe('forgetting', () => {
  test('is not found to be a change where the log tells of it', () => {
    expect(entries.forgotten.index).toBeLessThan(checkpoint.size);
  });

  test('of an entry of somebody who was not forgotten is found', async () => {
    await set(entries.early, sql`salt = null, customer_id = null, reason = null`);
    expect(await faults()).toEqual([
      expect.stringMatching(
        /^FORGOTTEN \d+ entries have lost customer and reason, and the log tells of \d+$/,
      ),
    ]);
  });

  test.each([sql`reason = 'made up'`, sql`customer_id = ${'00000000-0000-4000-8000-000000000000'}`])(
    'is not undone unseen',
    async (change) => {
      await set(entries.forgotten, change);
      expect(await faults()).toEqual([
        `CHANGED ${at(entries.forgotten)}: customer_id or reason of a forgotten customer`,
      ]);
    },
  );
});
