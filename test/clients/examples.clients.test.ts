import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run as withApolloClient } from '../../examples/apollo-client.ts';
import type { Event } from '../../examples/documents.ts';
import { run as withFetch } from '../../examples/fetch.ts';
import { run as withUrql } from '../../examples/urql.ts';
import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import { cuttingProxy } from '../support/cutting-proxy.ts';
import { ERASURE } from '../support/documents.ts';
import { holders } from '../support/holders.ts';
import { mintToken } from '../support/tokens.ts';
import { startWorld, type World } from '../support/world.ts';

let world: World;
let token: string;

beforeAll(async () => {
  world = await startWorld();
  token = await mintToken({ role: 'ADMIN' });
});

afterAll(() => world.close());

describe.each([
  ['fetch', withFetch, 1],
  ['apollo-client', withApolloClient, 3],
  ['urql', withUrql, 4],
])('examples/%s.ts', (_name, run, number) => {
  test('finds, plans, deletes and watches', async () => {
    const { email } = world.person(number);
    const before = await holders(world.vendors, world.people);
    const events: Event[] = [];
    const { planned, erasureId } = await run(world.gateway.url, token, email, (event) => events.push(event));
    expect(planned.map(({ presence }) => presence)).toEqual(planned.map(() => 'FOUND'));
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));
    expect(events.at(-1)).toMatchObject({ action: 'erasure.completed', erasure: { state: 'COMPLETED' } });
    const after = await holders(world.vendors, world.people);
    for (const [vendor, held] of Object.entries(before))
      expect(after[vendor as VendorName]).toEqual(held.filter((one) => one !== number));
    const { erasure } = await world.admin.data(ERASURE, { id: erasureId });
    expect(erasure.tasks).toHaveLength(planned.length);
  });

  test('loses nothing and repeats nothing when its streams break off', async () => {
    const proxy = await cuttingProxy(world.gateway.url, 2);
    const events: Event[] = [];
    await run(proxy.url, token, world.person(number + 4).email, (event) => events.push(event));
    proxy.close();
    expect(proxy.cuts()).toBe(2);
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, i) => i + 1));
    expect(events.at(-1)!.action).toBe('erasure.completed');
  });

  test('tells why a customer is not deleted', async () => {
    const { email } = world.person(2);
    await expect(run(world.gateway.url, token, email, () => {})).rejects.toThrow(/blocked.*subscription/);
  });
});

test('an example is run by a command, too', async () => {
  const args = [
    '--import',
    'tsx',
    'examples/run.ts',
    'fetch',
    token,
    world.person(9).email,
    world.gateway.url,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  expect(stdout).toMatch(/^1  erasure\.requested  .*\n\d+  erasure\.completed  COMPLETED\n$/s);
});
