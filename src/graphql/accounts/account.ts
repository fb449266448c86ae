import type { Account, Integration } from '../../providers/provider.ts';
import { builder } from '../builder.ts';
import type { Context } from '../context.ts';
import { IntegrationType } from '../integration.ts';

/** An account with the integration that holds it. */
export interface HeldAccount<Facts = unknown> {
  integration: Integration;
  account: Account<Facts>;
}

export const AccountInterface = builder.interfaceRef<HeldAccount>('Account').implement({
  description: 'What one integration holds about one customer.',
  fields: (t) => ({
    integration: t.field({
      type: IntegrationType,
      description: 'Where the account is.',
      resolve: ({ integration }) => integration,
    }),
    externalId: t.string({
      description:
        "The account's id at the provider, which its delete takes; the type of the account says what it is.",
      resolve: ({ account }) => account.externalId,
    }),
    email: t.field({
      type: 'EmailAddress',
      nullable: true,
      description:
        'E-mail address that the provider holds, as it holds it; null where it holds none or does not say.',
      resolve: ({ account }) => account.email,
    }),
    asOf: t.field({
      type: 'DateTime',
      nullable: true,
      description:
        'When the provider said so, where a copy of its list has answered; null where it was asked just now.',
      resolve: ({ account }) => (account.asOf === undefined ? null : new Date(account.asOf)),
    }),
  }),
});

/** Reads a fact that costs a call of its own. */
export function detail<T>(context: Context, { integration, account }: HeldAccount, name: string): Promise<T> {
  return context.accounts().detail(integration, name, account) as Promise<T>;
}
