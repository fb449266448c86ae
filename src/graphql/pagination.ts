import { resolveCursorConnection } from '@pothos/plugin-relay';
import type { Stretch } from '../customer/directory.ts';
import { UUID } from './ids.ts';
import { badInput } from './refusals.ts';

const DEFAULT_SIZE = 25;
export const MAX_SIZE = 100;

interface PageArgs {
  first?: number | null | undefined;
  last?: number | null | undefined;
  after?: string | null | undefined;
  before?: string | null | undefined;
}

/** A stretch of a list that is ordered by numbers. */
interface NumberStretch extends Omit<Stretch, 'after' | 'before'> {
  after: number | undefined;
  before: number | undefined;
}

/** What the ids of a list look like. */
const IDS = {
  UUID,
  NUMBER: /^\d{1,15}$/,
  /** What a provider calls its accounts. */
  EXTERNAL: /^[^\p{Cc}]{1,512}$/u,
};

function decodeCursor(cursor: string, ids: keyof typeof IDS): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!IDS[ids].test(id)) throw badInput('This is not a cursor of this list.');
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
export async function connectionById<T extends { id: string | number }>(
  args: PageArgs,
  load: (stretch: Stretch) => Promise<T[]>,
  ids: keyof typeof IDS = 'UUID',
) {
  check(args);
  const connection = await resolveCursorConnection<Promise<T[]>>(
    {
      args,
      defaultSize: DEFAULT_SIZE,
      maxSize: MAX_SIZE,
      toCursor: (item) => Buffer.from(String(item.id)).toString('base64url'),
    },
    ({ before, after, limit, inverted }) =>
      load({
        after: after === undefined ? undefined : decodeCursor(after, ids),
        before: before === undefined ? undefined : decodeCursor(before, ids),
        limit,
        backwards: inverted,
      }),
  );
  if (connection.edges.length > 0) return connection;
  // Pothos repeats the cursor that was asked from, and without one answers an empty text.
  return { ...connection, pageInfo: { ...connection.pageInfo, startCursor: null, endCursor: null } };
}

/** The same over a list whose ids are numbers. */
export function connectionByNumber<T extends { id: number }>(
  args: PageArgs,
  load: (stretch: NumberStretch) => Promise<T[]>,
) {
  const toNumber = (id: string | undefined): number | undefined =>
    id === undefined ? undefined : Number(id);
  return connectionById(
    args,
    ({ after, before, ...rest }) => load({ ...rest, after: toNumber(after), before: toNumber(before) }),
    'NUMBER',
  );
}
