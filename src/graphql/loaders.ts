import DataLoader from 'dataloader';
import type { Viewer } from '../access/viewer.ts';
import { importsByIds } from '../customer/import/import.ts';
import type { Customer } from '../customer/customer.ts';
import { nameOf, type Door } from '../customer/door.ts';
import { linksOf } from '../customer/links.ts';
import { managersByIds } from '../customer/managers.ts';
import { countsOf } from '../erasure/bulk/counts.ts';
import { bulksByIds } from '../erasure/bulk/read.ts';
import { standingHolds } from '../erasure/hold.ts';
import { refusalAt, refusalsOf } from '../erasure/permission.ts';
import { attemptsOf, erasuresByIds, tasksOf } from '../erasure/read.ts';
import { receiptsOf } from '../erasure/receipt.ts';
import { sweptAt } from '../erasure/reappearance/position.ts';
import type { Notice } from '../providers/provider.ts';
import type { Parts } from './context.ts';

/** Whose request it is, and what it is answered from. */
interface Asked {
  parts: Parts;
  known(): Viewer;
}

type Load<K, V> = (asked: Asked, keys: readonly K[]) => PromiseLike<ArrayLike<V | Error>>;

/** Reads many of one kind together, once a request. */
const loader =
  <K, V>(load: Load<K, V>) =>
  (asked: Asked): DataLoader<K, V> =>
    new DataLoader((keys) => load(asked, keys));

/** How each loader of a request is made. */
const MAKERS = {
  /** By id and by e-mail address together, so that what is asked of the customers next is asked together. */
  customers: ({ parts, known }: Asked): DataLoader<Door, Customer | null, string> =>
    new DataLoader((doors) => Promise.all(doors.map((door) => parts.directoryCopy.at(known(), door))), {
      cacheKeyFn: nameOf,
    }),
  managers: loader(({ parts, known }, ids: readonly string[]) => managersByIds(parts.store, known(), ids)),
  erasures: loader(({ parts, known }, ids: readonly string[]) => erasuresByIds(parts.store, known(), ids)),
  tasks: loader(({ parts }, ids: readonly string[]) => tasksOf(parts.store, ids)),
  attempts: loader(({ parts }, ids: readonly string[]) => attemptsOf(parts.store, ids)),
  receipts: loader(({ parts }, ids: readonly string[]) => receiptsOf(parts.store, ids)),
  links: loader(({ parts }, ids: readonly string[]) => linksOf(parts.store, ids)),
  imports: loader(({ parts, known }, ids: readonly string[]) => importsByIds(parts.store, known(), ids)),
  holds: loader(({ parts }, ids: readonly string[]) => standingHolds(parts.store.db, ids)),
  sweptAt: loader(({ parts }, ids: readonly string[]) => sweptAt(parts.store, ids)),
  bulks: loader(({ parts, known }, ids: readonly string[]) => bulksByIds(parts.store, known(), ids)),
  bulkCounts: loader(({ parts }, ids: readonly string[]) => countsOf(parts.store, ids)),
  /** Why the viewer may not delete a customer. */
  refusals: ({ parts, known }: Asked): DataLoader<Customer, readonly Notice[], string> =>
    new DataLoader((customers) => refusalsOf(parts.erasures, known(), customers), {
      cacheKeyFn: ({ id }) => id,
    }),
  /** Why nobody may be deleted at an integration. */
  refusalsAt: loader(({ parts }, ids: readonly string[]) =>
    Promise.all(ids.map((id) => refusalAt(parts.erasures, id))),
  ),
};

type Makers = typeof MAKERS;

export type Loaders = { readonly [Name in keyof Makers]: ReturnType<Makers[Name]> };

/** The loaders of one request, each made when it is first used. */
export function newLoaders(asked: Asked): Loaders {
  const made: Record<string, unknown> = {};
  return new Proxy(made, {
    get: (_target, name: keyof Makers) => (made[name] ??= MAKERS[name](asked)),
  }) as unknown as Loaders;
}
