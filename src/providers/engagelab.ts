import { z } from 'zod';
import { accepted, asFound, ask, basic, codeOfStatus, read, type Verdict } from './answer.ts';
import type { ProviderErrorCode } from './error.ts';
import type { Http, HttpAnswer, HttpCall } from './http.ts';
import { defineProvider, type Account, type AccountKey, type Operations, type Sighting } from './provider.ts';
import { secretSetting } from './secret.ts';

/** Hosts by name, from the REST API overviews of App Push and Web Push; Japan and Brazil from the vendor's SDKs. */
const DATA_CENTRES = {
  SINGAPORE: 'https://pushapi-sgp.engagelab.com',
  VIRGINIA: 'https://pushapi-usva.engagelab.com',
  FRANKFURT: 'https://pushapi-defra.engagelab.com',
  HONG_KONG: 'https://pushapi-hk.engagelab.com',
  JAPAN: 'https://pushapi-jpn.engagelab.com',
  BRAZIL: 'https://pushapi-bra.engagelab.com',
  WEB_SINGAPORE: 'https://webpushapi-sgp.engagelab.com',
  WEB_HONG_KONG: 'https://webpushapi-hk.engagelab.com',
} as const;

const settingsSchema = z.strictObject({
  dataCentre: z
    .enum(Object.keys(DATA_CENTRES) as [keyof typeof DATA_CENTRES])
    .default('SINGAPORE')
    .describe('Data centre of the app; an AppKey belongs to exactly one'),
  baseUrl: z.url().optional().describe('Host by URL, in place of a data centre'),
  appKey: z.string().min(1).describe('AppKey'),
  masterSecret: secretSetting.describe('MasterSecret of that AppKey'),
});

type Settings = z.infer<typeof settingsSchema>;

export interface EngagelabFacts {
  /** Empty where none is set. */
  alias: string;
  tags: string[];
}

const QPS_RETRY_MS = 1_000;

/**
 * Codes that say more than the status they come with: 400 carries a rate limit, a refused address and a bad key, 401
 * a plan that has expired. Source: the vendor's error-code tables for App Push and Web Push.
 */
const CODES: Record<number, ProviderErrorCode> = {
  20101: 'NOT_FOUND',
  21004: 'UNAUTHENTICATED',
  21008: 'UNAUTHENTICATED',
  21009: 'OUTCOME_UNKNOWN',
  21011: 'NOT_FOUND',
  21030: 'OUTCOME_UNKNOWN',
  21038: 'FORBIDDEN',
  21059: 'INVALID',
  21306: 'INVALID',
  23008: 'RATE_LIMITED',
  23009: 'FORBIDDEN',
  27000: 'OUTCOME_UNKNOWN',
  27001: 'UNAUTHENTICATED',
  27002: 'OUTCOME_UNKNOWN',
  27008: 'INVALID',
  27009: 'INVALID',
};

const detail = z.object({ code: z.number(), message: z.string().optional() });
const errorBody = z.union([detail, z.object({ error: detail }).transform((body) => body.error)]);

function judge(answer: HttpAnswer, method: HttpCall['method']): Verdict {
  const error = errorBody.safeParse(answer.body).data;
  const known = error && CODES[error.code];
  const code = known ?? codeOfStatus(answer.status, method, undefined);
  return {
    code: code === 'OUTCOME_UNKNOWN' && method === 'GET' ? 'UNAVAILABLE' : code,
    reason: error && `${error.code} ${error.message ?? ''}`.trim(),
    retryAt: code === 'RATE_LIMITED' && error ? new Date(Date.now() + QPS_RETRY_MS) : undefined,
  };
}

/** Either field may be missing; without both, it is no device. */
const deviceBody = z
  .object({ tags: z.array(z.string()).nullish(), alias: z.string().nullish() })
  .refine(({ tags, alias }) => tags !== undefined || alias !== undefined);
const aliasBody = z.object({ registration_ids: z.array(z.string()) });
const tagsBody = z.object({ tags: z.array(z.string()) });
const deletedBody = z.union([z.object({ success: z.literal(true) }), z.literal('success')]);

/** What a device was given, in words. */
const marksOf = ({ tags, alias }: EngagelabFacts): string[] => [
  ...tags.map((tag) => `tag ${tag}`),
  ...(alias ? [`alias ${alias}`] : []),
];

class Engagelab implements Operations<EngagelabFacts> {
  readonly #http: Http;
  readonly #authorization: string;
  readonly details = {};

  constructor(settings: Settings, http: Http) {
    this.#http = http;
    this.#authorization = basic(settings.appKey, settings.masterSecret);
  }

