import type { AccountKey, ProviderErrorCode } from '../../src/providers/provider.ts';
import type { Person } from '../../src/sandbox/people.ts';
import type { Assumptions } from '../../src/sandbox/vendor.ts';

/** What a provider's `find` must say about a person. */
export interface Holding {
  /** Keys that lead to the account, at least one of each kind that the manifest names. */
  keys: readonly AccountKey[];
  externalId: string;
  identity: string | null;
}

/** Requests of the vendor's API, by method and the beginning of their raw path. */
export interface Requests {
  method: string;
  path: string;
}

/** A vendor's own error, which its body tells and its status does not. */
export interface OwnError {
  status: number;
  body: unknown;
  /** What it means when it answers a delete. */
  code: ProviderErrorCode;
}

/** All that the requirements have to know about one provider and its simulated vendor. */
export interface Profile<State = object> {
  /** As the provider calls itself. */
  provider: string;
  /** Settings besides those of the sandbox. */
  settings?: object;
  /** Settings with a credential that the vendor refuses. */
  wrongCredential: object;
  /** What the vendor is assumed to be like, where that differs from the sandbox's start. */
  assumptions?: Assumptions;
  /** What the vendor holds about a person; null for nothing. */
  holding(person: Person): Holding | null;
  /** Keys that nobody has. */
  unknownKeys: readonly AccountKey[];
  /** External ids of all accounts that the vendor holds now. */
  held(state: State): string[];
  /** Adds an account that is new under its external id; null where the vendor has no ids of that form. */
  plant(state: State, externalId: string): State | null;
  /** Parts of the vendor's state that are not about customers, such as the tokens it has issued. */
  notAboutCustomers: readonly (keyof State & string)[];
  requests: { find: Requests; delete: Requests; token: Requests | null };
  /** Whether a lookup may read the whole list instead of asking key by key. */
  findsInList: boolean;
  /** A page of the list, as JSON with its headers, that leads to the cursor it was asked by. */
  pageThatLeadsTo?(cursor: string): { body: unknown; headers?: Record<string, string> };
  /** How the vendor answers a lookup that leads to an account, where the answer says which it is. */
  answerAbout?(state: State, externalId: string): unknown;
  /** The vendor's usual form of an error with a status. */
  errorBody(status: number): unknown;
  ownErrors: readonly OwnError[];
  /** Requirements that the provider cannot meet, by id, and why. */
  exceptions: Readonly<Record<string, string>>;
  /** Other ways to set up the provider or to take its vendor, by name, with all that differs then. */
  variants?: Readonly<Record<string, Partial<Omit<Profile<State>, 'provider' | 'variants'>>>>;
}

/** Keeps the type of a profile's state inside the literal. */
export function defineProfile<State extends object>(profile: Profile<State>): Profile {
  return profile as unknown as Profile;
}

/** Requirements that a provider without such a thing is excepted from. */
export const NO_LIST = ['D4E2', 'A98E', '71C9', 'E63B'];
export const NO_CREATION = ['E5A8', '9F1B'];
export const NO_CUSTOMER_TOKENS = ['38C6', 'D07E', '64BA'];
export const NO_TOKEN_ENDPOINT = ['A0F3', '3B8D', 'C952', '0E6A', 'F1D7', '48BC', '96A5', '2D70'];

/** One reason for several exceptions. */
export function except(reason: string, ids: readonly string[]): Record<string, string> {
  return Object.fromEntries(ids.map((id) => [id, reason]));
}
