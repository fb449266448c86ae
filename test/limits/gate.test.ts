import { setMaxListeners } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { IntegrationGate } from '../../src/limits/integration-gate.ts';
import { ProviderError, type RateLimit } from '../../src/providers/provider.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { emptyStore } from '../support/world.ts';

let store: Store;
let gates = 0;

beforeAll(async () => {
  store = await openStore(emptyStore());
});

afterAll(() => store.close());

interface Setting {
  rateLimit?: RateLimit;
  concurrency?: number;
  pace?: (ms: number) => number;
  db?: Store['db'];
}

const open = ({ rateLimit, concurrency, pace = (ms) => ms, db = store.db }: Setting = {}): IntegrationGate =>
  new IntegrationGate({
    id: `gate-${gates++}`,
    provider: 'TEST',
    rateLimit,
    concurrency,
    db,
    pace,
    log: { warn() {} },
  });

const error = (code: ProviderError['code'], retryAt?: Date): ProviderError =>
  new ProviderError(code, { provider: 'TEST', operation: 'call', status: 503, retryAt });

function soon(ms = 5_000): AbortSignal {
  const signal = AbortSignal.timeout(ms);
  setMaxListeners(0, signal);
  return signal;
}

/** Sends so many calls at once; tells how many reached the provider, and why the others did not. */
async function send(gate: IntegrationGate, count: number, call: () => Promise<unknown>, signal = soon()) {
  let sent = 0;
  const results = await Promise.allSettled(
    Array.from({ length: count }, () => gate.pass('call', signal, () => (sent++, call()))),
  );
  const held = results.flatMap((result) =>
    result.status === 'rejected' ? [(result.reason as ProviderError).postponedBy ?? 'SENT'] : [],
  );
  return { sent, held: held.filter((why) => why !== 'SENT') };
}

const fails = (): Promise<never> => Promise.reject(error('UNAVAILABLE'));
const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('a provider in trouble', () => {
  test('is not called by those who wait behind the fifth failure, and they know that nothing was sent', async () => {
    const { sent, held } = await send(open({ concurrency: 1 }), 30, fails);
    expect(sent).toBe(5);
    expect(held).toEqual(Array.from({ length: 25 }, () => 'CIRCUIT'));
  });

  test('is tried by one call after the pause, whose failure holds the others back', async () => {
    const gate = open({ concurrency: 1, pace: () => 50 });
    await send(gate, 5, fails);
    expect(gate.traffic().circuit).toBe('OPEN');
    await later(60);
    expect(await send(gate, 20, fails)).toEqual({
      sent: 1,
      held: Array.from({ length: 19 }, () => 'CIRCUIT'),
    });
    await later(60);
    expect((await send(gate, 20, () => Promise.resolve())).sent).toBe(20);
    expect(gate.traffic()).toEqual({ circuit: 'CLOSED', running: 0, waiting: 0 });
  });

  test('is not one whose callers had no time: a busy queue opens no circuit', async () => {
    const gate = open({ concurrency: 4 });
    const signal = soon(60);
    const slow = async (): Promise<void> => {
      await later(20);
      if (signal.aborted)
        throw new ProviderError('UNAVAILABLE', { provider: 'TEST', operation: 'call', cause: signal.reason });
    };
    const { sent, held } = await send(gate, 100, slow, signal);
    expect(sent).toBeLessThan(40);
    expect(new Set(held)).toEqual(new Set(['CONCURRENCY']));
    expect(gate.traffic()).toMatchObject({ circuit: 'CLOSED', running: 0, waiting: 0 });
  });
});

describe('a provider that says too many', () => {
  test('is not called by those who had their turn already', async () => {
    const gate = open({ concurrency: 2 });
    const { sent, held } = await send(gate, 30, () =>
      Promise.reject(error('RATE_LIMITED', new Date(Date.now() + 500))),
    );
    expect(sent).toBeLessThanOrEqual(2);
    expect(new Set(held)).toEqual(new Set(['RATE_LIMIT']));
  });

  test('is come back to at the time that it named, however many calls were held meanwhile', async () => {
    const gate = open();
    const retryAt = new Date(Date.now() + 800);
    await send(gate, 1, () => Promise.reject(error('RATE_LIMITED', retryAt)));
    await send(gate, 1_000, fails);
    const hold = gate.admit('FIRST');
    expect('until' in hold && hold.until.getTime() - retryAt.getTime()).toBeLessThan(100);
  });
});

describe('a limit of three an hour', () => {
  test('lets what is allowed through, holds nobody for hours, and loses no turn', async () => {
    const { sent, held } = await send(open({ rateLimit: { requests: 3, perSeconds: 3_600 } }), 10, () =>
      Promise.resolve(),
    );
    expect(sent).toBe(1);
    expect(held).toHaveLength(9);
  });
});

describe('a database that fails', () => {
  test('keeps calls back, for nobody knows whose turn it is', async () => {
    const broken = await openStore(emptyStore());
    const gate = open({ db: broken.db, rateLimit: { requests: 50, perSeconds: 1 } });
    await broken.close();
    expect(await send(gate, 3, () => Promise.resolve())).toEqual({
      sent: 0,
      held: ['RATE_LIMIT', 'RATE_LIMIT', 'RATE_LIMIT'],
    });
  });
});
