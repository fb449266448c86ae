import { reachOf, type Principal, type Reach } from '../access/viewer.ts';
import type { Stretch } from '../customer/directory.ts';
import { withinReach } from '../customer/reach.ts';
import type { Store } from '../store/store.ts';
import { attemptOf, erasureOf, taskOf, type Attempt, type Erasure, type Task } from './erasure.ts';

const within = (store: Store, reach: Reach) =>
  store.db
    .selectFrom('erasure')
    .selectAll('erasure')
    .innerJoin('customer', 'customer.id', 'erasure.customer_id')
    .where(withinReach(reach));

/** The erasures of customers within the viewer's reach, one answer per id. */
export async function erasuresByIds(
  store: Store,
  viewer: Principal,
  ids: readonly string[],
): Promise<(Erasure | null)[]> {
  const rows = await within(store, reachOf(viewer))
    .where('erasure.id', 'in', [...ids])
    .execute();
  const byId = new Map(rows.map((row) => [row.id, erasureOf(row)]));
  return ids.map((id) => byId.get(id) ?? null);
}

export async function erasureById(store: Store, viewer: Principal, id: string): Promise<Erasure | null> {
  return (await erasuresByIds(store, viewer, [id]))[0]!;
}

/** The erasure that a task belongs to. */
export async function erasureOfTask(
  store: Store,
  viewer: Principal,
  taskId: string,
): Promise<Erasure | null> {
  const row = await within(store, reachOf(viewer))
    .innerJoin('task', 'task.erasure_id', 'erasure.id')
    .where('task.id', '=', taskId)
    .executeTakeFirst();
  return row ? erasureOf(row) : null;
}

interface ErasureFilter {
  customerId?: string | undefined;
  states?: readonly string[] | undefined;
  waitingReasons?: readonly string[] | undefined;
}

/** In the order of their ids. */
export async function listErasures(
  store: Store,
  viewer: Principal,
  filter: ErasureFilter,
  stretch: Stretch,
): Promise<Erasure[]> {
  let query = within(store, reachOf(viewer));
  if (filter.customerId !== undefined) query = query.where('customer_id', '=', filter.customerId);
  if (filter.states !== undefined) query = query.where('state', 'in', [...filter.states]);
  const { waitingReasons } = filter;
  if (waitingReasons !== undefined)
    query = query.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('task')
          .select('task.id')
          .whereRef('task.erasure_id', '=', 'erasure.id')
          .where('task.waiting_reason', 'in', [...waitingReasons]),
      ),
    );
  if (stretch.after) query = query.where('erasure.id', '>', stretch.after);
  if (stretch.before) query = query.where('erasure.id', '<', stretch.before);
  const rows = await query
    .orderBy('erasure.id', stretch.backwards ? 'desc' : 'asc')
    .limit(stretch.limit)
    .execute();
  return rows.map(erasureOf);
}

/** The tasks of erasures that the viewer may know of, in the order of their plans: one list per erasure. */
export async function tasksOf(store: Store, erasureIds: readonly string[]): Promise<Task[][]> {
  const query = store.db
    .selectFrom('task')
    .selectAll()
    .where('erasure_id', 'in', [...erasureIds]);
  const tasks = (await query.orderBy('position').execute()).map(taskOf);
  return erasureIds.map((id) => tasks.filter((task) => task.erasureId === id));
}

/** The attempts of tasks, in order: one list per task. */
export async function attemptsOf(store: Store, taskIds: readonly string[]): Promise<Attempt[][]> {
  const query = store.db
    .selectFrom('attempt')
    .selectAll()
    .where('task_id', 'in', [...taskIds]);
  const attempts = (await query.orderBy('number').execute()).map(attemptOf);
  return taskIds.map((id) => attempts.filter((attempt) => attempt.taskId === id));
}
