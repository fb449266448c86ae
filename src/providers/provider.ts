import type { ZodType } from 'zod';
import type { ProviderError } from './error.ts';
import type { Gate } from './gate.ts';
import type { Health } from './health.ts';
import type { Http } from './http.ts';

export { ProviderError, PROVIDER_ERROR_CODES, type PostponedBy, type ProviderErrorCode } from './error.ts';
export type { Admission, Circuit, Gate, Postponement, Traffic, Try } from './gate.ts';
export { examine, type Health } from './health.ts';

/** What an account can be asked for by. */
export type KeyKind = 'EMAIL' | 'ALIAS' | 'REGISTRATION_ID' | 'REF' | 'USER_ID';

export interface AccountKey {
  kind: KeyKind;
  value: string;
}

/** One kind of key that an integration can be asked by. */
export interface KeyRule {
  kind: KeyKind;
  /** What a value of this kind looks like; anything else is never sent. */
  pattern: RegExp;
  /** How many keys one call can carry; 1 where the provider has no batch. */
  batch: number;
}

/** What a provider leaves behind when it deletes. */
export type Leaves = 'REMOVED' | 'REDACTED' | 'SOFT_DELETED';

/** At most so many requests in any stretch of so many seconds. */
export interface RateLimit {
  requests: number;
  perSeconds: number;
}

/** What is known about an integration without asking it. */
export interface Manifest {
  /** Keys that accounts can be found by, the surest first. Empty: the provider cannot be asked. */
  keys: readonly KeyRule[];
  /** The kind of an account's external id, which is what the delete takes. */
  externalIdKind: KeyKind;
  leaves: Leaves;
  /** Whether a successful answer to the delete means done, or only accepted. */
  deletion: 'SYNCHRONOUS' | 'ASYNCHRONOUS';
  /** The provider may refuse for reasons of its own business, so it is asked before anything is lost elsewhere. */
  canRefuse: boolean;
  /** The provider holds the identity that the others hang on, so it goes last. */
  anchor: boolean;
  /** Waits in ms before each look after the delete, or null where nothing can be looked at. */
  verification: { waitsMs: readonly number[] } | null;
  /** What else happens when the account goes, in words. */
  sideEffects: readonly string[];
  /** Scopes or permissions that the credential needs to delete. */
  credentialScopes: readonly string[];
  /** What the provider allows one credential, where it says so. */
  rateLimit: RateLimit | null;
}

/** What one integration holds about one customer. Plain JSON: it is kept with an erasure. */
export interface Account<Facts = unknown> {
  /** What the provider's delete takes. */
  externalId: string;
  /** Differs when the provider gave the same external id to a new account; null where the provider has no such mark. */
  identity: string | null;
  email: string | null;
  /** What came with the lookup, in the provider's own terms. */
  facts: Facts;
  /** When the provider said so, ISO 8601, where a copy that the adapter keeps has answered. */
  asOf?: string;
}

/** Some accounts of a list, and where the rest begins; null after the last. */
export interface AccountPage<Facts = unknown> {
  accounts: readonly Account<Facts>[];
  next: string | null;
}

/** An access token that acts for one customer at the provider. */
export interface CustomerToken {
  token: string;
  /** Null: it does not expire. */
  expiresAt: Date | null;
}

/** What became of a token. */
export interface Revocation {
  /** Whether the provider took it until then. */
  wasValid: boolean;
  /** Whether the provider refuses it now. */
  refused: boolean;
}

/** Tokens that act for a customer at the provider. */
export interface CustomerTokens<Facts = unknown> {
  /** @throws {ProviderError} `NOT_FOUND` when the account is not there. */
  issue(account: Account<Facts>, expiresInSeconds: number, signal: AbortSignal): Promise<CustomerToken>;
  /** Ends a token, then tries it. */
  revoke(token: string, signal: AbortSignal): Promise<Revocation>;
}

/** A reason that a deletion may not run, or a consequence to know. */
export interface Notice {
  code: string;
  message: string;
}

/** Something that happens besides the deletion. */
export interface SideEffect extends Notice {
  /** How many things it concerns, where that could be counted. */
  count: number | null;
  /** Their names, where they have any. */
  names: readonly string[];
}

/** A closer look at one account, for the plan. */
export interface Inspection {
  sideEffects: readonly SideEffect[];
  warnings: readonly Notice[];
}

