import type { Store } from '../../src/store/store.ts';

/** What a store holds, the workflow engine's part too, as text: by table. */
export async function dumpOfTables({ pool }: Store): Promise<Map<string, string>> {
  const tables = await pool.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  );
  const texts = new Map<string, string>();
  for (const { name } of tables.rows) {
    const { rows } = await pool.query<{ row: string }>(`select t::text as row from ${name} t`);
    texts.set(name, rows.map(({ row }) => row).join('\n'));
  }
  return texts;
}

/** Everything that a store holds as text. */
export async function dump(store: Store): Promise<string> {
  return [...(await dumpOfTables(store))].flat().join('\n');
}
