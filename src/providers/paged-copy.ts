import { ProviderError } from './error.ts';
import { unlessAborted } from './unless-aborted.ts';

/** One page of a list that can only be read page by page, by number from 1. */
export interface Page<Row> {
  rows: readonly Row[];
  /** How many pages the list has now. */
  pages: number;
  /** How many rows the list has now, where it says so. */
  total?: number | undefined;
}

/** Rows that were asked for, by key, and the time from which on they were read. */
export interface Reading<Row> {
  rows: ReadonlyMap<string, readonly Row[]>;
  asOf: Date;
}

interface Source<Row> {
  /** Names the list in errors. */
  provider: string;
  operation: string;
  read(page: number, signal: AbortSignal): Promise<Page<Row>>;
  keyOf(row: Row): string;
}

const MOST_AT_ONCE = 16;
/** A list that claims more pages than this is taken for a loop. */
const MAX_PAGES = 10_000;
const WAVE_TIMEOUT_MS = 30_000;

/** A copy that grows page by page, in waves that double, for as long as somebody misses something. */
class Copy<Row> {
  /** When the first page was asked for: whoever asked before that may use it. */
  begunAt = Number.POSITIVE_INFINITY;
  asOf = new Date();
  readonly rows = new Map<string, Row[]>();
  readonly pageOf = new Map<string, number>();
  /** How many still read it. */
  readers = 0;
  readonly #source: Source<Row>;
  readonly #totals = new Set<number | undefined>();
  #read = 0;
  #pages = 1;
  #wave: Promise<void> | undefined;

  constructor(source: Source<Row>) {
    this.#source = source;
  }

  /** As far as is known. */
  get pages(): number {
    return this.#pages;
  }

  get complete(): boolean {
    return this.#read >= this.#pages;
  }

  /** Whether no row can have slipped from page to page while they were read: all say how many there are, and so many came. */
  get isWhole(): boolean {
    return this.complete && this.#totals.size === 1 && this.#totals.has(this.rows.size);
  }

