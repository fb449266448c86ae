import { z } from 'zod';
import { accepted, ask, basic, pageNumber, read, sightingOf } from './answer.ts';
import { BearerToken } from './bearer.ts';
import type { Http, HttpAnswer, HttpCall } from './http.ts';
import { PagedCopy, type Page } from './paged-copy.ts';
import { judge } from './particle-answers.ts';
import { ParticleTokens } from './particle-tokens.ts';
import { defineProvider, type Account, type AccountKey, type Age, type Operations } from './provider.ts';
import { secretSetting } from './secret.ts';

const settingsSchema = z
  .strictObject({
    baseUrl: z.url().default('https://api.particle.io').describe('Origin of the Particle cloud'),
    product: z.string().min(1).describe('Product id or slug'),
    clientId: z.string().min(1).optional().describe('Id of a two-legged OAuth client made in the product'),
    clientSecret: secretSetting.optional().describe('Secret of that client'),
    accessToken: secretSetting
      .optional()
      .describe('Token of an API user of the product, in place of a client; creates no customers and tokens'),
    unclaimDevices: z
      .boolean()
      .default(true)
      .describe("Unclaim the customer's devices before the customer is deleted"),
    listAgeSeconds: z
      .number()
      .min(0)
      .max(3_600)
      .default(60)
      .describe('How old the copy of the customer list may be for looking; a deletion always reads anew'),
  })
  .refine((s) => (s.accessToken ? !s.clientId && !s.clientSecret : s.clientId && s.clientSecret), {
    path: ['clientId'],
    message: 'give clientId and clientSecret, or accessToken',
  })
  /* The refinement above, for editors. */
  .meta({
    oneOf: [{ required: ['clientId', 'clientSecret'] }, { required: ['accessToken'] }],
    dependencies: { clientId: ['clientSecret'], clientSecret: ['clientId'] },
  });

type Settings = z.infer<typeof settingsSchema>;

export interface ParticleFacts {
  /** The e-mail address or other identifier that the customer was created with. */
  username: string;
}

/** A device that the customer has claimed. */
export interface ParticleDevice {
  id: string;
  online: boolean;
}

const PAGE_SIZE = 100;
const REMOVE_SCOPE = 'customers:remove';

const customerRow = z.object({ id: z.string(), username: z.string() });
const deviceRow = z.object({
  id: z.string(),
  owner: z.string().nullish(),
  online: z.boolean().nullish().default(false),
});
const meta = z.object({ total_pages: z.number(), total: z.number().optional() }).optional();
const customerPage = z.object({ customers: z.array(customerRow), meta });
const devicePage = z.object({ devices: z.array(deviceRow), meta });
const tokenBody = z.object({ scopes: z.array(z.string()).default([]) });

const accountOf = ({ id, username }: z.infer<typeof customerRow>): Account<ParticleFacts> => {
  const email = username.includes('@') ? username : null;
  return { externalId: username, identity: id, email, facts: { username } };
};

class Particle implements Operations<ParticleFacts> {
  readonly #settings: Settings;
  readonly #http: Http;
  readonly #bearer: BearerToken;
  readonly #customers: PagedCopy<z.infer<typeof customerRow>>;
  readonly #devices: PagedCopy<z.infer<typeof deviceRow>>;
  readonly tokens: ParticleTokens | undefined;
  readonly create: Operations<ParticleFacts>['create'];
  readonly details = {
    devices: (accounts: readonly Account<ParticleFacts>[], signal: AbortSignal) =>
      this.#devicesOf(accounts, this.#listAgeMs, signal),
  };

