import type { VpnFacts } from '../../providers/vpn.ts';
import { builder } from '../builder.ts';
import { AccountInterface, type HeldAccount } from './account.ts';

export const VpnAccount = builder.objectRef<HeldAccount<VpnFacts>>('VpnAccount').implement({
  description:
    'A customer of a VPN reseller. The external id is the `userID` (docs.myidvirtual.com/api-reference/customers/delete).',
  interfaces: [AccountInterface],
  fields: (t) => ({
    activeSubscription: t.boolean({
      nullable: true,
      description:
        'Whether a subscription runs, with which the provider refuses to delete; null where it does not say.',
      resolve: ({ account }) => account.facts.activeSubscription,
    }),
  }),
});
