import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { UnauthenticatedError } from '../src/access/errors.ts';
import { tokenReader, type Authenticate } from '../src/access/token.ts';
import { systemClock } from '../src/clock.ts';
import { Revocations } from '../src/revocation/revocations.ts';
import { unlessRevoked } from '../src/revocation/unless-revoked.ts';
import { openStore, type Store } from '../src/store/store.ts';
import { createDatabase, dropDatabase } from './support/postgres-databases.ts';
import { clockBehind, earlier, revoke } from './support/revocations.ts';
import { mintToken, tokenSettings } from './support/tokens.ts';
import { startWorld, type World } from './support/world.ts';

const WITHIN_MS = 1_000;

let databaseUrl: string;
let world: World;
/** Another process on the same database, as far as it judges tokens. */
let store: Store;
let revocations: Revocations;
let authenticate: Authenticate;

beforeAll(async () => {
  databaseUrl = await createDatabase();
  world = await startWorld({ store: { databaseUrl }, clock: clockBehind() });
  store = await openStore({ databaseUrl });
  const { maxAgeSeconds } = tokenSettings;
  const surroundings = { clock: systemClock, log: pino({ level: 'silent' }) };
  revocations = new Revocations({ store, maxAgeSeconds, ...surroundings });
  authenticate = unlessRevoked(await tokenReader(tokenSettings, surroundings), revocations);
});

afterAll(async () => {
  await revocations.stop();
  await store.close();
  await world.close();
  await dropDatabase(databaseUrl);
});

const headerOf = async (jti: string): Promise<string[]> => [
  `Bearer ${await mintToken(earlier({ subject: 'someone', jti }))}`,
];

test('a token that was revoked in one process is refused in another, and what it has opened there ends', async () => {
  const [first, second] = [await headerOf('first'), await headerOf('second')];
  const viewer = await authenticate(first);
  const ended = new Promise<number>((resolve) => revocations.watch(viewer!, () => resolve(Date.now())));
  await revoke(world.admin, { jti: 'first' });
  const revokedAt = Date.now();
  expect((await ended) - revokedAt).toBeLessThan(WITHIN_MS);
  await expect(authenticate(first)).rejects.toBeInstanceOf(UnauthenticatedError);
  expect(await authenticate(second)).toMatchObject({ subject: 'someone' });
  await revoke(world.admin, { subject: 'someone' });
  await expect
    .poll(() => authenticate(second).catch((error: unknown) => (error as Error).name), { timeout: WITHIN_MS })
    .toBe('UnauthenticatedError');
});

test('a process that starts afterwards knows of it', async () => {
  const another = new Revocations({
    store,
    clock: systemClock,
    log: pino({ level: 'silent' }),
    maxAgeSeconds: tokenSettings.maxAgeSeconds,
  });
  const token = { subject: 'x', tokenId: 'first', issuedAt: new Date() };
  expect(await another.has(token)).toBe(true);
  await another.stop();
});
