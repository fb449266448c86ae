import type { AccountReader, LookupResult } from '../../customer/accounts.ts';
import { ProviderError, type Integration } from '../../providers/provider.ts';
import type { Preview } from './preview.ts';

/** How many of a preview's customers a deletion would concern at one integration. */
export interface Holdings {
  integration: Integration;
  /** Customers with an account, or linked to one where the provider has no way to look. */
  customers: number;
  /** Customers whom the integration could not be asked for. */
  unreachable: number;
}

const isUnreachable = ({ found }: LookupResult): boolean => found instanceof ProviderError;

const holds = ({ found }: LookupResult): boolean =>
  found === null || (!(found instanceof ProviderError) && found.length > 0);

/** Asks the integrations of a preview for all of its customers at once: one answer per integration, in order. */
export async function holdingsOf(reader: AccountReader, { customers, of }: Preview): Promise<Holdings[]> {
  const { integrationIds } = of.selection;
  const only = integrationIds ? new Set(integrationIds) : undefined;
  const results = await Promise.all(customers.map((customer) => reader.results(customer, only)));
  return reader.integrations
    .filter(({ id }) => only?.has(id) ?? true)
    .map((integration) => {
      const here = results.map((some) => some.filter((result) => result.integration === integration));
      return {
        integration,
        customers: here.filter((some) => some.some(holds)).length,
        unreachable: here.filter((some) => some.some(isUnreachable)).length,
      };
    });
}
