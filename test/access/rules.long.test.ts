import { expect, test } from 'vitest';
import { mayRead } from './oracle.ts';
import { everyCaller } from './viewers.ts';
import { contextOf, FIELDS, isReached, wallOf } from './wall.ts';

test('every field is open to every role with every set of scopes as the oracle says', async () => {
  const wall = wallOf();
  const wrong: string[] = [];
  let judged = 0;
  for (const { name, asker } of everyCaller()) {
    const context = contextOf(asker);
    for (const { type, field } of FIELDS) {
      judged++;
      if ((await isReached(wall, type, field, context)) !== mayRead(asker, type, field))
        wrong.push(`${type}.${field}: ${name}`);
    }
  }
  console.log(`judged ${judged} pairs of a caller and a field`);
  expect(wrong).toEqual([]);
}, 600_000);
