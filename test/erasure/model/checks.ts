import type { ErasureState } from '../../../src/erasure/words.ts';
import type { Account, AccountKey } from '../../../src/providers/provider.ts';
import { LogReader } from './log.ts';
import { hasEnded, type Accepted } from './oracle.ts';
import { hasIdentities, PLACES, type Place } from './places.ts';
import type { Held } from './provider.ts';
import { rowsOf, type ErasureRow, type TaskRow } from './rows.ts';
import type { ModelWorld } from './world.ts';

const NOTHING_GONE: ReadonlySet<string> = new Set<ErasureState>(['FAILED', 'CANCELED', 'DENIED']);

const isVerified = ({ verdict }: TaskRow): boolean => verdict?.startsWith('VERIFIED_') ?? false;

/** Holds what the gateway says against what is true at the providers. */
export class Checks {
  readonly log = new LogReader();
  readonly #world: ModelWorld;
  /** Ends that were checked when they came: what happens at a provider afterwards does not make them wrong. */
  readonly #checked = new Map<string, string>();

  constructor(world: ModelWorld) {
    this.#world = world;
  }

  /** Everything that is wrong now. */
  async run(): Promise<string[]> {
    const { oracle } = this.#world;
    const { violations } = oracle;
    if (oracle.erasures.length === 0) return violations;
    const { erasures, tasks, entries } = await rowsOf(this.#world, this.log.position);
    violations.push(...this.log.read(entries), ...this.log.compare(erasures, tasks));
    for (const erasure of oracle.erasures) {
      const row = erasures.find(({ id }) => id === erasure.id)!;
      const own = tasks.filter((task) => task.erasure_id === erasure.id);
      this.#noteState(erasure, row.state as ErasureState);
      violations.push(
        ...own.flatMap((task) => this.#task(erasure, task)),
        ...this.#erasure(erasure, row, own),
      );
    }
    return violations;
  }

  #placeOf = ({ integration_id }: TaskRow): Place => this.#world.placeOf(integration_id);

  #isNew(id: string, value: string): boolean {
    const before = this.#checked.get(id);
    this.#checked.set(id, value);
    return before !== value;
  }

  #noteState(erasure: Accepted, state: ErasureState): void {
    const waited = erasure.notBefore > erasure.requestedAt || erasure.wasApproved;
    const hasBegun = state !== 'SCHEDULED' && !NOTHING_GONE.has(state);
    if (erasure.state === 'SCHEDULED' && hasBegun && waited) erasure.begunUpTo = this.#world.oracle.creations;
    erasure.state = state;
  }

  /** An account that was there when the erasure was agreed to, and still is. */
  #isLeft(erasure: Accepted, place: Place, externalId?: string): boolean {
    const { customer, upTo, requestedUpTo } = erasure;
    const known = Math.max(requestedUpTo, upTo.get(place) ?? 0);
    const own = this.#world.providers[place].holds().filter(({ owner }) => owner === customer);
    return own.some((one) => one.creation <= known && (!externalId || one.externalId === externalId));
  }

  /** An account that came while the erasure waited, that its look at the end of the wait must have shown, and still is there. */
  #isOverlooked({ customer, missed, begunUpTo }: Accepted, place: Place): boolean {
    if (missed.has(place) || !hasIdentities(place)) return false;
    const held = this.#world.providers[place].holds();
    return held.some(({ owner, creation }) => owner === customer && creation <= (begunUpTo ?? 0));
  }

  /** Its delete has done its work, and nothing has taken the account's place. */
  #isGone({ deleted }: Accepted, place: Place, externalId: string | undefined): boolean {
    const isIt = (one: Held): boolean => one.externalId === externalId;
    const wasDeleted = deleted.some((one) => one.place === place && isIt(one.held));
    return wasDeleted && !this.#world.providers[place].holds().some(isIt);
  }

  #task(erasure: Accepted, task: TaskRow): string[] {
    if (!this.#isNew(task.id, `${task.state} ${task.verdict} ${task.outcome}`)) return [];
    const place = this.#placeOf(task);
    const account = task.account as Account | null;
    const key = task.key as AccountKey | null;
    const externalId = account?.externalId ?? (key?.kind === 'EMAIL' ? undefined : key?.value);
    const what = `${place} says ${task.state} ${task.outcome} ${task.verdict}`;
    const isKept = task.state === 'CANCELED' || task.outcome === 'RETAINED';
    if (isKept && this.#isGone(erasure, place, externalId)) return [`${what}, and the account is gone`];
    if (task.state !== 'SUCCEEDED' || !isVerified(task)) return [];
    return this.#isLeft(erasure, place, externalId) ? [`${what}, and the account is there`] : [];
  }

  #erasure(erasure: Accepted, row: ErasureRow, tasks: readonly TaskRow[]): string[] {
    const { deleted, interrupted } = erasure;
    const wrong: string[] = [];
    if (deleted.length > 0 && !interrupted && row.irreversible_at === null)
      wrong.push('something is gone, and the point of no return was not noted');
    if (hasEnded(erasure) !== (row.finished_at !== null)) wrong.push(`${row.state}, and not finished so`);
    if (!this.#isNew(row.id, `${row.state} ${row.run}`)) return wrong;
    if (NOTHING_GONE.has(row.state) && deleted.length > 0)
      wrong.push(`${row.state}, and gone is ${deleted.map(({ place }) => place).join()}`);
    if (row.state.startsWith('COMPLETED')) wrong.push(...this.#complete(erasure, row, tasks));
    return wrong;
  }

  #complete(erasure: Accepted, { state }: ErasureRow, tasks: readonly TaskRow[]): string[] {
    const wrong = tasks
      .filter((task) => task.state !== 'SUCCEEDED' || (state === 'COMPLETED' && !isVerified(task)))
      .map((task) => `${state}, with a task that is ${task.state} ${task.verdict}`);
    const at = (verdict: string): Set<Place> =>
      new Set(tasks.filter((task) => task.verdict === verdict).map((task) => this.#placeOf(task)));
    const meant = PLACES.filter((place) => erasure.only?.has(place) ?? true);
    const seen = meant.filter((place) => !at('UNVERIFIABLE').has(place));
    const left = seen.filter(
      (place) =>
        this.#isLeft(erasure, place) || (!at('REAPPEARED').has(place) && this.#isOverlooked(erasure, place)),
    );
    return [...wrong, ...left.map((place) => `${state}, and an account is left at ${place}`)];
  }
}
