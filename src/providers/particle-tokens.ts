import { z } from 'zod';
import { ask, read, type Judge } from './answer.ts';
import type { IssuedToken } from './bearer.ts';
import { ProviderError } from './error.ts';
import type { Http, HttpCall } from './http.ts';
import type { Account, CustomerToken, CustomerTokens, Revocation } from './provider.ts';

const tokenBody = z.object({ access_token: z.string(), expires_in: z.number().default(0) });

/**
 * What a two-legged client does with its own id and secret: tokens and shadow customers.
 * Source: docs.particle.io/reference/cloud-apis/authentication.
 */
export class ParticleTokens implements CustomerTokens {
  readonly #http: Http;
  readonly #authorization: string;
  readonly #judge: Judge;

  constructor(http: Http, authorization: string, judge: Judge) {
    this.#http = http;
    this.#authorization = authorization;
    this.#judge = judge;
  }

  async ofProduct(signal: AbortSignal): Promise<IssuedToken> {
    const { access_token, expires_in } = await this.#grant('token', {}, signal);
    return { token: access_token, expiresInSeconds: expires_in };
  }

  async issue(account: Account, expiresInSeconds: number, signal: AbortSignal): Promise<CustomerToken> {
    const wanted = { scope: `customer=${account.externalId}`, expires_in: String(expiresInSeconds) };
    const { access_token, expires_in } = await this.#grant('issue token', wanted, signal);
    const expiresAt = expires_in > 0 ? new Date(Date.now() + expires_in * 1000) : null;
    return { token: access_token, expiresAt };
  }

  /** The token ends itself, and is then shown again: an address with a token in it could end up in a log. */
  async revoke(token: string, signal: AbortSignal): Promise<Revocation> {
    const path = ['v1', 'access_tokens', 'current'];
    const headers = { authorization: `Bearer ${token}` };
    const isRefused = (method: HttpCall['method']): Promise<boolean> =>
      ask(this.#http, { operation: 'revoke token', method, path, headers, signal }, this.#judge).then(
        () => false,
        (error: unknown) => {
          if (error instanceof ProviderError && error.code === 'UNAUTHENTICATED') return true;
          throw error;
        },
      );
    if (await isRefused('DELETE')) return { wasValid: false, refused: true };
    return { wasValid: true, refused: await isRefused('GET') };
  }

  /** The answer carries a token of the new customer, which is dropped: whoever needs one asks for one. */
  async createCustomer(product: string, email: string, signal: AbortSignal): Promise<void> {
    const path = ['v1', 'products', product, 'customers'];
    const form = { email, no_password: 'true', grant_type: 'client_credentials' };
    const headers = { authorization: this.#authorization };
    const call = { operation: 'create', method: 'POST', path, form, headers, signal } as const;
    read(this.#http, 'create', tokenBody, await ask(this.#http, call, this.#judge));
  }

  async #grant(operation: string, wanted: Record<string, string>, signal: AbortSignal) {
    const form = { grant_type: 'client_credentials', ...wanted };
    const path = ['oauth', 'token'];
    const headers = { authorization: this.#authorization };
    const call = { operation, method: 'POST', path, form, headers, signal } as const;
    return read(this.#http, operation, tokenBody, await ask(this.#http, call, this.#judge));
  }
}
