import { z } from 'zod';
import { asFound, ask, codeOfStatus, onlyOf, read, sightingOf, type Verdict } from './answer.ts';
import type { Http, HttpAnswer, HttpCall } from './http.ts';
import { defineProvider, type Account, type AccountKey, type Operations } from './provider.ts';
import { secretSetting, type Secret } from './secret.ts';

const settingsSchema = z.strictObject({
  baseUrl: z.url().describe('Origin of the reseller API; the vendor names two hosts'),
  token: secretSetting.describe('JWT of a reseller account with role ADMIN, MASTER or RESALE'),
  lookup: z
    .boolean()
    .default(false)
    .describe('Whether GET /customer/{userID} exists. The vendor documents the delete alone, so this is off'),
});

type Settings = z.infer<typeof settingsSchema>;

export interface VpnFacts {
  /** Null where the provider does not say. */
  activeSubscription: boolean | null;
}

const customerBody = z.object({
  success: z.literal(true),
  customer: z.object({
    userId: z.string(),
    email: z.string().nullish(),
    activeSubscription: z.boolean().nullish(),
    createdAt: z.string().nullish(),
    deletedAt: z.string().nullish(),
  }),
});

const deletedBody = z.object({ success: z.literal(true), deletedAt: z.string().nullish() });

const errorBody = z
  .object({
    message: z.union([z.string(), z.array(z.string()).transform((all) => all.join('; '))]),
    error: z.string(),
  })
  .partial();

/** Only the statuses are documented, so the bodies are read leniently. */
function judge(answer: HttpAnswer, method: HttpCall['method']): Verdict {
  const { message, error } = errorBody.safeParse(answer.body).data ?? {};
  const reason = message ?? error;
  return { code: codeOfStatus(answer.status, method, reason), reason };
}

const EXPIRY_WARNING_MS = 14 * 24 * 3_600_000;
/** A user id that no vendor gives out. */
const NOBODY = 'customer-gateway-check';

/** When a JWT ends, by its `exp` claim (RFC 7519, section 4.1.4). Not a check: only the provider can check it. */
function expiryOf(token: Secret): Date | null {
  try {
    const payload: unknown = JSON.parse(
      Buffer.from(token.reveal().split('.')[1] ?? '', 'base64url').toString(),
    );
    const { exp } = z.object({ exp: z.number() }).parse(payload);
    return new Date(exp * 1000);
  } catch {
    return null;
  }
}

function tokenWarning(expiry: Date | null): string {
  if (!expiry) return 'the token does not say when it ends, nor what it may do';
  const day = expiry.toISOString().slice(0, 10);
  if (expiry.getTime() <= Date.now()) return `the token ended on ${day}`;
  if (expiry.getTime() <= Date.now() + EXPIRY_WARNING_MS) return `the token ends soon, on ${day}`;
  return `the token ends on ${day} and does not say what it may do`;
}

class Vpn implements Operations<VpnFacts> {
  readonly #http: Http;
  readonly #token: Secret;
  readonly #lookup: boolean;
  readonly details = {};

  constructor({ token, lookup }: Settings, http: Http) {
    this.#http = http;
    this.#token = token;
    this.#lookup = lookup;
  }

  find(keys: readonly AccountKey[], signal: AbortSignal) {
    return Promise.all(keys.map(({ value }) => this.#findOne(value, signal).catch(asFound)));
  }

  async inspect() {
    return { sideEffects: [], warnings: [] };
  }

  blockers({ facts }: Account<VpnFacts>) {
    const message = 'The customer has an active subscription; end it first, or the provider refuses';
    return facts.activeSubscription === true ? [{ code: 'ACTIVE_SUBSCRIPTION', message }] : [];
  }

  async delete(account: Account<VpnFacts>, signal: AbortSignal) {
    const answer = await this.#send('delete', 'DELETE', account.externalId, signal);
    return { deletedAt: read(this.#http, 'delete', deletedBody, answer).deletedAt ?? null };
  }

  async verify(account: Account<VpnFacts>, signal: AbortSignal) {
    return sightingOf(await this.#findOne(account.externalId, signal), account);
  }

  /** There is no documented call that only reads, so without the lookup just the token's own words are known. */
  async check(signal: AbortSignal) {
    const expiry = expiryOf(this.#token);
    const known = { mayDelete: null, why: tokenWarning(expiry), rateLimitLeft: null, clockSkewMs: null };
    if (expiry && expiry.getTime() <= Date.now())
      return { ...known, reachable: null, authenticated: false, mayDelete: false };
    if (!this.#lookup) return { ...known, reachable: null, authenticated: null };
    await this.#findOne(NOBODY, signal);
    return { ...known, reachable: true, authenticated: true };
  }

  async #findOne(userId: string, signal: AbortSignal): Promise<Account<VpnFacts>[]> {
    try {
      const { customer } = read(
        this.#http,
        'find',
        customerBody,
        await this.#send('find', 'GET', userId, signal),
      );
      if (customer.deletedAt) return [];
      const { email = null, createdAt = null, activeSubscription = null } = customer;
      const account = {
        externalId: customer.userId,
        identity: createdAt,
        email,
        facts: { activeSubscription },
      };
      return onlyOf(this.#http, userId, [account]);
    } catch (error) {
      if (asFound(error).code === 'NOT_FOUND') return [];
      throw error;
    }
  }

  #send(
    operation: string,
    method: 'GET' | 'DELETE',
    userId: string,
    signal: AbortSignal,
  ): Promise<HttpAnswer> {
    const headers = { authorization: `Bearer ${this.#token.reveal()}`, 'content-type': 'application/json' };
    return ask(this.#http, { operation, method, path: ['customer', userId], headers, signal }, judge);
  }
}

/** VPN reseller customers: docs.myidvirtual.com/api-reference/customers/delete. Deletion is soft. */
export const vpn = defineProvider<Settings, VpnFacts>({
  id: 'VPN',
  settings: settingsSchema,
  baseUrl: (settings) => settings.baseUrl,
  manifest: ({ lookup }) => ({
    keys: lookup ? [{ kind: 'USER_ID', pattern: /^\S{1,128}$/u, batch: 1 }] : [],
    externalIdKind: 'USER_ID',
    leaves: 'SOFT_DELETED',
    deletion: 'SYNCHRONOUS',
    canRefuse: true,
    anchor: false,
    verification: lookup ? { waitsMs: [0, 1_000, 5_000, 30_000] } : null,
    sideEffects: [
      'Running VPN sessions end and device connections are revoked',
      'The provider may send the customer an e-mail',
      'The record is marked deleted and kept for audit; transactions and logs stay as its retention policy says',
    ],
    credentialScopes: ['role ADMIN, MASTER, or RESALE over its own customers'],
    rateLimit: null,
  }),
  connect: (settings, http) => new Vpn(settings, http),
});
