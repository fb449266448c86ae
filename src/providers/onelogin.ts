import { z } from 'zod';
import { asFound, ask, codeOfStatus, read, sightingOf, type Verdict } from './answer.ts';
import { BearerToken } from './bearer.ts';
import type { Http, HttpAnswer, HttpCall } from './http.ts';
import { defineProvider, type Account, type AccountKey, type Found, type Operations } from './provider.ts';
import { Secret } from './secret.ts';

const settingsSchema = z.strictObject({
  baseUrl: z.url().describe('https://<subdomain>.onelogin.com'),
  clientId: z.string().min(1).describe('Client id of an API credential pair'),
  clientSecret: z.instanceof(Secret).describe('Client secret of that pair'),
  apiVersion: z
    .union([z.literal(1), z.literal(2)])
    .default(2)
    .describe('Version of the users API'),
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

/** User status by its number. There is no 6. Source: developers.onelogin.com/api-docs/2/users/user-resource. */
const STATUS: Record<number, string> = {
  0: 'unactivated',
  1: 'active',
  2: 'suspended',
  3: 'locked',
  4: 'password expired',
  5: 'awaiting password reset',
  7: 'password pending',
  8: 'security questions required',
};

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
const tokenBody = z.object({ access_token: z.string(), expires_in: z.number().default(36_000) });
const paginationBody = z.object({ after_cursor: z.string().nullish() }).optional();

const errorBody = z
  .object({
    statusCode: z.number(),
    message: z.string(),
    description: z.string(),
    status: z.union([
      z.number(),
      z.object({ code: z.number(), message: z.union([z.string(), z.object({ description: z.string() })]) }),
    ]),
  })
  .partial();

/**
 * Version 1 puts its meaning into `status.message`, version 2 into `message` or `description`. A missing header is a
 * 400, a weak scope a 401, the hourly quota a 400.
 */
function judge(answer: HttpAnswer, method: HttpCall['method']): Verdict {
  const { message, description, status } = errorBody.safeParse(answer.body).data ?? {};
  const inner = typeof status === 'object' ? status.message : undefined;
  const reason = message ?? description ?? (typeof inner === 'object' ? inner.description : inner);
  if (reason === 'rate_limit_exceeded' || answer.status === 429) {
    const seconds = Number(answer.headers['x-ratelimit-reset'] ?? 60);
    return { code: 'RATE_LIMITED', reason, retryAt: new Date(Date.now() + seconds * 1000) };
  }
  if (reason === 'Insufficient Permission') return { code: 'FORBIDDEN', reason };
  if (reason === 'Authorization Information is incorrect') return { code: 'UNAUTHENTICATED', reason };
  const ownForm = reason !== undefined && reason !== 'No Route Exists';
  return { code: codeOfStatus(answer.status, method, ownForm), reason };
}

function accountOf(user: z.infer<typeof userBody>): Account<OneloginFacts> {
  const { id, email = null, username = null, firstname, lastname, last_login = null } = user;
  const status = user.status == null ? null : (STATUS[user.status] ?? String(user.status));
  const name = [firstname, lastname].filter(Boolean).join(' ') || null;
  const facts = { id, username, name, status, lastLogin: last_login };
  return { externalId: String(id), identity: `${id} ${user.created_at ?? ''}`.trim(), email, facts };
}

class Onelogin implements Operations<OneloginFacts> {
  readonly #settings: Settings;
  readonly #http: Http;
  readonly #bearer: BearerToken;
  readonly details = {
    apps: (accounts: readonly Account<OneloginFacts>[], signal: AbortSignal) =>
      Promise.all(accounts.map((account) => this.#appsOf(account, signal))),
  };

  constructor(settings: Settings, http: Http) {
    this.#settings = settings;
    this.#http = http;
    this.#bearer = new BearerToken(http.provider, (signal) => this.#token(signal));
  }

  async find(keys: readonly AccountKey[], signal: AbortSignal): Promise<Found<OneloginFacts>[]> {
    const ids = keys.filter((key) => key.kind === 'USER_ID').map((key) => key.value);
    const batched = this.#settings.apiVersion === 2 && ids.length > 1;
    const byId = batched ? await this.#findBatch(ids, signal) : new Map<string, Found<OneloginFacts>>();
    const ask = ({ kind, value }: AccountKey) =>
      kind === 'EMAIL' ? this.#findByEmail(value, signal) : this.#findById(value, signal);
    return Promise.all(keys.map(async (key) => byId.get(key.value) ?? (await ask(key).catch(asFound))));
  }

  async *list(signal: AbortSignal): AsyncGenerator<Account<OneloginFacts>> {
    let query: Record<string, string | number> | null = { limit: PAGE_SIZE };
    const seen = new Set<string>();
    while (query) {
      const { users, cursor } = await this.#users('list', query, signal);
      yield* users.map(accountOf);
      if (cursor && seen.has(cursor)) return;
      if (cursor) seen.add(cursor);
      query = cursor ? { [this.#settings.apiVersion === 1 ? 'after_cursor' : 'cursor']: cursor } : null;
    }
  }

  async inspect(account: Account<OneloginFacts>, signal: AbortSignal) {
    const apps = await this.#appsOf(account, signal);
    const names = apps.map((app) => app.name);
    const message = `Access to ${apps.length} apps ends`;
    const sideEffects = apps.length > 0 ? [{ code: 'APPS', message, count: apps.length, names }] : [];
    return { sideEffects, blockers: [], warnings: [] };
  }

  async delete(account: Account<OneloginFacts>, signal: AbortSignal) {
    const path = ['users', account.externalId];
    const answer = await this.#send({ operation: 'delete', method: 'DELETE', path, signal });
    if (this.#settings.apiVersion === 1) {
      read(this.#http, 'delete', z.object({ status: z.object({ error: z.literal(false) }) }), answer);
    }
    return { deletedAt: null };
  }

  async verify(account: Account<OneloginFacts>, signal: AbortSignal) {
    return sightingOf(await this.#findById(account.externalId, signal), account);
  }

  async check(signal: AbortSignal): Promise<void> {
    await this.#users('check', { limit: 1 }, signal);
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
      const call = { operation: 'find', method: 'GET' as const, path: ['users', id], signal };
      const { data } = await this.#read(
        call,
        z.union([userBody.transform((user) => [user]), z.array(userBody)]),
      );
      return data.map(accountOf);
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
    const { data, cursor } = await this.#read(call, z.array(userBody));
    return { users: data, cursor };
  }

  async #appsOf(
    account: Account<OneloginFacts>,
    signal: AbortSignal,
  ): Promise<{ id: number; name: string }[]> {
    const path = ['users', account.externalId, 'apps'];
    return (await this.#read({ operation: 'apps', method: 'GET', path, signal }, appsBody)).data;
  }

  /** Version 1 wraps the data and puts the cursor beside it; version 2 sends it bare, with the cursor in a header. */
  async #read<T>(call: HttpCall, schema: z.ZodType<T>): Promise<{ data: T; cursor: string | null }> {
    const answer = await this.#send(call);
    if (this.#settings.apiVersion === 1) {
      const body = read(
        this.#http,
        call.operation,
        z.object({ data: schema, pagination: paginationBody }),
        answer,
      );
      return { data: body.data, cursor: body.pagination?.after_cursor ?? null };
    }
    const cursor = answer.headers['after-cursor'];
    const data = read(this.#http, call.operation, schema, answer);
    return { data, cursor: typeof cursor === 'string' && cursor !== 'null' && cursor !== '' ? cursor : null };
  }

  #send(call: HttpCall): Promise<HttpAnswer> {
    const path = ['api', String(this.#settings.apiVersion), ...call.path];
    return this.#bearer.use((token) =>
      ask(this.#http, { ...call, path, headers: { authorization: `bearer ${token}` } }, judge),
    );
  }

  async #token(signal: AbortSignal) {
    const { clientId, clientSecret } = this.#settings;
    const credentials = Buffer.from(`${clientId}:${clientSecret.reveal()}`).toString('base64');
    const call: HttpCall = {
      operation: 'token',
      method: 'POST',
      path: ['auth', 'oauth2', 'v2', 'token'],
      headers: { authorization: `Basic ${credentials}` },
      json: { grant_type: 'client_credentials' },
      signal,
    };
    const { access_token, expires_in } = read(
      this.#http,
      'token',
      tokenBody,
      await ask(this.#http, call, judge),
    );
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
      { kind: 'USER_ID', pattern: /^[1-9]\d{0,17}$/, batch: apiVersion === 2 ? PAGE_SIZE : 1 },
      { kind: 'EMAIL', pattern: /^[^\s*!]{1,254}$/u, batch: 1 },
    ],
    externalIdKind: 'USER_ID',
    canList: true,
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