/** What the provider said to a delete that it did or accepted. */
export interface Deletion {
  /** The provider's own time of the deletion, ISO 8601, where it gives one. */
  deletedAt: string | null;
}

/**
 * What a look after the delete shows. `RECREATED`: another account has the external id now. `UNKNOWN`: the answer does
 * not tell.
 */
export type Sighting = 'ABSENT' | 'REDACTED' | 'PRESENT' | 'RECREATED' | 'UNKNOWN';

/** How old an answer may be: read now, or as old as the adapter's own copy may become. */
export type Age = 'FRESH' | 'RECENT';

/** One key's answer: the accounts it leads to (none: the provider was asked and holds nothing), or why it could not be asked. */
export type Found<Facts = unknown> = readonly Account<Facts>[] | ProviderError;

/** Reads one of an account's further facts, for many accounts at once: one answer per account, in order. */
export type DetailReader<Facts = unknown> = (
  accounts: readonly Account<Facts>[],
  signal: AbortSignal,
) => Promise<readonly unknown[]>;

/** Shuts an account until it is deleted, in a way that can be undone. Both are safe to repeat. */
export interface Suspension<Facts = unknown> {
  suspend(account: Account<Facts>, signal: AbortSignal): Promise<void>;
  /** Gives the account back the status that it was found with. @throws {ProviderError} `NOT_FOUND` when it is gone. */
  restore(account: Account<Facts>, signal: AbortSignal): Promise<void>;
}

/**
 * What can be done at one integration. Each operation says what happened and decides nothing: none retries, and
 * each throws {@link ProviderError} when it could not be carried out.
 */
export interface Operations<Facts = unknown> {
  /** One answer per key, in order. `RECENT` may be answered from a copy, which then says its age by `asOf`. */
  find(keys: readonly AccountKey[], signal: AbortSignal, age?: Age): Promise<readonly Found<Facts>[]>;
  /** All accounts, page by page, in the provider's order, from the start where `cursor` is null. */
  list?(cursor: string | null, signal: AbortSignal): Promise<AccountPage<Facts>>;
  /** @throws {ProviderError} `CONFLICT` when there is such an account. */
  create?: ((email: string, signal: AbortSignal) => Promise<Account<Facts>>) | undefined;
  tokens?: CustomerTokens<Facts> | undefined;
  /** Facts that cost calls of their own, by name. */
  details: Record<string, DetailReader<Facts>>;
  inspect(account: Account<Facts>, signal: AbortSignal): Promise<Inspection>;
  /** Why an account may not be deleted, as far as the account itself tells. */
  blockers?: ((account: Account<Facts>) => readonly Notice[]) | undefined;
  suspension?: Suspension<Facts> | undefined;
  /** What has to be undone before the delete. Safe to repeat. */
  prepare?: ((account: Account<Facts>, signal: AbortSignal) => Promise<void>) | undefined;
  /** @throws {ProviderError} `NOT_FOUND` when the account is not there, `CONFLICT` when the provider refuses. */
  delete(account: Account<Facts>, signal: AbortSignal): Promise<Deletion>;
  /** Looks whether a deleted account is gone. `account` is what was found before the delete. */
  verify(account: Account<Facts>, signal: AbortSignal): Promise<Sighting>;
  /** Tries the credential without changing anything. @throws {ProviderError} */
  check(signal: AbortSignal): Promise<Health>;
}

/** A provider: all that the gateway needs to work with one kind of outside system. */
export interface Provider<Settings = unknown, Facts = unknown> {
  /** `PARTICLE`, `VPN`, … */
  id: string;
  /** The settings of one integration; credentials in it are `Secret`. */
  settings: ZodType<Settings>;
  /** Where the provider is reached. */
  baseUrl(settings: Settings): string;
  manifest(settings: Settings): Manifest;
  connect(settings: Settings, http: Http): Operations<Facts>;
}

/** One configured account at a provider. */
export interface Integration extends Operations {
  id: string;
  provider: string;
  manifest: Manifest;
  /** External ids of accounts that are never deleted, as the configuration lists them. */
  protectedIds: readonly string[];
  /** Stands before every call. */
  gate: Gate;
  /** The limit that is kept: the configured one, else the documented one. */
  rateLimit: RateLimit | null;
  close(): Promise<void>;
}

/** Keeps a provider literal's settings and facts types together. */
export function defineProvider<Settings, Facts>(
  provider: Provider<Settings, Facts>,
): Provider<Settings, Facts> {
  return provider;
}