  find(keys: readonly AccountKey[], signal: AbortSignal) {
    return Promise.all(keys.map((key) => this.#findOne(key, signal).catch(asFound)));
  }

  async inspect(account: Account<EngagelabFacts>) {
    const names = marksOf(account.facts);
    const message = `${names.length} tags and aliases are deleted with the device`;
    const sideEffects =
      names.length > 0 ? [{ code: 'TAGS_AND_ALIAS', message, count: names.length, names }] : [];
    const warning = 'The device is registered again when its owner next opens the app or the web page';
    return { sideEffects, warnings: [{ code: 'MAY_REAPPEAR', message: warning }] };
  }

  async delete(account: Account<EngagelabFacts>, signal: AbortSignal) {
    const path = ['devices', account.externalId];
    const answer = await this.#send({ operation: 'delete', method: 'DELETE', path, signal });
    read(this.#http, 'delete', deletedBody, answer);
    return { deletedAt: null };
  }

  /**
   * An unbound id may read as a device without tags and alias, which tells only where there were some before. A device
   * that has none of them and others instead was deleted, and has registered again.
   */
  async verify({ externalId, facts }: Account<EngagelabFacts>, signal: AbortSignal): Promise<Sighting> {
    const device = await this.#device(externalId, signal);
    if (!device) return 'ABSENT';
    const before = marksOf(facts);
    const now = marksOf(device);
    if (before.length === 0) return now.length > 0 ? 'PRESENT' : 'UNKNOWN';
    if (now.length === 0) return 'ABSENT';
    return now.some((mark) => before.includes(mark)) ? 'PRESENT' : 'RECREATED';
  }

  /** An AppKey has no narrower permissions: whoever may read may delete. */
  async check(signal: AbortSignal) {
    const answer = await this.#send({ operation: 'check', method: 'GET', path: ['tags'], signal });
    read(this.#http, 'check', tagsBody, answer);
    return accepted(answer, { mayDelete: true, why: null });
  }

  async #findOne(key: AccountKey, signal: AbortSignal): Promise<Account<EngagelabFacts>[]> {
    const ids = key.kind === 'ALIAS' ? await this.#registrationIds(key.value, signal) : [key.value];
    const devices = await Promise.all(ids.map((id) => this.#device(id, signal)));
    return ids.flatMap((externalId, i) => {
      const facts = devices[i];
      return facts ? [{ externalId, identity: null, email: null, facts }] : [];
    });
  }

  async #registrationIds(alias: string, signal: AbortSignal): Promise<string[]> {
    const path = ['aliases', alias];
    const answer = await this.#send({ operation: 'find by alias', method: 'GET', path, signal });
    return read(this.#http, 'find by alias', aliasBody, answer).registration_ids;
  }

  async #device(id: string, signal: AbortSignal): Promise<EngagelabFacts | null> {
    try {
      const answer = await this.#send({ operation: 'find', method: 'GET', path: ['devices', id], signal });
      const { tags, alias } = read(this.#http, 'find', deviceBody, answer);
      return { tags: tags ?? [], alias: alias ?? '' };
    } catch (error) {
      if (asFound(error).code === 'NOT_FOUND') return null;
      throw error;
    }
  }

  #send(call: HttpCall): Promise<HttpAnswer> {
    const headers = { authorization: this.#authorization };
    return ask(this.#http, { ...call, path: ['v4', ...call.path], headers }, judge);
  }
}

/** EngageLab App Push and Web Push users: engagelab.com/docs/app-push/rest-api. Deletion is accepted, not done. */
export const engagelab = defineProvider<Settings, EngagelabFacts>({
  id: 'ENGAGELAB',
  settings: settingsSchema,
  baseUrl: ({ baseUrl, dataCentre }) => (baseUrl ?? DATA_CENTRES[dataCentre]).replace(/\/(v4\/?.*)?$/, ''),
  manifest: () => ({
    keys: [
      { kind: 'REGISTRATION_ID', pattern: /^[A-Za-z0-9_-]{1,64}$/, batch: 1 },
      { kind: 'ALIAS', pattern: /^[^\p{Cc}]{1,40}$/u, batch: 1 },
    ],
    externalIdKind: 'REGISTRATION_ID',
    leaves: 'REMOVED',
    deletion: 'ASYNCHRONOUS',
    canRefuse: false,
    anchor: false,
    verification: { waitsMs: [500, 1_000, 2_000, 5_000, 15_000, 60_000, 300_000] },
    sideEffects: ['Tags, alias, device information and time zone are deleted with the registration id'],
    credentialScopes: [],
    rateLimit: { requests: 500, perSeconds: 1 },
  }),
  connect: (settings, http) => new Engagelab(settings, http),
});
