import { reachOf, type Principal } from '../access/viewer.ts';
import { CopiedReads } from '../store/copied-reads.ts';
import type { Store } from '../store/store.ts';
import type { Customer } from './customer.ts';
import { customerOf } from './directory.ts';
import { nameOf, type Door } from './door.ts';
import { linksOf, type Link } from './links.ts';
import { ownersOf, type Holding } from './owners.ts';
import { withinReach } from './reach.ts';

type Viewer = Pick<Principal, 'role' | 'manager'>;

/** Other processes tell of what they change. While they cannot be heard, nothing is kept for longer. */
const MAX_AGE_MS = 1_000;

const same = (text: string): string => text;

/** The customers behind some doors; all in one query, so that what is asked of them next is asked together. */
async function customersAt({ db }: Store, doors: readonly Door[]): Promise<(Customer | null)[]> {
  const ids = doors.flatMap((door) => ('id' in door ? door.id : []));
  const keys = doors.flatMap((door) => ('id' in door ? [] : door.emailKey));
  const rows = await db
    .selectFrom('customer')
    .selectAll()
    .where((eb) =>
      eb.or([
        ...(ids.length > 0 ? [eb('id', 'in', ids)] : []),
        ...(keys.length > 0 ? [eb('email_key', 'in', keys)] : []),
      ]),
    )
    .execute();
  const found = new Map<string, Customer>();
  for (const row of rows) {
    found.set(`id ${row.id}`, customerOf(row));
    if (row.email_key !== null) found.set(`email ${row.email_key}`, customerOf(row));
  }
  return doors.map((door) => found.get(nameOf(door)) ?? null);
}

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
  readonly #customers: CopiedReads<Door, Customer | null>;
  readonly #below: CopiedReads<string, Set<string>>;
  readonly #links: CopiedReads<string, readonly Link[]>;
  readonly #owners: CopiedReads<Holding, Set<string>>;

  constructor(store: Store) {
    const { db, customerWrites: writes, changes, embedded } = store;
    const maxAgeMs = embedded ? Number.POSITIVE_INFINITY : MAX_AGE_MS;
    const kept = { writes, maxAgeMs, heardUntil: () => changes.heardUntil };
    this.#customers = new CopiedReads({
      ...kept,
      nameOf,
      load: (doors) => customersAt(store, doors),
    });
    this.#below = new CopiedReads({ ...kept, nameOf: same, load: (managers) => belowOf(store, managers) });
    this.#links = new CopiedReads({ ...kept, nameOf: same, load: (ids) => linksOf(store, ids) });
    this.#owners = new CopiedReads({
      ...kept,
      nameOf: ({ integration: { id }, account: { externalId, email } }) =>
        `${id} ${externalId.length} ${externalId} ${email === null ? '' : `to ${email}`}`,
      load: (holdings) => ownersOf(db, holdings),
    });
  }

  links(customerIds: readonly string[]): Promise<readonly (readonly Link[])[]> {
    return Promise.all(customerIds.map(async (id) => this.#links.load(id)));
  }

  owners(holding: Holding): Set<string> | Promise<Set<string>> {
    return this.#owners.load(holding);
  }

  /** The customer behind a door, where the viewer may know of them. Foreign and unknown look the same. */
  async at(viewer: Viewer, door: Door): Promise<Customer | null> {
    const reach = reachOf(viewer);
    const found = this.#customers.load(door);
    if (reach.everyone) return found;
    const [customer, below] = await Promise.all([found, this.#below.load(reach.manager)]);
    return customer?.managerId != null && below.has(customer.managerId) ? customer : null;
  }
}
