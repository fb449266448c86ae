import type { Principal } from '../../access/viewer.ts';
import type { Customer } from '../../customer/customer.ts';
import { InvalidInputError } from '../../customer/errors.ts';
import { managersByIds } from '../../customer/managers.ts';
import type { ErasureContext } from '../context.ts';
import { issuesOfIntegrations } from '../issues.ts';
import { BulkTooLargeError } from './errors.ts';

/** What customers have in common. It always names something, so that nobody selects everyone. */
export interface SelectionFilter {
  /** Whether only customers that were made for tests are meant. */
  testCustomer: boolean;
  /** Managed by this manager or by one below it. */
  managerId: string | null;
}

/** Whom a bulk is about, and where: customers that are named, or a filter. With both, those of the named that it fits. */
export interface Selection {
  customerIds: readonly string[] | null;
  filter: SelectionFilter | null;
  /** Null: everywhere. */
  integrationIds: readonly string[] | null;
}

/** Who a selection comes to, in the order of their ids. */
export interface Selected {
  customers: readonly Customer[];
  /** Customers that were named and are not there, not the viewer's, or do not fit the filter. */
  notFound: number;
}

/** @throws {InvalidInputError} unless it is either customers or a filter, and what it names is there. */
export async function checkSelection(
  { store, integrations }: ErasureContext,
  viewer: Principal,
  { customerIds, filter, integrationIds }: Selection,
): Promise<void> {
  const issues = issuesOfIntegrations(integrationIds, integrations);
  if ((customerIds === null) === (filter === null))
    issues.push({ path: 'customerIds', message: 'Give either customerIds or filter.' });
  if (customerIds?.length === 0) issues.push({ path: 'customerIds', message: 'Name at least one.' });
  if (filter && !filter.testCustomer && filter.managerId === null)
    issues.push({ path: 'filter', message: 'Name testCustomer: true, managerId or both.' });
  const { managerId = null } = filter ?? {};
  if (managerId !== null && !(await managersByIds(store, viewer, [managerId]))[0])
    issues.push({ path: 'filter.managerId', message: 'There is no such manager.' });
  if (issues.length > 0) throw new InvalidInputError(issues);
}

const conditionsOf = ({ testCustomer, managerId }: SelectionFilter) => ({
  testCustomer: testCustomer || undefined,
  managerId: managerId ?? undefined,
});

/** Whether a customer fits a filter now. Who was erased fits none. */
export async function fits(
  { directory }: ErasureContext,
  viewer: Principal,
  filter: SelectionFilter,
  customerId: string,
): Promise<boolean> {
  return (await directory.count(viewer, { ...conditionsOf(filter), ids: [customerId] })) > 0;
}

/** Those who are named, as far as they are there; who was erased is among them. */
async function takeNamed({ directory }: ErasureContext, viewer: Principal, ids: readonly string[]) {
  const customers = await directory.byIds(viewer, ids);
  return customers.filter((customer) => customer !== null).toSorted((a, b) => (a.id < b.id ? -1 : 1));
}

/**
 * Takes a selection: who it comes to now, as far as the viewer reaches them.
 *
 * @throws {BulkTooLargeError}
 */
export async function take(
  context: ErasureContext,
  viewer: Principal,
  { customerIds, filter }: Selection,
  most: number,
): Promise<Selected> {
  const { directory } = context;
  const ids = customerIds && [...new Set(customerIds)];
  if (ids?.length === 0) return { customers: [], notFound: 0 };
  const conditions = filter && { ...conditionsOf(filter), ...(ids && { ids }) };
  const count = ids?.length ?? (await directory.count(viewer, conditions!));
  if (count > most) throw new BulkTooLargeError(count, most);
  const customers = conditions
    ? await directory.list(viewer, conditions, { limit: most, backwards: false })
    : await takeNamed(context, viewer, ids!);
  return { customers, notFound: ids ? ids.length - customers.length : 0 };
}
