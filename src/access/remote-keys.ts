import type { CryptoKey } from 'jose';
import type { Logger } from 'pino';
import { Agent, request } from 'undici';
import type { Clock } from '../clock.ts';
import { AuthenticationUnavailableError, UnauthenticatedError } from './errors.ts';
import { readPublishedKeys, type PublishedKey } from './published-keys.ts';
import type { TokenHeader } from './token-header.ts';

/** A set is fetched anew when it is older. */
const MAX_AGE_MS = 600_000;
/** A set that cannot be fetched anew is relied on for so long, and then nobody gets in. */
const OUTAGE_MS = 3_600_000;
/** Tokens that name unknown keys cannot make the gateway fetch more often. */
const PAUSE_MS = 30_000;
/** So soon it is tried again while there is no set to rely on. */
const RETRY_MS = 5_000;
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;

/** The keys that an issuer publishes at a URL (RFC 7517, section 5), which it may replace at any time. */
export class RemoteKeys {
  readonly #url: string;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #agent = new Agent({ maxResponseSize: MAX_BYTES, connect: { timeout: TIMEOUT_MS } });
  #keys: readonly PublishedKey[] = [];
  #fetchedAt = Number.NEGATIVE_INFINITY;
  #triedAt = Number.NEGATIVE_INFINITY;
  #failing = false;
  #fetching: Promise<void> | undefined;

  constructor(url: string, clock: Clock, log: Logger) {
    this.#url = url;
    this.#clock = clock;
    this.#log = log;
  }

  /**
   * The one key that a token's header chooses. A header without `kid` chooses none where several would do (OpenID Connect
   * Core 1.0, section 10.1).
   *
   * @throws {UnauthenticatedError | AuthenticationUnavailableError}
   */
  async find({ alg, kid }: TokenHeader): Promise<CryptoKey> {
    if (!this.#within(MAX_AGE_MS, this.#fetchedAt)) await this.#refresh();
    if (!this.#isUsable()) throw new AuthenticationUnavailableError('there are no keys to check tokens with');
    if (kid !== undefined && !this.#keys.some((key) => key.kid === kid)) await this.#fetchUnlessPausing();
    const [found, ...more] = this.#keys.filter(
      (key) => key.algorithm === alg && (kid === undefined || key.kid === kid),
    );
    if (!found || more.length > 0) throw new UnauthenticatedError('the token names no key');
    return found.key;
  }

  /** While an outage is known that the last set bridges, nobody is made to wait for its end. */
  async #refresh(): Promise<void> {
    const bridged = this.#failing && this.#isUsable();
    const fetched = this.#fetchUnlessPausing();
    if (!bridged) await fetched;
  }

  /** A clock that was set back makes everything old, and nothing young. */
  #within(ms: number, since: number): boolean {
    const age = this.#clock.now().getTime() - since;
    return age >= 0 && age < ms;
  }

  #isUsable(): boolean {
    return this.#within(OUTAGE_MS, this.#fetchedAt);
  }

  async #fetchUnlessPausing(): Promise<void> {
    if (!this.#fetching && this.#within(this.#isUsable() ? PAUSE_MS : RETRY_MS, this.#triedAt)) return;
    this.#fetching ??= this.#fetch().finally(() => {
      this.#fetching = undefined;
    });
    await this.#fetching;
  }

  /** Never throws: what failed leaves the set as it is. */
  async #fetch(): Promise<void> {
    this.#triedAt = this.#clock.now().getTime();
    try {
      this.#keys = await readPublishedKeys(await this.#read());
      this.#fetchedAt = this.#clock.now().getTime();
      if (this.#failing) this.#log.info('the keys that sign tokens can be fetched again');
      this.#failing = false;
    } catch (err) {
      if (!this.#failing) this.#log.error({ err }, 'the keys that sign tokens cannot be fetched');
      this.#failing = true;
    }
  }

  /** Redirects are not followed: they are some other status. */
  async #read(): Promise<string> {
    const { statusCode, body } = await request(this.#url, {
      dispatcher: this.#agent,
      headers: { accept: 'application/jwk-set+json, application/json' },
      reset: true,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`the answer has the status ${statusCode}`);
    return text;
  }
}
