import { z } from 'zod';
import { accepted, asFound, ask, basic, onlyOf, read, sightingOf } from './answer.ts';
import { BearerToken } from './bearer.ts';
import { ProviderError } from './error.ts';
import type { Http, HttpAnswer, HttpCall } from './http.ts';
import { count, judge, readToken, unwrap, USER_ID, userId } from './onelogin-answers.ts';
import { oneloginSuspension, statusName } from './onelogin-suspension.ts';
import {
  defineProvider,
  type Account,
  type AccountKey,
  type Found,
  type Operations,
  type Suspension,
} from './provider.ts';
import { secretSetting } from './secret.ts';

/** One subdomain, or one of the older regional hosts `api.us` and `api.eu`. What is not TLS is no OneLogin at all. */
const HOST = /^([a-z0-9][a-z0-9-]{0,62}|api\.(us|eu))\.onelogin\.com$/;

function isOneloginHost(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return protocol !== 'https:' || HOST.test(hostname);
}

const settingsSchema = z.strictObject({
  baseUrl: z
    .url()
    .refine(isOneloginHost, 'must be https://<subdomain>.onelogin.com')
    .describe('https://<subdomain>.onelogin.com'),
  clientId: z.string().min(1).describe('Client id of an API credential pair'),
  clientSecret: secretSetting.describe('Client secret of that pair'),
  apiVersion: z
    .union([z.literal(1), z.literal(2)])
    .default(2)
    .describe('Version of the users API and of the token endpoint'),
  bearer: z
    .enum(['bearer ', 'Bearer ', 'bearer:', 'bearer: '])
    .default('bearer ')
    .describe(
      'What stands before the token in the Authorization header; the documentation spells it differently',
    ),
  credentialOwner: z
    .number()
    .int()
    .positive()
    .optional()
    .describe(
      'Id of the user who owns the credential; it is never deleted, for that would lock the gateway out',
    ),
  suspendFirst: z
    .boolean()
    .default(false)
    .describe('Suspend a user, which can be undone, before the delete, which cannot'),
});

type Settings = z.infer<typeof settingsSchema>;

export interface OneloginFacts {
  id: number;
  username: string | null;
  name: string | null;
  status: string | null;
  lastLogin: string | null;
}

const PAGE_SIZE = 50;

const userBody = z.object({
  id: z.number().int(),
  email: z.string().nullish(),
  username: z.string().nullish(),
  firstname: z.string().nullish(),
  lastname: z.string().nullish(),
  status: z.number().nullish(),
  last_login: z.string().nullish(),
  created_at: z.string().nullish(),
});

const appsBody = z.array(z.object({ id: z.number(), name: z.string() }));
const usersBody = z.array(userBody);
/** Version 2 answers nothing, version 1 its status; either has been seen to answer as the other. */
const deletedBody = z.union([z.undefined(), z.object({ status: z.object({ error: z.literal(false) }) })]);
const oneUser = z.union([userBody.transform((user) => [user]), usersBody.min(1)]);

function accountOf(user: z.infer<typeof userBody>): Account<OneloginFacts> {
  const { id, email = null, username = null, firstname, lastname, last_login = null } = user;
  const status = user.status == null ? null : statusName(user.status);
  const name = [firstname, lastname].filter(Boolean).join(' ') || null;
  const facts = { id, username, name, status, lastLogin: last_login };
  return { externalId: String(id), identity: `${id} ${user.created_at ?? ''}`.trim(), email, facts };
}

const OWNER =
  'This user owns the credential that the gateway uses here; without it the gateway is locked out';

