import { reachOf, type Principal } from '../access/viewer.ts';
import { CopiedReads } from '../store/copied-reads.ts';
import type { Store } from '../store/store.ts';
import type { Customer } from './customer.ts';
import { customerOf } from './directory.ts';
import { emailKey } from './email.ts';
import { linksOf, type Link } from './links.ts';
import { ownersOf, type Holding } from './owners.ts';
import { withinReach } from './reach.ts';

type Viewer = Pick<Principal, 'role' | 'manager'>;

/** Other processes tell of what they change. Should that be lost, their change is seen after a second at the latest. */
const MAX_AGE_MS = 1_000;

const same = (text: string): string => text;

/** The managers that each of some managers acts for. */
async function belowOf({ db }: Store, managers: readonly string[]): Promise<Set<string>[]> {
  const trees = managers.map(async (manager) => {
    const rows = await db
      .selectFrom('manager')
      .select('id')
      .where(withinReach({ everyone: false, manager }, 'manager.id'))
      .execute();
    return new Set(rows.map(({ id }) => id));
  });
  return Promise.all(trees);
}

/**
 * The directory for those who look: customers, links and owners are read for many requests together, and kept in memory
 * until something is changed. Whatever changes or deletes reads the store itself.
 */
export class DirectoryCopy {
  readonly #customers: CopiedReads<string, Customer | null>;
  readonly #idsByEmail: CopiedReads<string, string | null>;
  readonly #below: CopiedReads<string, Set<string>>;
  readonly #links: CopiedReads<string, readonly Link[]>;
  readonly #owners: CopiedReads<Holding, Set<string>>;

  constructor(store: Store) {
    const { db, customerWrites: writes, embedded } = store;
    const kept = { writes, maxAgeMs: embedded ? Number.POSITIVE_INFINITY : MAX_AGE_MS };
    this.#customers = new CopiedReads({
      ...kept,
      nameOf: same,
      async load(ids) {
        const rows = await db
          .selectFrom('customer')
          .selectAll()
          .where('id', 'in', [...ids])
          .execute();
        const byId = new Map(rows.map((row) => [row.id, customerOf(row)]));
        return ids.map((id) => byId.get(id) ?? null);
      },
    });
    this.#idsByEmail = new CopiedReads({
      ...kept,
      nameOf: same,
      async load(keys) {
        const query = db.selectFrom('customer').select(['id', 'email_key']);
        const rows = await query.where('email_key', 'in', [...keys]).execute();
        const byKey = new Map(rows.map((row) => [row.email_key, row.id]));
        return keys.map((key) => byKey.get(key) ?? null);
      },
    });
    this.#below = new CopiedReads({ ...kept, nameOf: same, load: (managers) => belowOf(store, managers) });
    this.#links = new CopiedReads({ ...kept, nameOf: same, load: (ids) => linksOf(store, ids) });
    this.#owners = new CopiedReads({
      ...kept,
      nameOf: ({ integration: { id }, account: { externalId, email } }) =>
        JSON.stringify([id, externalId, email]),
      load: (holdings) => ownersOf(db, holdings),
    });
  }

  /** A customer that the viewer may know of. Foreign and unknown look the same. */
  async byId(viewer: Viewer, id: string): Promise<Customer | null> {
    const found = this.#customers.load(id);
    const reach = reachOf(viewer);
    if (reach.everyone) return found;
    const [customer, below] = await Promise.all([found, this.#below.load(reach.manager)]);
    return customer?.managerId != null && below.has(customer.managerId) ? customer : null;
  }

  /** The same by e-mail address, in any case. */
  async byEmail(viewer: Viewer, email: string): Promise<Customer | null> {
    const id = await this.#idsByEmail.load(emailKey(email));
    return id === null ? null : this.byId(viewer, id);
  }

  links(customerId: string): readonly Link[] | Promise<readonly Link[]> {
    return this.#links.load(customerId);
  }

  owners(holding: Holding): Set<string> | Promise<Set<string>> {
    return this.#owners.load(holding);
  }
}
