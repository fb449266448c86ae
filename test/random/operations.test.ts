import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorld, type World } from '../support/world.ts';
import { sendRandomOperations } from './operations.ts';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world.close());

test('random operations that are valid never end in an internal error', async () => {
  console.log('random operations and their errors:', JSON.stringify(await sendRandomOperations(world, 500)));
  expect((await world.admin.data('{ viewer { role } }')).viewer.role).toBe('ADMIN');
}, 120_000);
