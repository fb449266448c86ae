import { z } from 'zod';
import {
  accepted,
  asFound,
  ask,
  basic,
  codeOfStatus,
  onlyOf,
  pageNumber,
  read,
  type Verdict,
} from './answer.ts';
import { BearerToken } from './bearer.ts';
import type { ProviderError } from './error.ts';
import type { Http, HttpAnswer, HttpCall } from './http.ts';
import { learnSuspension } from './learn-suspension.ts';
import { defineProvider, type Account, type AccountKey, type Operations } from './provider.ts';
import { secretSetting } from './secret.ts';

const ENVIRONMENTS = {
  PRODUCTION: 'https://public.api.learn.link',
  STAGING: 'https://public.api.learnstaging.link',
  PRODUCTION_MEA: 'https://public.api.mea.learn.tech',
  STAGING_MEA: 'https://public.api.meastaging.learn.tech',
} as const;

const settingsSchema = z.strictObject({
  environment: z
    .enum(Object.keys(ENVIRONMENTS) as [keyof typeof ENVIRONMENTS])
    .default('PRODUCTION')
    .describe('Environment of the tenant'),
  baseUrl: z.url().optional().describe('Host by URL, in place of an environment'),
  tenantId: z.string().min(1).describe('Tenant id, such as eu-west-2_AbcdEfghI'),
  apiSecret: secretSetting.describe('API secret of the tenant'),
  auth: z.enum(['BASIC', 'OAUTH2']).default('BASIC').describe('HTTP Basic, or OAuth 2.0 client credentials'),
  clientId: z.string().min(1).optional().describe('OAuth client id, where it is not the tenant id'),
  scope: z
    .string()
    .min(1)
    .optional()
    .describe('OAuth scopes to ask for; without it the credential has its own'),
  mayBeSuspended: z
    .boolean()
    .default(false)
    .describe(
      'Users may be suspended until their deletion. How to undo that is not documented: try it with the tenant first',
    ),
});

type Settings = z.infer<typeof settingsSchema>;

export interface LearnFacts {
  /** The internal id. It survives the deletion, so that the redaction can be looked at. */
  id: string;
  name: string | null;
  role: string | null;
  status: string | null;
  /** How many positions the person holds in the organisation. */
  positions: number;
}

const DELETE_SCOPES = ['api/write', 'api/all'];
const PAGE_SIZE = 1_000;
/** From this many refs on, paging through the tenant may be cheaper than asking one by one. */
const LIST_FROM = 10;

const userBody = z.object({
  id: z.string(),
  ref: z.string().nullish(),
  email: z.string().nullish(),
  firstName: z.string().nullish(),
  lastName: z.string().nullish(),
  role: z.string().nullish(),
  status: z.string().nullish(),
  positions: z.array(z.unknown()).nullish(),
  deleted: z.boolean().optional(),
});

const pageBody = z.object({ results: z.array(userBody), pagination: z.object({ totalPages: z.number() }) });
const tokenBody = z.object({
  access_token: z.string(),
  expires_in: z.number().default(3600),
  scope: z.string().optional(),
});
/** Some deletes answer with an empty body. */
const deletedBody = z.union([z.object({ success: z.literal(true) }), z.undefined()]);

const flat = z.object({ status: z.number(), error: z.string(), message: z.unknown().optional() });
const errorBody = z.union([
  flat,
  z.object({ error: flat }).transform((body) => body.error),
  z.object({ message: flat.partial({ error: true }) }).transform((body) => body.message),
]);

/** The delete's page lists 400 and no 404, so an unknown ref may come under either. */
const NO_USER = /\buser not found/i;

/** Three shapes: flat, an event envelope with the detail under `error`, and one with it under `message`. */
function judge(answer: HttpAnswer, method: HttpCall['method']): Verdict {
  const body = errorBody.safeParse(answer.body).data;
  const reason = typeof body?.message === 'string' ? body.message : body?.error;
  const code = NO_USER.test(reason ?? '') ? 'NOT_FOUND' : codeOfStatus(answer.status, method, reason);
  return { code, reason };
}