class Onelogin implements Operations<OneloginFacts> {
  readonly #settings: Settings;
  readonly #http: Http;
  readonly #bearer: BearerToken;
  readonly prepare: Operations<OneloginFacts>['prepare'];
  readonly details = {
    apps: (accounts: readonly Account<OneloginFacts>[], signal: AbortSignal) =>
      Promise.all(accounts.map((account) => this.#appsOf(account, signal))),
  };

  readonly suspension: Suspension<OneloginFacts>;

  constructor(settings: Settings, http: Http) {
    this.#settings = settings;
    this.#http = http;
    this.#bearer = new BearerToken(http.provider, (signal) => this.#token(signal));
    this.suspension = oneloginSuspension(http, (call) => this.#send(call));
    if (settings.suspendFirst) this.prepare = this.suspension.suspend;
  }

  async find(keys: readonly AccountKey[], signal: AbortSignal): Promise<Found<OneloginFacts>[]> {
    const ids = keys
      .filter((key) => key.kind === 'USER_ID' && USER_ID.test(key.value))
      .map((key) => key.value);
    const batched = this.#settings.apiVersion === 2 && ids.length > 1;
    const byId = batched ? await this.#findBatch(ids, signal) : new Map<string, Found<OneloginFacts>>();
    const ask = ({ kind, value }: AccountKey) =>
      kind === 'EMAIL' ? this.#findByEmail(value, signal) : this.#findById(value, signal);
    return Promise.all(keys.map(async (key) => byId.get(key.value) ?? (await ask(key).catch(asFound))));
  }

  async list(cursor: string | null, signal: AbortSignal) {
    const name = this.#settings.apiVersion === 1 ? 'after_cursor' : 'cursor';
    const operation = 'list';
    const page = await this.#users(operation, cursor ? { [name]: cursor } : { limit: PAGE_SIZE }, signal);
    if (cursor !== null && page.cursor === cursor) {
      const reason = 'the page leads to itself';
      throw new ProviderError('UNEXPECTED_RESPONSE', { provider: this.#http.provider, operation, reason });
    }
    return { accounts: page.users.map(accountOf), next: page.cursor };
  }

  async inspect(account: Account<OneloginFacts>, signal: AbortSignal) {
    const apps = await this.#appsOf(account, signal);
    const names = apps.map((app) => app.name);
    const message = `Access to ${apps.length} apps ends`;
    const sideEffects = apps.length > 0 ? [{ code: 'APPS', message, count: apps.length, names }] : [];
    return { sideEffects, warnings: [] };
  }

  blockers(account: Account<OneloginFacts>) {
    return this.#isOwner(account) ? [{ code: 'CREDENTIAL_OWNER', message: OWNER }] : [];
  }

  async delete(account: Account<OneloginFacts>, signal: AbortSignal) {
    const operation = 'delete';
    if (this.#isOwner(account)) {
      throw new ProviderError('CONFLICT', { provider: this.#http.provider, operation, reason: OWNER });
    }
    const path = ['users', userId(this.#http, operation, account.externalId)];
    const answer = await this.#send({ operation, method: 'DELETE', path, signal });
    read(this.#http, operation, deletedBody, answer);
    return { deletedAt: null };
  }

  async verify(account: Account<OneloginFacts>, signal: AbortSignal) {
    return sightingOf(await this.#findById(account.externalId, signal), account);
  }

  async check(signal: AbortSignal) {
    const call = { operation: 'check', method: 'GET', path: ['users'], query: { limit: 1 }, signal } as const;
    const answer = await this.#send(call);
    unwrap(this.#http, 'check', this.#settings.apiVersion, usersBody, answer);
    const why =
      'the provider does not tell the scope of a credential; deleting takes Manage users or Manage All';
    const rateLimitLeft = count(answer, 'x-ratelimit-remaining');
    return { ...accepted(answer, { mayDelete: null, why }), rateLimitLeft };
  }

  async #findBatch(ids: readonly string[], signal: AbortSignal): Promise<Map<string, Found<OneloginFacts>>> {
    const answers = new Map<string, Found<OneloginFacts>>();
    const askChunk = async (chunk: readonly string[]): Promise<void> => {
      const query = { user_ids: chunk.join(','), limit: PAGE_SIZE };
      const found = await this.#users('find', query, signal).catch(asFound);
      for (const id of chunk) {
        const accounts =
          'users' in found ? found.users.filter((user) => String(user.id) === id).map(accountOf) : found;
        answers.set(id, accounts);
      }
    };
    const chunks = Math.ceil(ids.length / PAGE_SIZE);
    await Promise.all(
      Array.from({ length: chunks }, (_, i) => askChunk(ids.slice(i * PAGE_SIZE, (i + 1) * PAGE_SIZE))),
    );
    return answers;
  }

  async #findById(id: string, signal: AbortSignal): Promise<Account<OneloginFacts>[]> {
    try {
      const path = ['users', userId(this.#http, 'find', id)];
      const call = { operation: 'find', method: 'GET' as const, path, signal };
      const { data } = await this.#read(call, oneUser);
      return onlyOf(this.#http, id, data.map(accountOf));
    } catch (error) {
      if (asFound(error).code === 'NOT_FOUND') return [];
      throw error;
    }
  }

  /** The filter takes wildcards, so only exact matches of what came back are believed. */
  async #findByEmail(email: string, signal: AbortSignal): Promise<Account<OneloginFacts>[]> {
    const { users } = await this.#users('find by e-mail', { email }, signal);
    return users.filter((user) => user.email?.toLowerCase() === email.toLowerCase()).map(accountOf);
  }

  async #users(operation: string, query: Record<string, string | number>, signal: AbortSignal) {
    const call = { operation, method: 'GET' as const, path: ['users'], query, signal };
    const { data, cursor } = await this.#read(call, usersBody);
    return { users: data, cursor };
  }

  async #appsOf(
    account: Account<OneloginFacts>,
    signal: AbortSignal,
  ): Promise<{ id: number; name: string }[]> {
    const path = ['users', userId(this.#http, 'apps', account.externalId), 'apps'];
    return (await this.#read({ operation: 'apps', method: 'GET', path, signal }, appsBody)).data;
  }

  #isOwner({ externalId }: Account<OneloginFacts>): boolean {
    return Number(externalId) === this.#settings.credentialOwner;
  }

  async #read<T>(call: HttpCall, schema: z.ZodType<T>): Promise<{ data: T; cursor: string | null }> {
    return unwrap(this.#http, call.operation, this.#settings.apiVersion, schema, await this.#send(call));
  }

  #send(call: HttpCall): Promise<HttpAnswer> {
    const { apiVersion, bearer } = this.#settings;
    const path = ['api', String(apiVersion), ...call.path];
    return this.#bearer.use(call.signal, (token) =>
      ask(this.#http, { ...call, path, headers: { authorization: `${bearer}${token}` } }, judge),
    );
  }

  async #token(signal: AbortSignal) {
    const { clientId, clientSecret, apiVersion } = this.#settings;
    const call: HttpCall = {
      operation: 'token',
      method: 'POST',
      path: ['auth', 'oauth2', ...(apiVersion === 2 ? ['v2'] : []), 'token'],
      headers: { authorization: basic(clientId, clientSecret) },
      json: { grant_type: 'client_credentials' },
      signal,
    };
    const { access_token, expires_in } = readToken(this.#http, await ask(this.#http, call, judge));
    return { token: access_token, expiresInSeconds: expires_in };
  }
}

/** OneLogin users: developers.onelogin.com/api-docs/1 and /2. */
export const onelogin = defineProvider<Settings, OneloginFacts>({
  id: 'ONELOGIN',
  settings: settingsSchema,
  baseUrl: (settings) => settings.baseUrl,
  manifest: ({ apiVersion }) => ({
    keys: [
      { kind: 'USER_ID', pattern: USER_ID, batch: apiVersion === 2 ? PAGE_SIZE : 1 },
      { kind: 'EMAIL', pattern: /^[^\s*!]{1,254}$/u, batch: 1 },
    ],
    externalIdKind: 'USER_ID',
    leaves: 'REMOVED',
    deletion: 'ASYNCHRONOUS',
    canRefuse: false,
    anchor: true,
    verification: { waitsMs: [0, 1_000, 5_000, 30_000, 120_000, 600_000] },
    sideEffects: ['Single sign-on ends for every app of the user'],
    credentialScopes: ['Manage users', 'Manage All'],
    rateLimit: { requests: 5_000, perSeconds: 3_600 },
  }),
  connect: (settings, http) => new Onelogin(settings, http),
});
