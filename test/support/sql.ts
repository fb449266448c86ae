import type { PoolClient } from 'pg';
import { vi } from 'vitest';
import type { Store } from '../../src/store/store.ts';

const BY_ITSELF = /dbos|audit_|token_revocation|caller_limit/;

/** The queries that the gateway sends to its database for some work; not those of what goes on by itself meanwhile, nor what is read once a second for all callers. */
export async function queriesOf({ pool }: Store, work: () => Promise<unknown>): Promise<string[]> {
  const statements: string[] = [];
  const connect = pool.connect.bind(pool) as () => Promise<PoolClient>;
  const spy = vi.spyOn(pool, 'connect').mockImplementation(async () => {
    const client = await connect();
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      if (typeof args[0] === 'string') statements.push(args[0]);
      return query(...args);
    }) as typeof client.query;
    return client;
  });
  await work();
  spy.mockRestore();
  return statements.filter((text) => /^select .* from "/.test(text) && !BY_ITSELF.test(text));
}
