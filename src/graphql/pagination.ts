import { resolveCursorConnection } from '@pothos/plugin-relay';
import type { Stretch } from '../customer/directory.ts';
import { badInput } from './refusals.ts';

const DEFAULT_SIZE = 25;
export const MAX_SIZE = 100;

interface PageArgs {
  first?: number | null | undefined;
  last?: number | null | undefined;
  after?: string | null | undefined;
  before?: string | null | undefined;
}

/** Ids are UUIDs, numbers, or what providers call their accounts. */
const CURSOR = /^[^\p{Cc}]{1,512}$/u;

function decodeCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!CURSOR.test(id)) throw badInput('This is not a cursor of this list.');
  return id;
}

function check(args: PageArgs): void {
  for (const name of ['first', 'last'] as const) {
    const size = args[name];
    if (size != null && (size < 1 || size > MAX_SIZE))
      throw badInput(`"${name}" must be between 1 and ${MAX_SIZE}.`);
  }
  if (args.first != null && args.last != null) throw badInput('Give "first" or "last", not both.');
}

/** A Relay connection over a list that is ordered by id: cursors stay right while the list changes. */
export function connectionById<T extends { id: string | number }>(
  args: PageArgs,
  load: (stretch: Stretch) => Promise<T[]>,
) {
  check(args);
  return resolveCursorConnection<Promise<T[]>>(
    {
      args,
      defaultSize: DEFAULT_SIZE,
      maxSize: MAX_SIZE,
      toCursor: (item) => Buffer.from(String(item.id)).toString('base64url'),
    },
    ({ before, after, limit, inverted }) =>
      load({
        after: after === undefined ? undefined : decodeCursor(after),
        before: before === undefined ? undefined : decodeCursor(before),
        limit,
        backwards: inverted,
      }),
  );
}
