import { Webhook } from 'standardwebhooks';
import { Pool } from 'undici';
import type { Clock } from '../clock.ts';
import { Places } from '../limits/places.ts';
import { connector } from '../outbound/connector.ts';
import { retryAfter, soonEnough } from '../providers/retry-after.ts';
import type { WebhookEndpoint } from './endpoint.ts';

/** What came of one try. */
export interface Answer {
  /** Null when none came. */
  status: number | null;
  /** What is wrong with it, in words that name neither URL nor secret; null when it is 2xx. */
  error: string | null;
  /** When the receiver asks to be tried again, at most a day away. */
  retryAt?: Date | undefined;
}

/** Nothing that a receiver answers is read but its status and `Retry-After`. */
const MOST_BODY_BYTES = 16 * 1024;
/** Tries at the same time. A receiver that never answers keeps its own messages waiting, and nobody else's. */
const CONCURRENCY = 8;

function errorOf(status: number): string | null {
  if (status >= 200 && status < 300) return null;
  return status >= 300 && status < 400
    ? `It redirected (${status}), which is not followed.`
    : `It answered ${status}.`;
}

function errorOfFailure(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'It did not answer in time.';
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code ? `The connection failed (${code}).` : 'The connection failed.';
}

/** The way to one endpoint. */
export class Outlet {
  readonly #path: string;
  readonly #pool: Pool;
  readonly #webhook: Webhook;
  readonly #deadlineMs: number;
  readonly #places = new Places(CONCURRENCY);
  readonly #clock: Clock;
  #closed = false;

  constructor({ url, secret, network = 'PUBLIC' }: WebhookEndpoint, clock: Clock, deadlineMs: number) {
    const { origin, pathname, search } = new URL(url);
    this.#clock = clock;
    this.#path = pathname + search;
    this.#pool = new Pool(origin, {
      connections: CONCURRENCY,
      connect: connector(network),
      headersTimeout: 0,
      bodyTimeout: 0,
    });
    this.#webhook = new Webhook(secret.reveal());
    this.#deadlineMs = deadlineMs;
  }

  /** Sends a message once. Null: the gateway stops, so nothing is known. */
  async post(message: { id: string; body: string }): Promise<Answer | null> {
    const leave = await this.#places.take();
    try {
      return await this.#send(message, this.#clock.now());
    } catch (error) {
      return this.#closed ? null : { status: null, error: errorOfFailure(error) };
    } finally {
      leave();
    }
  }

  async #send({ id, body }: { id: string; body: string }, at: Date): Promise<Answer> {
    const answer = await this.#pool.request({
      method: 'POST',
      path: this.#path,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'customer-gateway',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': this.#webhook.sign(id, at, body),
      },
      body,
      signal: AbortSignal.timeout(this.#deadlineMs),
    });
    const { statusCode: status, headers } = answer;
    await answer.body.dump({ limit: MOST_BODY_BYTES });
    const now = this.#clock.now().getTime();
    return {
      status,
      error: errorOf(status),
      retryAt: soonEnough(retryAfter(headers['retry-after'], now), now),
    };
  }

  /** Ends what is under way. */
  close(): Promise<void> {
    this.#closed = true;
    return this.#pool.destroy();
  }
}
