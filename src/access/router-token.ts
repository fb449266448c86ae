import { createHash, timingSafeEqual } from 'node:crypto';
import { UnauthenticatedError } from './errors.ts';

/** At least 256 bits, as `openssl rand -base64 32` or `-hex 32` writes them. */
const TOKEN = /^[\w+/=-]{43,200}$/;

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** What federated routers show besides the user's token. Printing it shows nothing of them. */
export class RouterTokens {
  readonly #digests: readonly Buffer[];

  /** @param tokens - Any of them is accepted, so that one can follow another; without any there is no router. */
  constructor(tokens: readonly string[]) {
    this.#digests = tokens.map(digestOf);
  }

  /** The tokens that a text holds, one a line; null when it holds none, or something else too. */
  static read(text: string): RouterTokens | null {
    const lines = text.split('\n').flatMap((line) => line.trim() || []);
    return lines.length > 0 && lines.every((line) => TOKEN.test(line)) ? new RouterTokens(lines) : null;
  }

  /**
   * Whether a request comes from a router, by its `Router-Authorization` headers.
   *
   * @throws {UnauthenticatedError} when there is one, and it is not `Bearer`, one space and a token that is accepted.
   */
  accept([header, ...more]: readonly string[]): boolean {
    if (header === undefined) return false;
    const token = more.length === 0 ? /^Bearer (\S+)$/i.exec(header)?.[1] : undefined;
    const digest = digestOf(token ?? '');
    if (!this.#digests.some((known) => timingSafeEqual(known, digest)))
      throw new UnauthenticatedError('the router token is not accepted');
    return true;
  }
}