  constructor(settings: Settings, http: Http) {
    const { clientId, clientSecret, accessToken } = settings;
    this.#settings = settings;
    this.#http = http;
    const named = { provider: http.provider, operation: 'list' };
    this.#customers = new PagedCopy({
      ...named,
      keyOf: ({ username }) => nameOf(username),
      read: (page, signal) => this.#customerPage(page, signal),
    });
    this.#devices = new PagedCopy({
      ...named,
      keyOf: ({ owner }) => nameOf(owner ?? ''),
      read: (page, signal) => this.#devicePage(page, signal),
    });
    const token = accessToken?.reveal();
    if (token) {
      this.#bearer = new BearerToken(http.provider, async () => ({ token, expiresInSeconds: 0 }));
      return;
    }
    const tokens = new ParticleTokens(http, basic(clientId!, clientSecret!), judge);
    this.#bearer = new BearerToken(http.provider, (signal) => tokens.ofProduct(signal));
    this.tokens = tokens;
    this.create = async (email, signal) => {
      await this.#changing(email, () => tokens.createCustomer(settings.product, email, signal));
      const [created] = await this.find([{ kind: 'EMAIL', value: email }], signal);
      return created![0] ?? { externalId: email, identity: null, email, facts: { username: email } };
    };
  }

  get #listAgeMs(): number {
    return this.#settings.listAgeSeconds * 1000;
  }

  async find(
    keys: readonly AccountKey[],
    signal: AbortSignal,
    age: Age = 'FRESH',
  ): Promise<Account<ParticleFacts>[][]> {
    const names = keys.map(({ value }) => nameOf(value));
    const copied = age === 'RECENT' && this.#listAgeMs > 0;
    const { rows, asOf } = await (age === 'RECENT'
      ? this.#customers.first(names, this.#listAgeMs, signal)
      : this.#customers.surely(names, signal));
    const mark = copied ? { asOf: asOf.toISOString() } : {};
    return names.map((name) =>
      (rows.get(name) ?? []).slice(0, 1).map((row) => ({ ...accountOf(row), ...mark })),
    );
  }

  async list(cursor: string | null, signal: AbortSignal) {
    const page = pageNumber(this.#http, cursor);
    const { rows, pages } = await this.#customerPage(page, signal);
    return { accounts: rows.map(accountOf), next: page < pages ? String(page + 1) : null };
  }

  async inspect(account: Account<ParticleFacts>, signal: AbortSignal) {
    const [devices = []] = await this.#devicesOf([account], 0, signal);
    if (devices.length === 0) return { sideEffects: [], warnings: [] };
    const verb = this.#settings.unclaimDevices ? 'are unclaimed and stop' : 'stay claimed by nobody and stop';
    const message = `${devices.length} claimed devices ${verb} working for the customer`;
    const names = devices.map((device) => device.id);
    const sideEffects = [{ code: 'CLAIMED_DEVICES', message, count: devices.length, names }];
    return { sideEffects, warnings: [] };
  }

  async prepare(account: Account<ParticleFacts>, signal: AbortSignal): Promise<void> {
    if (!this.#settings.unclaimDevices) return;
    const [devices = []] = await this.#devicesOf([account], 0, signal);
    for (const { id } of devices) {
      await this.#send({ operation: 'unclaim', method: 'DELETE', path: ['devices', id, 'owner'], signal });
    }
  }

  async delete(account: Account<ParticleFacts>, signal: AbortSignal) {
    const path = ['customers', account.externalId];
    const answer = await this.#changing(account.externalId, () =>
      this.#send({ operation: 'delete', method: 'DELETE', path, signal }),
    );
    read(this.#http, 'delete', z.object({ ok: z.literal(true) }), answer);
    return { deletedAt: null };
  }

  async verify(account: Account<ParticleFacts>, signal: AbortSignal) {
    const [found] = await this.find([{ kind: 'EMAIL', value: account.externalId }], signal);
    return sightingOf(found!, account);
  }

  async check(signal: AbortSignal) {
    const query = { page: 1, perPage: 1, per_page: 1 };
    const call = { operation: 'check', method: 'GET', path: ['customers'], query, signal } as const;
    const answer = await this.#send(call);
    read(this.#http, 'check', customerPage, answer);
    const scopes = await this.#scopes(signal);
    const lacks = scopes.length > 0 && !scopes.includes(REMOVE_SCOPE);
    const why = lacks ? `the token lacks the scope ${REMOVE_SCOPE}` : null;
    return accepted(answer, { mayDelete: !lacks, why });
  }

  /** What the token is narrowed to; empty for a client's own token, which may do everything in its product. */
  async #scopes(signal: AbortSignal): Promise<readonly string[]> {
    if (!this.#settings.accessToken) return [];
    const call = {
      operation: 'check',
      method: 'GET',
      path: ['v1', 'access_tokens', 'current'],
      signal,
    } as const;
    return read(this.#http, 'check', tokenBody, await this.#authorized(call)).scopes;
  }

  /** Makes a change of one customer, of whom a copy of the list may not tell any more. */
  async #changing<T>(username: string, change: () => Promise<T>): Promise<T> {
    this.#customers.changed(nameOf(username));
    try {
      return await change();
    } finally {
      this.#customers.changed(nameOf(username));
    }
  }

  async #devicesOf(
    accounts: readonly Account<ParticleFacts>[],
    maxAgeMs: number,
    signal: AbortSignal,
  ): Promise<ParticleDevice[][]> {
    const { rows } = await this.#devices.all(maxAgeMs, signal);
    return accounts.map(({ externalId }) =>
      (rows.get(nameOf(externalId)) ?? []).map(({ id, online }) => ({ id, online: online ?? false })),
    );
  }

  async #customerPage(page: number, signal: AbortSignal): Promise<Page<z.infer<typeof customerRow>>> {
    const body = await this.#page('customers', customerPage, page, signal);
    return { rows: body.customers, pages: body.meta?.total_pages ?? 1, total: body.meta?.total };
  }

  async #devicePage(page: number, signal: AbortSignal): Promise<Page<z.infer<typeof deviceRow>>> {
    const body = await this.#page('devices', devicePage, page, signal);
    return { rows: body.devices, pages: body.meta?.total_pages ?? 1 };
  }

  /** The page size goes by two names: the documentation says `perPage`, the official client sends `per_page`. */
  async #page<T>(collection: string, schema: z.ZodType<T>, page: number, signal: AbortSignal): Promise<T> {
    const query = { page, perPage: PAGE_SIZE, per_page: PAGE_SIZE };
    const operation = `list ${collection}`;
    const answer = await this.#send({ operation, method: 'GET', path: [collection], query, signal });
    return read(this.#http, operation, schema, answer);
  }

  #send(call: HttpCall): Promise<HttpAnswer> {
    return this.#authorized({ ...call, path: ['v1', 'products', this.#settings.product, ...call.path] });
  }

  #authorized(call: HttpCall): Promise<HttpAnswer> {
    return this.#bearer.use(call.signal, (token) =>
      ask(this.#http, { ...call, headers: { authorization: `Bearer ${token}` } }, judge),
    );
  }
}

/** The form under which a username is one customer: Particle stores it in lower case. */
const nameOf = (username: string): string => username.toLowerCase();

/** Particle product customers: docs.particle.io/reference/cloud-apis/api. There is no call that reads one customer. */
export const particle = defineProvider<Settings, ParticleFacts>({
  id: 'PARTICLE',
  settings: settingsSchema,
  baseUrl: (settings) => settings.baseUrl,
  manifest: () => ({
    keys: [{ kind: 'EMAIL', pattern: /^\S{1,254}$/u, batch: Number.POSITIVE_INFINITY }],
    externalIdKind: 'EMAIL',
    leaves: 'REMOVED',
    deletion: 'SYNCHRONOUS',
    canRefuse: false,
    anchor: false,
    verification: { waitsMs: [0, 1_000, 5_000, 30_000] },
    sideEffects: [
      'Claimed devices stop working for the customer',
      "The customer's access tokens are revoked",
    ],
    credentialScopes: ['customers:list', 'customers:remove', 'devices:list', 'devices:release'],
    rateLimit: { requests: 10_000, perSeconds: 300 },
  }),
  connect: (settings, http) => new Particle(settings, http),
});
