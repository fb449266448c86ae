import type { ErasureState, TaskState } from '../../../src/erasure/words.ts';
import { ERASURE_CHANGES, TASK_CHANGES } from '../allowed-changes.ts';
import type { EntryRow, ErasureRow, TaskRow } from './rows.ts';

/** Follows the audit log: every change is an allowed one, no entry is missing, and the tables say the same. */
export class LogReader {
  /** Position of the last entry that was read. */
  position = 0;
  /** Changes that were seen, for whoever wants to know what was tried. */
  readonly seen = new Set<string>();
  readonly #sequences = new Map<string, number>();
  readonly #erasures = new Map<string, ErasureState>();
  readonly #tasks = new Map<string, TaskState>();

  /** What is wrong with the entries that follow. */
  read(entries: readonly EntryRow[]): string[] {
    return entries.flatMap((entry) => {
      this.position = entry.id;
      return [...this.#sequence(entry), ...this.#erasure(entry), ...this.#task(entry)];
    });
  }

  /** Where the tables differ from the log. */
  compare(erasures: readonly ErasureRow[], tasks: readonly TaskRow[]): string[] {
    const told = erasures.filter(({ id, state }) => this.#erasures.get(id) !== state);
    const done = tasks.filter(({ id, state }) => (this.#tasks.get(id) ?? 'PENDING') !== state);
    return [...told, ...done].map(({ id, state }) => `${id} is ${state}, and the log does not say so`);
  }

  #sequence({ erasure_id: id, sequence }: EntryRow): string[] {
    const last = this.#sequences.get(id!) ?? 0;
    this.#sequences.set(id!, sequence!);
    return sequence === last + 1 ? [] : [`entry ${sequence} of ${id} follows ${last}`];
  }

  #erasure({ erasure_id: id, action, details }: EntryRow): string[] {
    const { state: to } = details as { state?: ErasureState };
    if (!to || (action !== 'erasure.requested' && action !== `erasure.${to.toLowerCase()}`)) return [];
    const from = this.#erasures.get(id!);
    this.#erasures.set(id!, to);
    if (action === 'erasure.requested') return [];
    this.seen.add(`erasure ${from} → ${to}`);
    return from && to in ERASURE_CHANGES[from] ? [] : [`erasure ${id} went from ${from} to ${to}`];
  }

  #task({ details }: EntryRow): string[] {
    const { taskId, state: to } = details as { taskId?: string; state?: TaskState };
    if (!taskId || !to) return [];
    const from = this.#tasks.get(taskId) ?? 'PENDING';
    this.#tasks.set(taskId, to);
    this.seen.add(`task ${from} → ${to}`);
    return from === to || to in TASK_CHANGES[from] ? [] : [`task ${taskId} went from ${from} to ${to}`];
  }
}
