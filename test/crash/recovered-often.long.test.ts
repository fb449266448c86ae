import { expect, onTestFinished, test } from 'vitest';
import { openStore } from '../../src/store/store.ts';
import { checkErasure } from './check-erasure.ts';
import { Deletion } from './deletion.ts';
import { folderStores } from './folder-stores.ts';

const MORE_THAN_ANYBODY_GIVES_UP_AFTER = 10_000;

test('a deletion completes however often it was recovered', { timeout: 60_000 }, async () => {
  const stores = await folderStores();
  onTestFinished(() => stores.close());
  const spare = await stores.spare();
  const deletion = await Deletion.prepare({ ...stores, spare: () => Promise.resolve(spare) });
  onTestFinished(() => deletion.end());
  await deletion.die({ at: 'attempt.intended', passing: 4 });

  // So many restarts would take days; the workflow engine counts them here.
  const store = await openStore(spare.location);
  const counted = await store.pool.query('update dbos.workflow_status set recovery_attempts = $1', [
    MORE_THAN_ANYBODY_GIVES_UP_AFTER,
  ]);
  await store.close();
  expect(counted.rowCount).toBe(1);

  await checkErasure(deletion, await deletion.survive());
});
