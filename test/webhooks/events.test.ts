import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DELETE } from '../support/documents.ts';
import { erase, requestErasure } from '../support/erasures.ts';
import { startWorld, type World } from '../support/world.ts';
import { Receiver, type Event } from './receiver.ts';

/** Of the erasure of customer 1, of whom every provider holds something. */
let erasure: { id: string; tasks: { integrationId: string; outcome: string; verdict: string }[] };
let world: World;
let all: Receiver;
let completed: Receiver;

beforeAll(async () => {
  [all, completed] = await Promise.all([
    Receiver.start('all'),
    Receiver.start('completed', undefined, ['erasure.completed', 'hold.*']),
  ]);
  const webhooks = [all.endpoint, completed.endpoint];
  world = await startWorld({ webhooks, pace: (ms) => Math.min(ms, 1_000) });
  erasure = await erase(world.admin, world.id(1));
  await all.until((events) => events.some(({ type }) => type === 'erasure.completed'));
});

afterAll(async () => {
  await world.close();
  await Promise.all([all.close(), completed.close()]);
});

const bySequence = (events: Event[]): Event[] =>
  events.toSorted((a, b) => Number(a.data['sequence']) - Number(b.data['sequence']));

const ofErasure = async (id: string, last: string): Promise<Event[]> => {
  const events = await all.until((some) =>
    some.some(({ type, data }) => type === last && data['erasureId'] === id),
  );
  return bySequence(events.filter(({ data }) => data['erasureId'] === id));
};

describe('the events of a deletion', () => {
  test('tell each change of the erasure and each task that is settled, as the API does', async () => {
    const events = await ofErasure(erasure.id, 'erasure.completed');
    expect(events.map(({ type }) => type).filter((type) => type.startsWith('erasure.'))).toEqual([
      'erasure.requested',
      'erasure.running',
      'erasure.irreversible',
      'erasure.verifying',
      'erasure.completed',
    ]);
    const tasks = events.filter(({ type }) => type.startsWith('task.'));
    const told = tasks.map(({ type, data: { integrationId, outcome, verdict, customerId } }) => ({
      type,
      integrationId,
      outcome,
      verdict,
      customerId,
    }));
    const shown = erasure.tasks.map(({ integrationId, outcome, verdict }) => ({
      type: 'task.succeeded',
      integrationId,
      outcome,
      verdict,
      customerId: world.id(1),
    }));
    const byPlace = (a: { integrationId?: unknown }, b: { integrationId?: unknown }): number =>
      String(a.integrationId).localeCompare(String(b.integrationId));
    expect(told.toSorted(byPlace)).toEqual(shown.toSorted(byPlace));
  });

  test('are signed, each under an id of its own, and say when it happened and when it was sent', async () => {
    const { auditLog } = await world.admin.data(
      'query ($id: ID!) { auditLog(erasureId: $id, first: 100) { edges { node { id at action } } } }',
      { id: erasure.id },
    );
    const at = new Map(
      auditLog.edges.map(({ node }: { node: { id: string; at: string } }) => [node.id, node.at]),
    );
    expect(new Set(all.messages.map(({ id }) => id)).size).toBe(all.messages.length);
    for (const message of all.messages) {
      const { timestamp, data } = all.verified(message);
      expect(timestamp).toBe(at.get(data['auditEntryId']));
      const sent = Number(message.headers['webhook-timestamp']) * 1000;
      expect(message.at.getTime() - sent).toBeGreaterThanOrEqual(0);
      expect(message.at.getTime() - sent).toBeLessThan(60_000);
      expect(sent).toBeGreaterThanOrEqual(Date.parse(timestamp) - 1_000);
      expect(message.headers['content-type']).toBe('application/json');
    }
  });

  test('name nobody: no address, name, external id, reason or caller', async () => {
    const { email, name, engagelab, learn, vpn, onelogin } = world.person(1);
    const bodies = all.messages.map(({ body }) => body).join('\n');
    const secrets = [email, name, engagelab!.registrationId, learn!.ref, vpn!.userId, onelogin!.id, 'a test'];
    for (const secret of secrets) expect(bodies).not.toContain(String(secret));
    for (const { data } of all.events) expect(Object.keys(data)).not.toContain('actor');
  });

  test('reach only endpoints that want them', async () => {
    const events = await completed.until((some) => some.length > 0);
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['erasure.completed']));
  });

  test('fail to be verified when a byte, the id or the time is changed', () => {
    const [message] = all.messages;
    expect(all.verified(message!)).toMatchObject({ type: expect.any(String) });
    const { headers, body } = message!;
    const tampered: [string, object][] = [
      [body.replace('"data"', '"date"'), {}],
      [body, { 'webhook-id': 'msg_other' }],
      [body, { 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) }],
    ];
    for (const [text, changed] of tampered) {
      const changedHeaders = { ...headers, ...changed } as Record<string, string>;
      expect(() => all.webhook.verify(text, changedHeaders)).toThrow('No matching signature');
    }
    expect(() => completed.verified(message!)).toThrow('No matching signature');
  });
});

describe('events besides', () => {
  const type = (name: string) => (events: Event[]) => events.some((event) => event.type === name);

  test('are a deletion that ends otherwise, and what was asked for and refused', async () => {
    await world.vendors.onelogin.fault({ kind: 'STATUS', status: 403, method: 'DELETE' });
    const id = await requestErasure(world.admin, world.id(2), { integrationIds: ['onelogin'] });
    const events = await ofErasure(id, 'erasure.failed');
    await world.vendors.onelogin.fault();
    expect(events.find((event) => event.type === 'task.failed')?.data).toMatchObject({
      integrationId: 'onelogin',
      state: 'FAILED',
      errorCode: 'FORBIDDEN',
    });
    await world.admin.send(DELETE, { input: { customerId: world.id(1), reason: 'again' } });
    const refused = (await all.until(type('erasure.refused'))).find(
      (event) => event.type === 'erasure.refused',
    );
    expect(refused?.data).toMatchObject({ customerId: world.id(1), refusal: 'ErasureBlockedError' });
  });

  test('are holds and the stop switch, without their words', async () => {
    const { placeHold } = await world.admin.data(
      'mutation ($id: ID!) { placeHold(input: { customerId: $id, ground: "sealed" }) { ... on HoldPayload { hold { id } } } }',
      { id: world.id(3) },
    );
    await world.admin.data(
      'mutation ($id: ID!) { releaseHold(input: { holdId: $id, reason: "sealed" }) { __typename } }',
      { id: placeHold.hold.id },
    );
    await world.admin.data('mutation { pauseErasures(input: { reason: "sealed" }) { __typename } }');
    await world.admin.data('mutation { resumeErasures(input: { reason: "sealed" }) { __typename } }');
    for (const name of ['hold.placed', 'hold.released', 'erasures.paused', 'erasures.resumed'])
      await all.until(type(name));
    expect(all.messages.map(({ body }) => body).join()).not.toContain('sealed');
  });

  test('are nothing of what only the audit log is for', () => {
    const families = new Set(all.events.map((event) => event.type.replace(/\..*/, '')));
    expect([...families].toSorted()).toEqual(['erasure', 'erasures', 'hold', 'task']);
  });
});