  /** Reads on. Whoever asks meanwhile waits for the same pages. */
  grow(): Promise<void> {
    this.#wave ??= this.#readWave().finally(() => {
      this.#wave = undefined;
    });
    this.#wave.catch(() => {}); // the last who waits may have gone
    return this.#wave;
  }

  async #readWave(): Promise<void> {
    if (this.#read === 0) {
      this.begunAt = performance.now();
      this.asOf = new Date();
    }
    const from = this.#read + 1;
    const count = Math.min(Math.max(this.#read, 1), MOST_AT_ONCE, Math.max(this.#pages - this.#read, 1));
    const numbers = Array.from({ length: count }, (_, i) => from + i);
    const signal = AbortSignal.timeout(WAVE_TIMEOUT_MS);
    const pages = await Promise.all(numbers.map((number) => this.#source.read(number, signal)));
    for (const [i, { rows, total }] of pages.entries()) {
      this.#add(rows, numbers[i]!);
      this.#totals.add(total);
    }
    this.#read += count;
    this.#pages = pages.at(-1)!.pages;
    if (this.#pages <= MAX_PAGES) return;
    const { provider, operation } = this.#source;
    throw new ProviderError('UNEXPECTED_RESPONSE', { provider, operation });
  }

  #add(rows: readonly Row[], page: number): void {
    for (const row of rows) {
      const key = this.#source.keyOf(row);
      add(this.rows, key, row);
      this.pageOf.set(key, page);
    }
  }
}

/**
 * Answers questions about a list that has neither a get-one nor a filter, from a copy that all who ask share. A copy
 * only serves those who asked before it was begun, or who accept its age; the others wait until nobody reads it and
 * share the next one, so that many questions at once cost few readings of the list.
 */
export class PagedCopy<Row> {
  readonly #source: Source<Row>;
  #copy: Copy<Row> | undefined;
  /** On which page a key was last, by copies that are no more. */
  #pageOf = new Map<string, number>();
  /** Keys of which the copy may say what is no longer so. */
  readonly #changed = new Set<string>();

  constructor(source: Source<Row>) {
    this.#source = source;
  }

  /** To be told before and after rows of a key come or go: who asks for it then is not answered from before. */
  changed(key: string): void {
    this.#changed.add(key);
  }

  /** Reads until each key was met, or to the end. Age 0: begins to read now, first where the keys were last. */
  async first(keys: readonly string[], maxAgeMs: number, signal: AbortSignal): Promise<Reading<Row>> {
    const age = this.#areChanged(keys) ? 0 : maxAgeMs;
    const found = age === 0 ? await this.#whereLastSeen(keys, signal) : null;
    return found ?? this.#read(age, signal, hasAll(keys));
  }

  /**
   * The same, read now, and twice before a key counts as missing in a list that has moved meanwhile: a row that slips
   * over a page's edge while others are deleted is missed once, and would need a page full of deletions to be missed again.
   */
  async surely(keys: readonly string[], signal: AbortSignal): Promise<Reading<Row>> {
    const found = await this.#whereLastSeen(keys, signal);
    if (found) return found;
    const copy = await this.#read(0, signal, hasAll(keys));
    if (copy.pages === 1 || copy.isWhole || hasAll(keys)(copy)) return copy;
    const again = await this.#read(0, signal, hasAll(keys));
    const rows = new Map<string, readonly Row[]>();
    for (const key of keys) rows.set(key, again.rows.get(key) ?? copy.rows.get(key) ?? []);
    return { rows, asOf: copy.asOf };
  }

  /** Reads to the end of the list. */
  all(maxAgeMs: number, signal: AbortSignal): Promise<Reading<Row>> {
    return this.#read(maxAgeMs, signal, () => false);
  }

  async #read(
    maxAgeMs: number,
    signal: AbortSignal,
    enough: (copy: Copy<Row>) => boolean,
  ): Promise<Copy<Row>> {
    if (signal.aborted) throw this.#ended(signal.reason);
    const copy = await this.#joined(performance.now() - maxAgeMs, signal);
    try {
      while (!copy.complete && !enough(copy)) await this.#unless(signal, copy.grow());
      return copy;
    } finally {
      copy.readers--;
    }
  }

  /** A copy that is not begun before `since`, with one reader more. */
  async #joined(since: number, signal: AbortSignal): Promise<Copy<Row>> {
    while (!this.#copy || this.#copy.begunAt < since) {
      const busy = this.#copy && this.#copy.readers > 0 && !this.#copy.complete;
      if (busy) await this.#unless(signal, this.#copy!.grow());
      else this.#begin();
    }
    this.#copy.readers++;
    return this.#copy;
  }

  /** What the last copy knows of places stays known: the rest of the list may never be read again. */
  #begin(): void {
    if (this.#copy?.complete) this.#pageOf = this.#copy.pageOf;
    else for (const [key, page] of this.#copy?.pageOf ?? []) this.#pageOf.set(key, page);
    this.#changed.clear();
    this.#copy = new Copy(this.#source);
  }

  /** Reads the pages that the keys were last on. Null unless each is still on its own, or there is no other page. */
  async #whereLastSeen(keys: readonly string[], signal: AbortSignal): Promise<Reading<Row> | null> {
    if (this.#areChanged(keys)) return null;
    const places = keys.map((key) => this.#copy?.pageOf.get(key) ?? this.#pageOf.get(key));
    const numbers = new Set(places.filter((place) => place !== undefined));
    if (places.includes(undefined) || numbers.size > MOST_AT_ONCE) return null;
    const asOf = new Date();
    const rows = new Map<string, Row[]>();
    const pages = await Promise.all([...numbers].map((number) => this.#source.read(number, signal)));
    for (const row of pages.flatMap((page) => page.rows)) add(rows, this.#source.keyOf(row), row);
    const isAll = numbers.has(1) && pages.every((page) => page.pages === 1);
    return isAll || keys.every((key) => rows.has(key)) ? { rows, asOf } : null;
  }

  #areChanged(keys: readonly string[]): boolean {
    return keys.some((key) => this.#changed.has(key));
  }

  #unless<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
    return unlessAborted(signal, promise, (cause) => this.#ended(cause));
  }

  #ended(cause: unknown): ProviderError {
    const { provider, operation } = this.#source;
    return new ProviderError('UNAVAILABLE', { provider, operation, cause });
  }
}

const hasAll =
  (keys: readonly string[]) =>
  ({ rows }: { rows: ReadonlyMap<string, unknown> }): boolean =>
    keys.every((key) => rows.has(key));

function add<Row>(rows: Map<string, Row[]>, key: string, row: Row): void {
  const known = rows.get(key);
  if (known) known.push(row);
  else rows.set(key, [row]);
}
