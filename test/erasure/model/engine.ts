import type { Advance, Engine } from '../../../src/engine/engine.ts';
import type { Store, Tx } from '../../../src/store/store.ts';

/** Work as the engine knows it. */
interface Work {
  ended: boolean;
  /** When it looks again by itself, by the model's clock; null: at once. */
  until: number | null;
  /** Somebody has woken it since its last look. */
  woken: boolean;
}

/**
 * The durable engine, without its own will: it keeps what was enqueued and woken, and the test says when which work takes
 * its next step. Only what a committed transaction asked for counts.
 */
export class ModelEngine implements Engine {
  readonly #work = new Map<string, Work>();
  readonly #asked = new WeakMap<Tx, (() => void)[]>();

  /** The store, with its transactions watched. */
  watch(store: Store): Store {
    return {
      ...store,
      transaction: async (work) => {
        let asked: (() => void)[] = [];
        const result = await store.transaction((tx) => {
          asked = [];
          this.#asked.set(tx, asked);
          return work(tx);
        });
        for (const ask of asked) ask();
        return result;
      },
    };
  }

  async enqueue(tx: Tx, _job: string, id: string): Promise<void> {
    this.#in(tx).push(() => void this.#work.set(id, { ended: false, until: null, woken: false }));
  }

  async wake(tx: Tx, id: string): Promise<void> {
    this.#in(tx).push(() => {
      this.#known(id).woken = true;
    });
  }

  async stop(): Promise<void> {}

  /** The run of an erasure that takes a step now: it has one to take, its time has come, or it was woken. */
  ready(erasureId: string, now: number): string | null {
    const ready = this.#runsOf(erasureId).find(
      ([, { ended, until, woken }]) => !ended && (woken || until === null || until <= now),
    );
    return ready?.[0] ?? null;
  }

  hasEnded(erasureId: string): boolean {
    return this.#runsOf(erasureId).every(([, { ended }]) => ended);
  }

  /** When the next of all work looks by itself; null: none does. */
  nextTime(): number | null {
    const times = [...this.#work.values()].flatMap(({ ended, until }) => (ended ? [] : (until ?? [])));
    const next = Math.min(...times);
    return Number.isFinite(next) ? next : null;
  }

  /** Lets the work take a step. One that throws is taken again. It says by the time of day when it looks again. */
  async step(id: string, now: number, take: () => Promise<Advance>): Promise<void> {
    const work = this.#known(id);
    if (work.until !== null) work.woken = false;
    work.until = null;
    const next = await take();
    work.ended = next.do === 'END';
    if (next.do === 'WAIT') work.until = now + Math.max(next.until - Date.now(), 0) + 1;
  }

  #runsOf(erasureId: string): [string, Work][] {
    return [...this.#work].filter(([id]) => id === erasureId || id.startsWith(`${erasureId}#`));
  }

  #known(id: string): Work {
    const work = this.#work.get(id);
    if (!work) throw new Error(`no work was ever enqueued as ${id}`);
    return work;
  }

  #in(tx: Tx): (() => void)[] {
    const asked = this.#asked.get(tx);
    if (!asked) throw new Error('the engine was asked outside of a transaction of the store');
    return asked;
  }
}
