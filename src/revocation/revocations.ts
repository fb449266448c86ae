import type { Logger } from 'pino';
import type { TokenIdentity } from '../access/viewer.ts';
import type { Clock } from '../clock.ts';
import type { Store } from '../store/store.ts';
import { REVOCATIONS } from './revoke.ts';
import { RevocationList } from './revocation-list.ts';

/** A copy that was read longer ago is read again before anybody is judged by it. */
const MAX_AGE_MS = 1_000;
/** How often it is read while somebody has to be told. */
const LOOK_EVERY_MS = 400;
/** So long nobody is told anything although nothing can be read, for nothing can be revoked meanwhile either. */
const BLIND_MS = 10_000;
/** Beyond the age of the oldest token that is accepted; more than clocks may differ. */
const MARGIN_MS = 60_000;

/** What revocations are judged by, and how old an accepted token can be. */
export interface RevocationOptions {
  store: Store;
  clock: Clock;
  log: Logger;
  maxAgeSeconds: number;
}

interface Watched {
  token: TokenIdentity;
  act(): void;
}

/**
 * Which tokens were revoked, in this process or another, at most a second ago. A copy in memory, which other processes'
 * notifications refresh; they may get lost, so nobody is judged by a copy that is older than a second.
 */
export class Revocations {
  readonly #options: RevocationOptions;
  readonly #stopped = new AbortController();
  readonly #list = new RevocationList();
  readonly #watched = new Set<Watched>();
  #latestId = 0;
  #readAt = Number.NEGATIVE_INFINITY;
  #failing = false;
  #reading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  readonly #following: Promise<void>;

  constructor(options: RevocationOptions) {
    this.#options = options;
    this.#following = this.#follow();
  }

  /** @throws when it cannot be told. */
  async has(token: TokenIdentity): Promise<boolean> {
    const oldest = performance.now() - MAX_AGE_MS;
    while (this.#readAt < oldest) await (this.#reading ?? this.#read());
    return this.#list.has(token);
  }

  /** Does something within a second after a token is revoked, or can no longer be told not to be. Returns what calls it off. */
  watch(token: TokenIdentity, act: () => void): () => void {
    const watched = { token, act };
    this.#watched.add(watched);
    this.#timer ??= setInterval(() => void this.#look(), LOOK_EVERY_MS).unref();
    return () => this.#release(watched);
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    for (const watched of this.#watched) this.#release(watched);
    await this.#following;
    await this.#reading?.catch(() => {}); // whoever asked for it has got the error
  }

  #release(watched: Watched): void {
    this.#watched.delete(watched);
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #follow(): Promise<void> {
    for await (const _change of this.#options.store.changes.looks(REVOCATIONS, this.#stopped.signal)) {
      await this.#reading?.catch(() => {}); // it may have begun before the change
      await this.#look();
    }
  }

  /** Reads, and tells those whose tokens are revoked: all of them, when nothing could be read for too long. */
  async #look(): Promise<void> {
    await (this.#reading ?? this.#read()).catch(() => {}); // #read has logged it
    const isBlind = this.#failing && performance.now() - this.#readAt > BLIND_MS;
    for (const { token, act } of this.#watched) if (isBlind || this.#list.has(token)) act();
  }

  async #read(): Promise<void> {
    this.#reading = this.#readNew();
    try {
      await this.#reading;
      this.#failing = false;
    } catch (err) {
      if (!this.#failing) this.#options.log.error({ err }, 'the revoked tokens could not be read');
      this.#failing = true;
      throw err;
    } finally {
      this.#reading = undefined;
    }
  }

  /** Reads what was revoked since the last time; only the first time it is more than a few. */
  async #readNew(): Promise<void> {
    const { store, clock, maxAgeSeconds } = this.#options;
    const beganAt = performance.now();
    const oldest = clock.now().getTime() - maxAgeSeconds * 1000 - MARGIN_MS;
    const rows = await store.db
      .selectFrom('token_revocation')
      .select(['id', 'jti', 'subject', 'revoked_at as revokedAt'])
      .where('id', '>', this.#latestId)
      .where('revoked_at', '>=', new Date(oldest))
      .orderBy('id')
      .execute();
    for (const row of rows) this.#list.add(row);
    this.#list.forget(oldest);
    this.#latestId = rows.at(-1)?.id ?? this.#latestId;
    this.#readAt = beganAt;
  }
}