function accountOf(user: z.infer<typeof userBody>): Account<LearnFacts>[] {
  const { id, ref, email = null, firstName, lastName, role = null, status = null, positions } = user;
  if (user.deleted || !ref) return [];
  const name = [firstName, lastName].filter(Boolean).join(' ') || null;
  const facts = { id, name, role, status, positions: positions?.length ?? 0 };
  return [{ externalId: ref, identity: id, email, facts }];
}

class Learn implements Operations<LearnFacts> {
  readonly #settings: Settings;
  readonly #http: Http;
  readonly #bearer: BearerToken;
  /** Size of the tenant in pages, as last seen; one until it was. */
  #pages = 1;
  readonly details = {};
  readonly suspension: Operations<LearnFacts>['suspension'];

  constructor(settings: Settings, http: Http) {
    this.#settings = settings;
    this.#http = http;
    this.#bearer = new BearerToken(http.provider, (signal) => this.#token(signal));
    if (settings.mayBeSuspended) this.suspension = learnSuspension(http, (call) => this.#send(call));
  }

  async find(
    keys: readonly AccountKey[],
    signal: AbortSignal,
  ): Promise<(Account<LearnFacts>[] | ProviderError)[]> {
    const listed = keys.length >= LIST_FROM && this.#pages < keys.length;
    const known = listed ? await this.#findInPages(keys, signal) : new Map<string, Account<LearnFacts>[]>();
    return Promise.all(
      keys.map(async ({ value }) => known.get(value) ?? (await this.#findOne(value, signal).catch(asFound))),
    );
  }

  async list(cursor: string | null, signal: AbortSignal) {
    const page = pageNumber(this.#http, cursor);
    const users = await this.#page(page, signal);
    return { accounts: users.flatMap(accountOf), next: page < this.#pages ? String(page + 1) : null };
  }

  async inspect() {
    const message =
      'Training history and activity stay, no longer linked to the person, and cannot be linked again';
    return { sideEffects: [], warnings: [{ code: 'HISTORY_STAYS', message }] };
  }

  async delete(account: Account<LearnFacts>, signal: AbortSignal) {
    const path = ['v2', 'users', 'ref', account.externalId];
    const answer = await this.#send({ operation: 'delete', method: 'DELETE', path, signal });
    read(this.#http, 'delete', deletedBody, answer);
    return { deletedAt: null };
  }

  /** The ref goes with the deletion and may come back with another person: only the internal id tells. */
  async verify(account: Account<LearnFacts>, signal: AbortSignal) {
    const path = ['v1', 'user', account.facts.id];
    try {
      const answer = await this.#send({ operation: 'verify', method: 'GET', path, signal });
      const user = read(this.#http, 'verify', userBody, answer);
      if (user.id !== account.facts.id) return 'UNKNOWN' as const;
      const named = user.ref || user.email || user.firstName || user.lastName;
      return named || !user.deleted ? ('PRESENT' as const) : ('REDACTED' as const);
    } catch (error) {
      if (asFound(error).code === 'NOT_FOUND') return 'ABSENT' as const;
      throw error;
    }
  }

  async check(signal: AbortSignal) {
    const query = { page: 1, perPage: 1 };
    const call = { operation: 'check', method: 'GET', path: ['v1', 'users'], query, signal } as const;
    const answer = await this.#send(call);
    read(this.#http, 'check', pageBody, answer);
    return accepted(answer, await this.#permission(signal));
  }

  /** Only the token endpoint tells scopes. */
  async #permission(signal: AbortSignal): Promise<{ mayDelete: boolean | null; why: string | null }> {
    const scopes = this.#settings.auth === 'OAUTH2' ? await this.#bearer.scopes(signal) : undefined;
    if (!scopes) return { mayDelete: null, why: 'the provider does not tell the scope of this credential' };
    const mayDelete = DELETE_SCOPES.some((scope) => scopes.includes(scope));
    return { mayDelete, why: mayDelete ? null : `the token lacks the scope ${DELETE_SCOPES.join(' or ')}` };
  }

  /** Gives up, with what it has, when the tenant turns out larger than asking one by one would cost. */
  async #findInPages(
    keys: readonly AccountKey[],
    signal: AbortSignal,
  ): Promise<Map<string, Account<LearnFacts>[]>> {
    const wanted = new Set(keys.map((key) => key.value));
    const found = new Map<string, Account<LearnFacts>[]>();
    for (let page = 1; page === 1 || page <= this.#pages; page++) {
      for (const account of (await this.#page(page, signal)).flatMap(accountOf)) {
        if (wanted.delete(account.externalId)) found.set(account.externalId, [account]);
      }
      if (wanted.size === 0 || this.#pages > keys.length) return found;
    }
    for (const ref of wanted) found.set(ref, []);
    return found;
  }

  async #findOne(ref: string, signal: AbortSignal): Promise<Account<LearnFacts>[]> {
    try {
      const path = ['v1', 'users', 'ref', ref];
      const answer = await this.#send({ operation: 'find', method: 'GET', path, signal });
      return onlyOf(this.#http, ref, accountOf(read(this.#http, 'find', userBody, answer)));
    } catch (error) {
      if (asFound(error).code === 'NOT_FOUND') return [];
      throw error;
    }
  }

  async #page(page: number, signal: AbortSignal) {
    const query = { page, perPage: PAGE_SIZE };
    const call = { operation: 'list', method: 'GET', path: ['v1', 'users'], query, signal } as const;
    const { results, pagination } = read(this.#http, 'list', pageBody, await this.#send(call));
    this.#pages = pagination.totalPages;
    return results;
  }

  async #send(call: HttpCall): Promise<HttpAnswer> {
    const path = ['rest', ...call.path];
    const send = (authorization: string) =>
      ask(this.#http, { ...call, path, headers: { authorization } }, judge);
    if (this.#settings.auth === 'OAUTH2')
      return this.#bearer.use(call.signal, (token) => send(`Bearer ${token}`));
    return send(basic(this.#settings.tenantId, this.#settings.apiSecret));
  }

  async #token(signal: AbortSignal) {
    const { tenantId, clientId = tenantId, apiSecret, scope } = this.#settings;
    const form = {
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: apiSecret.reveal(),
      ...(scope && { scope }),
    };
    const path = ['oauth2', 'token', tenantId];
    const answer = await ask(this.#http, { operation: 'token', method: 'POST', path, form, signal }, judge);
    const body = read(this.#http, 'token', tokenBody, answer);
    return { token: body.access_token, expiresInSeconds: body.expires_in, scopes: body.scope?.split(' ') };
  }
}

/** Learn users: docs.thrivelearning.com/apidocs. Reads are on v1, writes on v2. */
export const learn = defineProvider<Settings, LearnFacts>({
  id: 'LEARN',
  settings: settingsSchema,
  baseUrl: ({ baseUrl, environment }) => baseUrl ?? ENVIRONMENTS[environment],
  manifest: () => ({
    keys: [{ kind: 'REF', pattern: /^[^\p{Cc}]{1,255}$/u, batch: PAGE_SIZE }],
    externalIdKind: 'REF',
    leaves: 'REDACTED',
    deletion: 'SYNCHRONOUS',
    canRefuse: false,
    anchor: false,
    verification: { waitsMs: [0, 1_000, 5_000, 30_000] },
    sideEffects: ['Name, e-mail, ref and similar identifiers are deleted; the training history stays'],
    credentialScopes: DELETE_SCOPES,
    rateLimit: null,
  }),
  connect: (settings, http) => new Learn(settings, http),
});
