import type { Engine } from '../engine/engine.ts';
import type { Tx } from '../store/store.ts';
import { wakeBulks } from './bulk/wake.ts';
import { wakeErasure } from './run.ts';

/** Lets every erasure and bulk that has not ended look at once whether it may go on. */
export async function wakeAll(tx: Tx, engine: Engine): Promise<void> {
  const open = tx.selectFrom('erasure').select(['id', 'run']).where('finished_at', 'is', null);
  for (const erasure of await open.execute()) await wakeErasure(engine, tx, erasure);
  await wakeBulks(tx, engine);
}
