import { sql, type Expression, type SqlBool } from 'kysely';
import type { Reach } from '../access/viewer.ts';
import { isPlain } from './account-key.ts';

/**
 * The managers that a viewer acts for: its own and all below. `union` ends where a tree has become a cycle. What the
 * database cannot hold as it is, or would change, is no manager.
 */
const subtree = (manager: string) =>
  isPlain(manager)
    ? sql<string>`
  with recursive below(id) as (
    select id from manager where id = ${manager}
    union
    select manager.id from manager join below on manager.parent_id = below.id
  ) select id from below`
    : sql<string>`select null where false`;

/** The condition that a manager is within reach. */
export function isWithinReach(reach: Reach, manager: string): Expression<SqlBool> {
  if (reach.everyone) return sql<SqlBool>`true`;
  return isPlain(manager) ? sql<SqlBool>`${manager} in (${subtree(reach.manager)})` : sql<SqlBool>`false`;
}

/** The condition that a row's manager is within reach, to put into every query on customers. */
export function withinReach(reach: Reach, column = 'customer.manager_id'): Expression<SqlBool> {
  if (reach.everyone) return sql<SqlBool>`true`;
  return sql<SqlBool>`${sql.ref(column)} in (${subtree(reach.manager)})`;
}
