import type { Writes } from './writes.ts';

interface Asking<K, V> {
  key: K;
  resolve(value: V): void;
  reject(error: unknown): void;
}

const MOST_KEPT = 20_000;
const MOST_AT_ONCE = 500;

/** What reads are made of. */
interface Options<K, V> {
  /** One answer per key, in order. */
  load(keys: readonly K[]): Promise<readonly V[]>;
  nameOf(key: K): string;
  writes: Writes;
  /** Until when it is known what others have changed (`performance.now()`). */
  heardUntil(): number;
  /** How old an answer may be, where that is not known. */
  maxAgeMs: number;
}

/**
 * Reads by key for many requests together: keys that are asked for while a query runs are read by the next one, and what
 * was read is kept until something is changed. No answer is older than the question, but for changes that other processes
 * made within the last `maxAgeMs`.
 */
export class CopiedReads<K, V> {
  readonly #options: Options<K, V>;
  readonly #kept = new Map<string, V>();
  #version = -1;
  #clearedAt = Number.NEGATIVE_INFINITY;
  #asking: Asking<K, V>[] = [];
  #busy = false;

  constructor(options: Options<K, V>) {
    this.#options = options;
  }

  /** At once where it is known. */
  load(key: K): V | Promise<V> {
    this.#dropOld();
    const kept = this.#kept.get(this.#options.nameOf(key));
    if (kept !== undefined) return kept;
    return new Promise((resolve, reject) => {
      this.#asking.push({ key, resolve, reject });
      if (this.#busy) return;
      this.#busy = true;
      setImmediate(() => void this.#serve()); // with all that has just arrived
    });
  }

  #dropOld(): void {
    const { writes, heardUntil, maxAgeMs } = this.#options;
    const now = performance.now();
    const age = now - Math.max(this.#clearedAt, heardUntil());
    if (this.#version === writes.version && age < maxAgeMs) return;
    this.#kept.clear();
    this.#version = writes.version;
    this.#clearedAt = now;
  }

  async #serve(): Promise<void> {
    while (this.#asking.length > 0) await this.#serveSome(this.#asking.splice(0, MOST_AT_ONCE));
    this.#busy = false;
  }

  async #serveSome(asking: readonly Asking<K, V>[]): Promise<void> {
    const { load, nameOf, writes } = this.#options;
    this.#dropOld();
    const clearedAt = this.#clearedAt;
    try {
      const values = await load(asking.map(({ key }) => key));
      this.#dropOld();
      const isCurrent = this.#version === writes.version && this.#clearedAt === clearedAt;
      for (const [i, { key, resolve }] of asking.entries()) {
        if (isCurrent) this.#keep(nameOf(key), values[i]!);
        resolve(values[i]!);
      }
    } catch (error) {
      for (const { reject } of asking) reject(error);
    }
  }

  #keep(name: string, value: V): void {
    if (this.#kept.size >= MOST_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
    this.#kept.set(name, value);
  }
}
