import type { LookupResult } from '../../customer/accounts.ts';
import {
  PROVIDER_ERROR_CODES,
  ProviderError,
  type Account,
  type Integration,
} from '../../providers/provider.ts';
import { builder } from '../builder.ts';
import { IntegrationType } from '../integration.ts';
import type { HeldAccount } from './account.ts';
import { accountTypes } from './list.ts';

const MEANINGS: Record<(typeof PROVIDER_ERROR_CODES)[number], string> = {
  UNAUTHENTICATED: "The gateway's credential was not accepted.",
  FORBIDDEN: "The gateway's credential may not do this.",
  NOT_FOUND: 'The provider has no such thing.',
  CONFLICT: 'The provider refuses in the present state.',
  INVALID: 'The provider calls the request invalid.',
  RATE_LIMITED: 'Too many requests; `retryAt` says when to come back.',
  UNAVAILABLE: 'The provider could not be reached, or did nothing.',
  OUTCOME_UNKNOWN: 'The request was sent and its outcome is not known.',
  UNEXPECTED_RESPONSE: 'The answer does not have the documented form.',
};

export const AccountFailureCode = builder.enumType('AccountFailureCode', {
  description: 'Why an integration could not be asked.',
  values: {
    ...(Object.fromEntries(
      PROVIDER_ERROR_CODES.map((code) => [code, { description: MEANINGS[code] }]),
    ) as Record<(typeof PROVIDER_ERROR_CODES)[number], { description: string }>),
    LOOKUP_UNSUPPORTED: {
      description: 'The provider has no way to look; only its delete shows whether there is an account.',
    },
  },
});

interface Failure {
  integration: Integration;
  error: ProviderError | null;
}

const AccountFailure = builder.objectRef<Failure>('AccountFailure').implement({
  description: 'An integration that could not be asked. Says nothing about whether it holds an account.',
  fields: (t) => ({
    integration: t.field({
      type: IntegrationType,
      description: 'The integration that was asked.',
      resolve: ({ integration }) => integration,
    }),
    code: t.field({
      type: AccountFailureCode,
      description: 'What kind of failure it was, for programs.',
      resolve: ({ error }) => error?.code ?? 'LOOKUP_UNSUPPORTED',
    }),
    message: t.string({
      description: 'The failure in words for an operator. It names provider and operation, and no person.',
      resolve: ({ error }) => error?.message ?? 'The provider has no way to look.',
    }),
    retryAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the provider wants to be asked again; null when it does not say.',
      resolve: ({ error }) => error?.retryAt ?? null,
    }),
  }),
});

const isFailure = (value: HeldAccount | Failure): value is Failure => 'error' in value;

/** One answer of one integration. */
export const AccountResult = builder.unionType('AccountResult', {
  description: 'What one integration answered: an account, or why it could not be asked.',
  types: [...Object.values(accountTypes), AccountFailure],
  resolveType: (value) => {
    const result = value as HeldAccount | Failure;
    return isFailure(result)
      ? AccountFailure
      : accountTypes[result.integration.provider as keyof typeof accountTypes];
  },
});

/** The items of `Customer.accounts`: none for an integration that was asked and holds nothing. */
export function itemsOf({ integration, found }: LookupResult): (HeldAccount<never> | Failure)[] {
  if (found === null) return [{ integration, error: null }];
  if (found instanceof ProviderError) return [{ integration, error: found }];
  return found.map((account) => ({ integration, account: account as Account<never> }));
}
