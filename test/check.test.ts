import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PARTICLE_API_USERS } from '../src/sandbox/particle.ts';
import { runCommand, type Ended } from './support/command.ts';
import { FINGERPRINT_KEY_TEXT } from './support/fingerprint-key.ts';
import { startFleet, type Fleet } from './support/fleet.ts';
import { signingKeys } from './support/signing-keys.ts';
import { secretsIn } from './support/spellings.ts';

let fleet: Fleet;
let folder: string;

beforeAll(async () => {
  fleet = await startFleet();
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-check-'));
  writeFileSync(join(folder, 'proofs.pem'), signingKeys);
  writeFileSync(join(folder, 'fingerprints.key'), FINGERPRINT_KEY_TEXT);
});

beforeEach(async () => {
  await Promise.all(Object.values(fleet.vendors).map((vendor) => vendor.forget()));
});

afterAll(async () => {
  await fleet.close();
  rmSync(folder, { recursive: true });
});

function check(entries = fleet.entries, secrets: Record<string, string> = {}): Promise<Ended> {
  writeFileSync(join(folder, 'integrations.json'), JSON.stringify(entries));
  const env = {
    INTEGRATIONS_FILE: 'integrations.json',
    AUTH_ISSUER: 'me',
    AUTH_AUDIENCE: 'you',
    AUTH_JWKS_URL: 'https://keys.test',
    SIGNING_KEY_FILE: 'proofs.pem',
    FINGERPRINT_KEY_FILE: 'fingerprints.key',
    UNSAFE_ALLOW_HTTP_PROVIDERS: 'true',
    UNSAFE_ALLOW_PRIVATE_PROVIDERS: 'true',
    ...fleet.secrets,
    ...secrets,
  };
  return runCommand(['check'], { folder, env });
}

/** The rows of a printed table without headings and rule; a second may pass between two looks at the clock. */
const rowsOf = (out: string): string[] =>
  out
    .trim()
    .split('\n')
    .slice(2)
    .map((line) =>
      line
        .trim()
        .replaceAll(/ {2,}/g, ' | ')
        .replace(/ [+-]?\d s/, ' 0 s'),
    );

/** What the vendors hold about people; tokens and counters of calls come and go. */
async function holdings(): Promise<object[]> {
  const states = await Promise.all(Object.values(fleet.vendors).map((vendor) => vendor.state<object>()));
  return states.map((state) => ({
    ...state,
    tokens: undefined,
    callsUsed: undefined,
    failedTokenCalls: undefined,
  }));
}

/** Tokens that the vendors have issued. */
async function issuedTokens(): Promise<string[]> {
  const states = await Promise.all(
    Object.values(fleet.vendors).map((vendor) => vendor.state<{ tokens?: { token: string }[] }>()),
  );
  return states.flatMap(({ tokens = [] }) => tokens.map(({ token }) => token));
}

describe('seven integrations, three of them with a wrong or weak credential', () => {
  test('the table tells which and why; nothing is changed, and no secret is shown', async () => {
    const before = await holdings();
    const { code, out, err } = await check();

    expect(rowsOf(out)).toEqual([
      'particle-eu | PARTICLE | yes | yes | yes | unknown | 0 s',
      'particle-us | PARTICLE | yes | yes | no | unknown | unknown | Customers are not allowed to access product and organization endpoints',
      'app-push | ENGAGELAB | yes | yes | yes | unknown | 0 s',
      'web-push | ENGAGELAB | yes | no | no | unknown | unknown | 21004 authen failed',
      'learn | LEARN | yes | yes | no | unknown | 0 s | the token lacks the scope api/write or api/all',
      'vpn | VPN | yes | yes | unknown | unknown | unknown | the token does not say when it ends, nor what it may do',
      'onelogin | ONELOGIN | yes | yes | unknown | 4999 | 0 s | the provider does not tell the scope of a credential; deleting takes Manage users or Manage All',
    ]);
    expect(code).toBe(1);
    expect(err).toBe('');

    expect(await holdings()).toEqual(before);
    const ledgers = await Promise.all(Object.values(fleet.vendors).map((vendor) => vendor.calls()));
    expect(ledgers.flat().map(({ method }) => method)).toEqual(ledgers.map(() => 'GET'));
    const secrets = [...Object.values(fleet.secrets), ...(await issuedTokens())];
    expect(secrets.length).toBeGreaterThan(10);
    expect(secretsIn(out + err, secrets)).toEqual([]);
  });

  test('the exit code is 0 with the four others', async () => {
    const weak = new Set(['particle-us', 'web-push', 'learn']);
    const { code, out } = await check(fleet.entries.filter(({ id }) => !weak.has(id)));
    expect(rowsOf(out)).toHaveLength(4);
    expect(code).toBe(0);
  });
});

