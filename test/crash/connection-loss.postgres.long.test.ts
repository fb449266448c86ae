import pg from 'pg';
import { expect, onTestFinished, test, vi } from 'vitest';
import { Api } from '../support/api.ts';
import { createDatabase, dropDatabase } from '../support/postgres-databases.ts';
import { tokenSettings } from '../support/tokens.ts';
import { startGatewayProcess } from './gateway-process.ts';

const OTHERS = 'datname = current_database() and pid <> pg_backend_pid()';
const LOCK_HOLDER = "pid in (select pid from pg_locks where locktype = 'advisory')";

test.for([
  ['the one that holds its lock', LOCK_HOLDER],
  ['all', 'true'],
] as const)('a gateway survives the loss of its connections: %s', async ([, which]) => {
  const databaseUrl = await createDatabase();
  onTestFinished(() => dropDatabase(databaseUrl));
  const order = { store: { databaseUrl }, tokens: tokenSettings, integrations: [], crash: null };
  const gateway = await startGatewayProcess(order);
  onTestFinished(() => gateway.kill());
  const admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  onTestFinished(() => admin.end());
  const backends = async (condition: string, column = 'pid'): Promise<unknown[]> =>
    (
      await admin.query({
        text: `select ${column} from pg_stat_activity where ${OTHERS} and ${condition}`,
        rowMode: 'array',
      })
    ).rows.flat();

  const before = await backends(LOCK_HOLDER);
  expect(before).toHaveLength(1);
  await backends(which, 'pg_terminate_backend(pid)');
  await vi.waitUntil(
    async () => {
      const now = await backends(LOCK_HOLDER);
      return now.length === 1 && now[0] !== before[0];
    },
    { timeout: 10_000 },
  );
  expect(await new Api(gateway.url!, null).data('{ __typename }')).toEqual({ __typename: 'Query' });
});
