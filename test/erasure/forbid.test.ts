import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GATEWAY } from '../../src/audit/log.ts';
import { insertCustomers } from '../../src/customer/insert.ts';
import { approverColumns, requesterColumns } from '../../src/erasure/backing.ts';
import { erasureOf, type Erasure } from '../../src/erasure/erasure.ts';
import { isAllowed } from '../../src/erasure/forbid.ts';
import { revoke, type Revoked } from '../../src/revocation/revoke.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { emptyStore } from '../support/world.ts';

const AT = new Date();
const earlier = new Date(AT.getTime() - 60_000);

let store: Store;

beforeAll(async () => {
  store = await openStore(emptyStore());
});

afterAll(() => store.close());

/** An erasure that one has asked for and another has approved. */
const written = (name: string): Promise<Erasure> =>
  store.transaction(async (tx) => {
    const person = { email: null, name: null, managerId: null, testCustomer: true };
    const [customerId] = await insertCustomers(tx, [person], { actor: GATEWAY }, AT);
    const token = (who: string) => ({
      subject: `${name} ${who}`,
      tokenId: `of ${name} ${who}`,
      issuedAt: earlier,
    });
    const row = await tx
      .insertInto('erasure')
      .values({
        id: randomUUID(),
        customer_id: customerId!,
        state: 'RUNNING',
        everywhere: true,
        integration_ids: 'null',
        reason: 'a test',
        requester_role: 'ADMIN',
        requested_at: AT,
        input_hash: '',
        request_id: '',
        requested_by: token('asker').subject,
        approved_by: token('approver').subject,
        ...requesterColumns(token('asker')),
        ...approverColumns(token('approver')),
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return erasureOf(row);
  });

test.each<[string, (name: string) => Revoked]>([
  ['whoever asked', (name) => ({ jti: null, subject: `${name} asker` })],
  ['the token of whoever asked', (name) => ({ jti: `of ${name} asker`, subject: null })],
  ['whoever approved', (name) => ({ jti: null, subject: `${name} approver` })],
  ['the token of whoever approved', (name) => ({ jti: `of ${name} approver`, subject: null })],
])('no attempt begins once %s is revoked, though the step was chosen before', async (name, which) => {
  const erasure = await written(name);
  const mayBegin = (): Promise<boolean> => store.transaction((tx) => isAllowed(tx, erasure));
  expect(await mayBegin()).toBe(true);
  await store.transaction((tx) => revoke(tx, { jti: null, subject: 'somebody else' }, AT));
  expect(await mayBegin()).toBe(true);
  await store.transaction((tx) => revoke(tx, which(name), AT));
  expect(await mayBegin()).toBe(false);
});