/** A JWT (RFC 7519) that nobody has signed. */
const jwt = (claims: object): string =>
  ['{"alg":"none"}', JSON.stringify(claims), 'canary-of-a-signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');

describe('one integration alone', () => {
  const only = (id: string, settings: object = {}) =>
    fleet.entries
      .filter((entry) => entry.id === id)
      .map((entry) => ({ ...entry, settings: { ...entry.settings, ...settings } }));

  test('a VPN token that has ended is not sent', async () => {
    const secrets = { VPN_TOKEN: jwt({ exp: Date.parse('2020-02-29T12:00:00Z') / 1000 }) };
    const { code, out } = await check(only('vpn'), secrets);
    expect(rowsOf(out)).toEqual([
      'vpn | VPN | unknown | no | no | unknown | unknown | the token ended on 2020-02-29',
    ]);
    expect(code).toBe(1);
    expect(await fleet.vendors.vpn.ledger()).toEqual([]);
    expect(secretsIn(out, Object.values(secrets))).toEqual([]);
  });

  test('a OneLogin credential that may only authenticate', async () => {
    await fleet.vendors.onelogin.assume({ scope: 'Authentication Only' });
    const { code, out } = await check(only('onelogin'));
    expect(rowsOf(out)).toEqual([
      'onelogin | ONELOGIN | yes | yes | no | unknown | unknown | Insufficient Permission',
    ]);
    expect(code).toBe(1);
  });

  test('a Particle API user that may read and not remove', async () => {
    const { code, out } = await check(only('particle-us'), { PARTICLE_US_TOKEN: PARTICLE_API_USERS.reader });
    expect(rowsOf(out)).toEqual([
      'particle-us | PARTICLE | yes | yes | no | unknown | 0 s | the token lacks the scope customers:remove',
    ]);
    expect(code).toBe(1);
  });

  test.each([
    ['vpn', 'VPN_TOKEN', { success: false, message: 'no: ' }],
    ['web-push', 'WEB_PUSH_SECRET', { code: 21004, message: 'no: ' }],
    ['learn', 'LEARN_SECRET', { status: 401, error: 'Unauthorized', message: 'no: ' }],
  ] as const)('%s quotes the credential that it refuses', async (id, variable, body) => {
    const message = body.message + fleet.secrets[variable]!;
    await fleet.vendors[id].fault({ kind: 'STATUS', status: 401, body: { ...body, message } });
    const { code, out } = await check(only(id));
    await fleet.vendors[id].fault();
    expect(rowsOf(out)).toEqual([expect.stringMatching(/ yes \| no \| no \| .* no: \*{3}$/)]);
    expect(code).toBe(1);
  });

  test('a vendor that does not answer', async () => {
    const { code, out } = await check(only('app-push', { baseUrl: 'http://127.0.0.1:1' }));
    expect(rowsOf(out)).toEqual([
      'app-push | ENGAGELAB | no | unknown | unknown | unknown | unknown | ENGAGELAB check: the provider could not be reached or did nothing',
    ]);
    expect(code).toBe(1);
  });
});
