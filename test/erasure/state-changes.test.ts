import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GATEWAY } from '../../src/audit/log.ts';
import { insertCustomers } from '../../src/customer/insert.ts';
import { changeErasureState, changeTask, load, type ErasureWithTasks } from '../../src/erasure/journal.ts';
import {
  ERASURE_STATES,
  mayErasureBecome,
  mayTaskBecome,
  TASK_STATES,
  type ErasureState,
  type TaskState,
} from '../../src/erasure/words.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { emptyStore } from '../support/world.ts';
import { ERASURE_CHANGES, TASK_CHANGES } from './allowed-changes.ts';

const AT = new Date('2031-01-01T00:00:00Z');

const pairsOf = <State>(states: readonly State[]): [State, State][] =>
  states.flatMap((from) => states.map((to): [State, State] => [from, to]));

let store: Store;

beforeAll(async () => {
  store = await openStore(emptyStore());
});

afterAll(() => store.close());

/** An erasure with one task, in given states. */
async function written(state: ErasureState, taskState: TaskState): Promise<string> {
  const id = randomUUID();
  const person = { email: null, name: null, managerId: null, testCustomer: true };
  await store.transaction(async (tx) => {
    const [customerId] = await insertCustomers(tx, [person], { actor: GATEWAY }, AT);
    const asked = {
      reason: 'a test',
      requested_by: 'a',
      requester_role: 'ADMIN',
      requested_at: AT,
      requester_token_issued_at: AT,
    };
    const hashes = { input_hash: '', request_id: '' };
    await tx
      .insertInto('erasure')
      .values({
        id,
        customer_id: customerId!,
        state,
        everywhere: true,
        integration_ids: 'null',
        ...asked,
        ...hashes,
      })
      .execute();
    const where = { integration_id: 'a', provider: 'A', position: 0, rank: 1, presence: 'FOUND' };
    const account = { key: '{}', account: 'null', next: 'DELETE' };
    await tx
      .insertInto('task')
      .values({ id: randomUUID(), erasure_id: id, state: taskState, ...where, ...account })
      .execute();
  });
  return id;
}

/** All that is written about an erasure. */
async function everything(id: string): Promise<unknown> {
  const entries = store.db.selectFrom('audit_entry').selectAll().where('erasure_id', '=', id);
  return { ...(await load(store.db, id)), entries: await entries.orderBy('id').execute() };
}

const changeErasure =
  (to: ErasureState) =>
  ({ erasure }: ErasureWithTasks): Promise<void> =>
    store.transaction((tx) => changeErasureState(tx, erasure, to, AT));

const changeFirstTask =
  (to: TaskState) =>
  ({ tasks }: ErasureWithTasks): Promise<void> =>
    store.transaction((tx) => changeTask(tx, tasks[0]!, { state: to }, { action: 'test' }, AT));

async function expectRefused(
  id: string,
  change: (journal: ErasureWithTasks) => Promise<void>,
  message: string,
): Promise<void> {
  const before = await everything(id);
  await expect(change(await load(store.db, id))).rejects.toThrow(message);
  expect(await everything(id)).toEqual(before);
}

describe('an erasure', () => {
  const allowed = ([from, to]: [ErasureState, ErasureState]): boolean => to in ERASURE_CHANGES[from];
  const changes = pairsOf(ERASURE_STATES).filter(([from, to]) => from !== to);

  test.each(pairsOf(ERASURE_STATES))('that is %s may become %s only as the table says', (from, to) => {
    expect(mayErasureBecome(from, to)).toBe(allowed([from, to]));
  });

  test.each(changes.filter(allowed))('that is %s becomes %s, and the log says so', async (from, to) => {
    const id = await written(from, 'PENDING');
    await changeErasure(to)(await load(store.db, id));
    expect(await everything(id)).toMatchObject({
      erasure: { state: to },
      entries: [{ details: { state: to } }],
    });
  });

  test.each(changes.filter((change) => !allowed(change)))(
    'that is %s does not become %s, and nothing is written',
    async (from, to) => {
      const id = await written(from, 'PENDING');
      await expectRefused(id, changeErasure(to), `an erasure may not go from ${from} to ${to}`);
    },
  );
});

describe('a task', () => {
  const allowed = ([from, to]: [TaskState, TaskState]): boolean => from === to || to in TASK_CHANGES[from];

  test.each(pairsOf(TASK_STATES))('that is %s may become %s only as the table says', (from, to) => {
    expect(mayTaskBecome(from, to)).toBe(allowed([from, to]));
  });

  test.each(pairsOf(TASK_STATES).filter(allowed))(
    'that is %s becomes %s, and the log says so',
    async (from, to) => {
      const id = await written('RUNNING', from);
      await changeFirstTask(to)(await load(store.db, id));
      expect(await everything(id)).toMatchObject({
        tasks: [{ state: to }],
        entries: [{ details: { state: to } }],
      });
    },
  );

  test.each(pairsOf(TASK_STATES).filter((change) => !allowed(change)))(
    'that is %s does not become %s, and nothing is written',
    async (from, to) => {
      const id = await written('RUNNING', from);
      await expectRefused(id, changeFirstTask(to), `a task may not go from ${from} to ${to}`);
    },
  );
});
