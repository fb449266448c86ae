import type { Engine } from '../engine/engine.ts';
import type { Tx } from '../store/store.ts';
import type { Erasure } from './erasure.ts';

/** An erasure that is begun again is a new piece of durable work: one that has ended never goes on. */
export const runIdOf = ({ id, run }: Pick<Erasure, 'id' | 'run'>): string =>
  run === 1 ? id : `${id}#${run}`;

/** The erasure and the run that an id stands for. */
export function readRunId(runId: string): Pick<Erasure, 'id' | 'run'> {
  const [id, run = '1'] = runId.split('#');
  return { id: id!, run: Number(run) };
}

/** Makes an erasure that waits look again, once the transaction commits. */
export const wakeErasure = (engine: Engine, tx: Tx, erasure: Pick<Erasure, 'id' | 'run'>): Promise<void> =>
  engine.wake(tx, runIdOf(erasure));
