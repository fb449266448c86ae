import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PglitePool } from '../../src/store/pglite-pool.ts';

let db: PGlite;
let pool: PglitePool;

beforeAll(async () => {
  db = await PGlite.create();
  pool = new PglitePool(db);
});

afterAll(() => db.close());

async function rows(text: string, values: unknown[] = []): Promise<unknown[]> {
  return (await pool.query(text, values))!.rows;
}

const kept = async (): Promise<number> => {
  const [row] = await rows('select count(*)::int as n from pg_prepared_statements');
  return (row as { n: number }).n;
};

test('values come back as they were given, the second time too', async () => {
  const text = `select $1::int4 as i, $2::text as t, $3::jsonb as j, $4::timestamptz as at, $5::text[] as list,
    $6::bytea as bytes, $7::bool as yes, $8::int8 as big, $9::text as none`;
  const values = [7, 'a', '{"b":1}', new Date(0), ['x', 'y'], Buffer.from([1, 2]), true, 2 ** 40, null];
  const [i, t, , at, list, , yes, big, none] = values;
  const expected = [{ i, t, j: { b: 1 }, at, list, bytes: new Uint8Array([1, 2]), yes, big, none }];
  for (let time = 0; time < 2; time++) expect(await rows(text, values)).toEqual(expected);
});

test('as many statements are kept as are worth it, and those that are not still run', async () => {
  for (let i = 0; i < 450; i++)
    expect(await rows(`select $1::int4 as c${i}`, [i])).toEqual([{ [`c${i}`]: i }]);
  expect(await kept()).toBeLessThanOrEqual(400);
  expect(await rows('select $1::int4 as c0', [5])).toEqual([{ c0: 5 }]);
});

test('a table that has changed is read as it is now', async () => {
  await pool.query('create table changing (id int primary key)');
  await pool.query('insert into changing values ($1)', [1]);
  expect(await rows('select * from changing where id = $1', [1])).toEqual([{ id: 1 }]);
  await pool.query(`alter table changing add name text default 'new'`);
  expect(await rows('select * from changing where id = $1', [1])).toEqual([{ id: 1, name: 'new' }]);
});

test('a statement that fails tells its code, and whatever comes after it runs', async () => {
  await pool.query('create table once (id int primary key)');
  const insert = (): Promise<unknown> => rows('insert into once values ($1)', [1]);
  await insert();
  await expect(insert()).rejects.toMatchObject({ code: '23505' });
  await expect(rows('select $1::int4 from nowhere', [1])).rejects.toMatchObject({ code: '42P01' });
  expect(await rows('select id from once where id = $1', [1])).toEqual([{ id: 1 }]);
});

test('a transaction that fails is rolled back, and its statements can be used again', async () => {
  await pool.query('create table counted (id int primary key)');
  const client = await pool.connect();
  await client.query('begin');
  await client.query('insert into counted values ($1)', [1]);
  await expect(client.query('insert into counted values ($1)', [1])).rejects.toThrow();
  await expect(client.query('select $1::int4 as one', [1])).rejects.toMatchObject({ code: '25P02' });
  await client.query('rollback');
  client.release();
  expect(await rows('select * from counted where id > $1', [0])).toEqual([]);
  await rows('insert into counted values ($1)', [1]);
  expect(await rows('select * from counted where id > $1', [0])).toEqual([{ id: 1 }]);
});
