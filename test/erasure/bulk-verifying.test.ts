import { expect, test, vi } from 'vitest';
import { people } from '../../src/sandbox/people.ts';
import { requestBulk } from '../support/bulks.ts';
import { startWorld } from '../support/world.ts';

const COUNT = 30;

test('a bulk goes on to delete while a provider takes its time to let it be seen', async () => {
  const population = people(60);
  const world = await startWorld({ pace: (ms) => ms }, {}, { population });
  try {
    await world.vendors.engagelab.assume({ deleteDelayMs: 600_000 });
    const known = population.filter(({ engagelab }) => engagelab).slice(0, COUNT);
    const customerIds = known.map(({ number }) => world.id(number));
    await requestBulk(world.admin, { customerIds, integrationIds: ['engagelab'] });
    const deleted = async (): Promise<number> => (await world.vendors.engagelab.deletes()).length;
    await vi.waitUntil(async () => (await deleted()) === COUNT, { timeout: 25_000, interval: 200 });
    expect(new Set(await world.vendors.engagelab.deletes()).size).toBe(COUNT);
  } finally {
    await world.close();
  }
});
