import pino from 'pino';
import { Writable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Api, GraphqlAnswer } from '../support/api.ts';
import { DELETE } from '../support/documents.ts';
import { startWorld, type World } from '../support/world.ts';
import { Receiver } from './receiver.ts';

let world: World;
let receiver: Receiver;
let offsetMs = 0;
const logged: { level: number; msg: string; role?: string }[] = [];
const ERROR = 50;

beforeAll(async () => {
  receiver = await Receiver.start('alarm', undefined, ['cap.reached', 'erasure.refused', 'erasures.*']);
  const stream = new Writable({
    write(line: Buffer, _encoding, done) {
      logged.push(JSON.parse(line.toString()) as (typeof logged)[number]);
      done();
    },
  });
  world = await startWorld({
    caps: { perHour: { ADMIN: 1, MASTER: 0, RESALE: 0 }, sharePerDay: 0.2 },
    webhooks: [receiver.endpoint],
    clock: { now: () => new Date(Date.now() + offsetMs) },
    log: pino({ level: 'error' }, stream),
    pace: (ms) => Math.min(ms, 1_000),
  });
});

afterAll(async () => {
  await world.close();
  await receiver.close();
});

const ask = async (api: Api, number: number): Promise<string> =>
  (await api.data(DELETE, { input: { customerId: world.id(number), reason: 'a test' } })).deleteCustomer
    .__typename;

const many = (api: Api, count: number): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => ask(api, 30 + i)));

/** Alarms that have arrived when an event that was made after all of them has. */
async function alarms(): Promise<Record<string, unknown>[]> {
  const before = receiver.messages.length;
  await world.admin.data('mutation { resumeErasures(input: { reason: "x" }) { __typename } }');
  const events = await receiver.until((all) =>
    all.slice(before).some(({ type }) => type === 'erasures.resumed'),
  );
  return events.filter(({ type }) => type === 'cap.reached').map(({ data }) => data);
}

async function logOf(action: string): Promise<GraphqlAnswer['data'][]> {
  const { auditLog } = await world.admin.data(
    '{ auditLog(last: 100) { edges { node { action role details } } } }',
  );
  const nodes = auditLog.edges.map(({ node }: { node: { action: string } }) => node);
  return nodes.filter((node: { action: string }) => node.action === action);
}

test('a cap that is reached is one alarm a minute for each role, and every refusal is in the audit log', async () => {
  const master = await world.as({ role: 'MASTER' });
  const answers = await many(master, 12);
  expect(new Set(answers)).toEqual(new Set(['ErasureCapError']));
  await expect.poll(async () => (await alarms()).length).toBe(1);
  const [alarm] = await alarms();
  expect(alarm).toMatchObject({
    cap: 'ROLE_PER_HOUR',
    role: 'MASTER',
    customerId: null,
    integrationId: null,
  });
  expect(await logOf('erasure.refused')).toHaveLength(12);
  expect(await logOf('cap.reached')).toHaveLength(1);

  const reseller = await world.as({ role: 'RESALE', manager: 'glacier' });
  const own = world.people.find(({ manager, number }) => manager === 'glacier' && number > 60)!.number;
  expect(await ask(reseller, own)).toBe('ErasureCapError');
  await expect.poll(async () => (await alarms()).map(({ role }) => role)).toEqual(['MASTER', 'RESALE']);

  offsetMs = 61_000;
  expect(await many(master, 3)).toHaveLength(3);
  await expect
    .poll(async () => (await alarms()).map(({ role }) => role))
    .toEqual(['MASTER', 'RESALE', 'MASTER']);
  expect(await logOf('erasure.refused')).toHaveLength(16);
});

test('an alarm is logged as an error, and no event is sent for each refusal by a cap', async () => {
  const errors = logged.filter(({ level }) => level === ERROR);
  expect(errors.map(({ msg, role }) => [msg, role])).toEqual([
    ['a cap on erasures was reached', 'MASTER'],
    ['a cap on erasures was reached', 'RESALE'],
    ['a cap on erasures was reached', 'MASTER'],
  ]);
  const types = new Set(receiver.events.map(({ type }) => type));
  expect([...types].toSorted()).toEqual(['cap.reached', 'erasures.resumed']);
});
