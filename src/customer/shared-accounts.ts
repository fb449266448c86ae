import type { Account, Integration } from '../providers/provider.ts';
import type { Store } from '../store/store.ts';

/** An account, and where it is. */
export interface Holding {
  integration: Integration;
  account: Account;
}

/** The accounts among some that another customer than this one is linked to. */
export async function accountsOfOthers<H extends Holding>(
  store: Store,
  customerId: string,
  holdings: readonly H[],
): Promise<Set<H>> {
  if (holdings.length === 0) return new Set();
  const links = await store.db
    .selectFrom('link')
    .select(['integration_id', 'key_kind', 'key', 'external_id'])
    .where('customer_id', '<>', customerId)
    .where((eb) =>
      eb.or(
        holdings.map(({ integration, account: { externalId } }) =>
          eb.and([
            eb('integration_id', '=', integration.id),
            eb.or([
              eb('external_id', '=', externalId),
              eb.and([eb('key_kind', '=', integration.manifest.externalIdKind), eb('key', '=', externalId)]),
            ]),
          ]),
        ),
      ),
    )
    .execute();
  return new Set(
    holdings.filter(({ integration, account }) =>
      links.some(
        (link) =>
          link.integration_id === integration.id &&
          (link.external_id === account.externalId || link.key === account.externalId),
      ),
    ),
  );
}
