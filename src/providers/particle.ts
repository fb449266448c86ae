import { z } from 'zod';
import { ask, codeOfStatus, read, sightingOf, type Verdict } from './answer.ts';
import { BearerToken } from './bearer.ts';
import type { Http, HttpAnswer, HttpCall } from './http.ts';
import { defineProvider, type Account, type Operations } from './provider.ts';
import { Secret } from './secret.ts';

const settingsSchema = z.strictObject({
  baseUrl: z.url().default('https://api.particle.io').describe('Origin of the Particle cloud'),
  product: z.string().min(1).describe('Product id or slug'),
  clientId: z.string().min(1).describe('Id of an OAuth client created inside the product'),
  clientSecret: z.instanceof(Secret).describe('Secret of that client'),
  unclaimDevices: z
    .boolean()
    .default(true)
    .describe("Unclaim the customer's devices before the customer is deleted"),
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
/** A list that claims more pages than this is taken for a loop. */
const MAX_PAGES = 10_000;

const customerPage = z.object({
  customers: z.array(z.object({ id: z.string(), username: z.string() })),
  meta: z.object({ total_pages: z.number() }).optional(),
});

const devicePage = z.object({
  devices: z.array(
    z.object({ id: z.string(), owner: z.string().nullish(), online: z.boolean().nullish().default(false) }),
  ),
  meta: z.object({ total_pages: z.number() }).optional(),
});

const tokenBody = z.object({ access_token: z.string(), expires_in: z.number().default(0) });

const errorBody = z
  .object({ error: z.string(), error_description: z.string(), errors: z.array(z.string()) })
  .partial();

/** Particle says 400 `unauthorized` for a wrong scope, and `invalid_scope` to a customer's token. */
function judge(answer: HttpAnswer, method: HttpCall['method']): Verdict {
  const { error, error_description, errors } = errorBody.safeParse(answer.body).data ?? {};
  const reason = error_description ?? error ?? errors?.[0];
  if (error === 'invalid_token') return { code: 'UNAUTHENTICATED', reason };
  if (error === 'invalid_client' || error === 'invalid_grant') return { code: 'UNAUTHENTICATED', reason };
  if (error === 'unauthorized' || error === 'invalid_scope') return { code: 'FORBIDDEN', reason };
  return { code: codeOfStatus(answer.status, method, reason !== undefined), reason };
}

const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

class Particle implements Operations<ParticleFacts> {
  readonly #settings: Settings;
  readonly #http: Http;
  readonly #bearer: BearerToken;
  readonly details = {
    devices: (accounts: readonly Account<ParticleFacts>[], signal: AbortSignal) =>
      this.#devicesOf(accounts, signal),
  };

  constructor(settings: Settings, http: Http) {
    this.#settings = settings;
    this.#http = http;
    this.#bearer = new BearerToken(http.provider, (signal) => this.#token(signal));
  }

  async find(keys: readonly { value: string }[], signal: AbortSignal): Promise<Account<ParticleFacts>[][]> {
    const wanted = new Map(keys.map((key) => [key.value.toLowerCase(), [] as Account<ParticleFacts>[]]));
    let missing = wanted.size;
    for await (const account of this.list(signal)) {
      const found = wanted.get(account.externalId.toLowerCase());
      if (!found || found.length > 0) continue;
      found.push(account);
      if (--missing === 0) break;
    }
    return keys.map((key) => wanted.get(key.value.toLowerCase())!);
  }

  async *list(signal: AbortSignal): AsyncGenerator<Account<ParticleFacts>> {
    for await (const page of this.#pages('customers', customerPage, signal)) {
      for (const { id, username } of page.customers) {
        const email = username.includes('@') ? username : null;
        yield { externalId: username, identity: id, email, facts: { username } };
      }
    }
  }

  async inspect(account: Account<ParticleFacts>, signal: AbortSignal) {
    const [devices = []] = await this.#devicesOf([account], signal);
    if (devices.length === 0) return { sideEffects: [], blockers: [], warnings: [] };
    const verb = this.#settings.unclaimDevices ? 'are unclaimed and stop' : 'stay claimed by nobody and stop';
    const message = `${devices.length} claimed devices ${verb} working for the customer`;
    const names = devices.map((device) => device.id);
    const sideEffects = [{ code: 'CLAIMED_DEVICES', message, count: devices.length, names }];
    return { sideEffects, blockers: [], warnings: [] };
  }

  async prepare(account: Account<ParticleFacts>, signal: AbortSignal): Promise<void> {
    if (!this.#settings.unclaimDevices) return;
    const [devices = []] = await this.#devicesOf([account], signal);
    for (const device of devices) {
      await this.#send({
        operation: 'unclaim',
        method: 'DELETE',
        path: ['devices', device.id, 'owner'],
        signal,
      });
    }
  }

  async delete(account: Account<ParticleFacts>, signal: AbortSignal) {
    const path = ['customers', account.externalId];
    const answer = await this.#send({ operation: 'delete', method: 'DELETE', path, signal });
    read(this.#http, 'delete', z.object({ ok: z.literal(true) }), answer);
    return { deletedAt: null };
  }

  async verify(account: Account<ParticleFacts>, signal: AbortSignal) {
    const [found] = await this.find([{ value: account.externalId }], signal);
    return sightingOf(found!, account);
  }

  async check(signal: AbortSignal): Promise<void> {
    const query = { page: 1, perPage: 1, per_page: 1 };
    const answer = await this.#send({
      operation: 'check',
      method: 'GET',
      path: ['customers'],
      query,
      signal,
    });
    read(this.#http, 'check', customerPage, answer);
  }

  async #devicesOf(
    accounts: readonly Account<ParticleFacts>[],
    signal: AbortSignal,
  ): Promise<ParticleDevice[][]> {
    const devices = accounts.map(() => [] as ParticleDevice[]);
    for await (const page of this.#pages('devices', devicePage, signal)) {
      for (const { id, owner, online } of page.devices) {
        const index = owner ? accounts.findIndex((account) => sameName(account.externalId, owner)) : -1;
        devices[index]?.push({ id, online: online ?? false });
      }
    }
    return devices;
  }

  /** The page size goes by two names: the documentation says `perPage`, the official client sends `per_page`. */
  async *#pages<T extends { meta?: { total_pages: number } | undefined }>(
    collection: string,
    schema: z.ZodType<T>,
    signal: AbortSignal,
  ): AsyncGenerator<T> {
    for (let page = 1, last = 1; page <= Math.min(last, MAX_PAGES); page++) {
      const query = { page, perPage: PAGE_SIZE, per_page: PAGE_SIZE };
      const operation = `list ${collection}`;
      const answer = await this.#send({ operation, method: 'GET', path: [collection], query, signal });
      const body = read(this.#http, operation, schema, answer);
      last = body.meta?.total_pages ?? 1;
      yield body;
    }
  }

  #send(call: HttpCall): Promise<HttpAnswer> {
    const path = ['v1', 'products', this.#settings.product, ...call.path];
    return this.#bearer.use((token) =>
      ask(this.#http, { ...call, path, headers: { authorization: `Bearer ${token}` } }, judge),
    );
  }

  async #token(signal: AbortSignal) {
    const { clientId, clientSecret } = this.#settings;
    const credentials = Buffer.from(`${clientId}:${clientSecret.reveal()}`).toString('base64');
    const answer = await ask(
      this.#http,
      {
        operation: 'token',
        method: 'POST',
        path: ['oauth', 'token'],
        form: { grant_type: 'client_credentials' },
        headers: { authorization: `Basic ${credentials}` },
        signal,
      },
      judge,
    );
    const { access_token, expires_in } = read(this.#http, 'token', tokenBody, answer);
    return { token: access_token, expiresInSeconds: expires_in };
  }
}

/** Particle product customers: docs.particle.io/reference/cloud-apis/api. There is no call that reads one customer. */
export const particle = defineProvider<Settings, ParticleFacts>({
  id: 'PARTICLE',
  settings: settingsSchema,
  baseUrl: (settings) => settings.baseUrl,
  manifest: () => ({
    keys: [{ kind: 'EMAIL', pattern: /^\S{1,254}$/u, batch: Number.POSITIVE_INFINITY }],
    externalIdKind: 'EMAIL',
    canList: true,
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
