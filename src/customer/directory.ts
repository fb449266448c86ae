import type { Selectable } from 'kysely';
import { reachOf, type Reach, type Principal } from '../access/viewer.ts';
import type { CustomerTable } from '../store/customer-tables.ts';
import type { Store } from '../store/store.ts';
import type { Customer } from './customer.ts';
import { emailKey } from './email.ts';
import { isWithinReach, withinReach } from './reach.ts';

export interface CustomerFilter {
  /** Only of these. */
  ids?: readonly string[] | undefined;
  email?: string | undefined;
  /** Only customers that this manager or one below it manages. */
  managerId?: string | undefined;
  testCustomer?: boolean | undefined;
}

/** A stretch of an ordered list: after and before are exclusive; backwards takes its end. */
export interface Stretch {
  after?: string | undefined;
  before?: string | undefined;
  limit: number;
  backwards: boolean;
}

/** A customer as a row of its table says. */
export function customerOf(row: Selectable<CustomerTable>): Customer {
  return {
    id: row.id,
    email: row.email,
    emailConfirmed: row.email_confirmed,
    name: row.name,
    managerId: row.manager_id,
    testCustomer: row.test_customer,
    createdAt: row.created_at,
    erasedAt: row.erased_at,
  };
}

/** The customers that the viewer may know of. Foreign and unknown are left out alike. */
export class Directory {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** One answer per id, in order. */
  async byIds(
    viewer: Pick<Principal, 'role' | 'manager'>,
    ids: readonly string[],
  ): Promise<(Customer | null)[]> {
    const rows = await this.#within(reachOf(viewer))
      .where('id', 'in', [...ids])
      .execute();
    const byId = new Map(rows.map((row) => [row.id, customerOf(row)]));
    return ids.map((id) => byId.get(id) ?? null);
  }

  async byId(viewer: Pick<Principal, 'role' | 'manager'>, id: string): Promise<Customer | null> {
    return (await this.byIds(viewer, [id]))[0]!;
  }

  /** In the order of their ids. */
  async list(
    viewer: Pick<Principal, 'role' | 'manager'>,
    filter: CustomerFilter,
    stretch: Stretch,
  ): Promise<Customer[]> {
    let query = this.#filtered(reachOf(viewer), filter).selectAll();
    if (stretch.after) query = query.where('id', '>', stretch.after);
    if (stretch.before) query = query.where('id', '<', stretch.before);
    const rows = await query
      .orderBy('id', stretch.backwards ? 'desc' : 'asc')
      .limit(stretch.limit)
      .execute();
    return rows.map(customerOf);
  }

  async count(viewer: Pick<Principal, 'role' | 'manager'>, filter: CustomerFilter): Promise<number> {
    const { count } = await this.#filtered(reachOf(viewer), filter)
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    return count;
  }

  /** Those who are not erased. */
  #filtered(reach: Reach, { ids, email, testCustomer, managerId }: CustomerFilter) {
    let query = this.#store.db
      .selectFrom('customer')
      .where(withinReach(reach))
      .where('erased_at', 'is', null);
    if (ids !== undefined) query = query.where('id', 'in', [...ids]);
    if (email !== undefined) query = query.where('email_key', '=', emailKey(email));
    if (testCustomer !== undefined) query = query.where('test_customer', '=', testCustomer);
    if (managerId !== undefined)
      query = query
        .where(withinReach({ everyone: false, manager: managerId }))
        .where(isWithinReach(reach, managerId)); // or one above would be told from one that is not there
    return query;
  }

  #within(reach: Reach) {
    return this.#store.db.selectFrom('customer').selectAll().where(withinReach(reach));
  }
}
