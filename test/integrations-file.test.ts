import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError, readConfig, type Config } from '../src/config.ts';
import { faultsOf } from '../src/providers/index.ts';
import { FINGERPRINT_KEY_TEXT } from './support/fingerprint-key.ts';
import { integrationsJsonSchema } from './integrations-json-schema.ts';
import { signingKeys } from './support/signing-keys.ts';

interface Entry {
  id: string;
  provider: string;
  settings: Record<string, unknown>;
  limits?: object;
  protected?: string[];
}

const SCHEMA = resolve('docs/integrations.schema.json');
const EXAMPLE = resolve('docs/integrations.example.json');
const CANARY = 'canary-of-a-secret';

const example = JSON.parse(readFileSync(EXAMPLE, 'utf8')) as Entry[];
const fits = new Ajv({ formats: { uri: URL.canParse } }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')));

const OTHERS = {
  AUTH_ISSUER: 'me',
  AUTH_AUDIENCE: 'you',
  AUTH_JWKS_URL: 'https://keys.test',
  SIGNING_KEY_FILE: 'proofs.pem',
  FINGERPRINT_KEY_FILE: 'fingerprints.key',
};
/** A value for every variable that the example refers to. */
const SECRETS = Object.fromEntries(
  [...JSON.stringify(example).matchAll(/"env":"(\w+)"/g)].map(([, name]) => [name!, CANARY]),
);

const root = process.cwd();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-integrations-'));
  process.chdir(folder);
  writeFileSync('fingerprints.key', `${FINGERPRINT_KEY_TEXT}\n`);
  mkdirSync('secrets');
  writeFileSync('proofs.pem', signingKeys);
  writeFileSync('secrets/vpn-token', `${CANARY}\n`);
});

afterAll(() => {
  process.chdir(root);
  rmSync(folder, { recursive: true });
});

function read(text: string): Config {
  writeFileSync('integrations.json', text);
  return readConfig(faultsOf, { ...OTHERS, ...SECRETS, INTEGRATIONS_FILE: 'integrations.json' });
}

/** The lines with which the gateway refuses a file; none when it takes it. */
function refusal(text: string): string {
  try {
    read(text);
    return '';
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
}

const changed = (id: string, change: (entry: Entry) => object): object[] =>
  example.map((entry) => (entry.id === id ? change(structuredClone(entry)) : entry));

const withSettings = (id: string, settings: object): object[] =>
  changed(id, (entry) => ({ ...entry, settings: { ...entry.settings, ...settings } }));

const without = (id: string, name: string): object[] =>
  changed(id, ({ settings: { [name]: _dropped, ...settings }, ...entry }) => ({ ...entry, settings }));

describe('docs/integrations.schema.json', () => {
  test('is what the providers take; `npm run schema` writes it', () => {
    expect(JSON.parse(readFileSync(SCHEMA, 'utf8'))).toEqual(integrationsJsonSchema());
  });

  test('describes every setting', () => {
    const { items } = integrationsJsonSchema() as {
      items: {
        oneOf: { properties: { settings: { properties: Record<string, { description?: string }> } } }[];
      };
    };
    const settings = items.oneOf.flatMap((entry) => Object.entries(entry.properties.settings.properties));
    expect(settings.length).toBeGreaterThan(20);
    expect(settings.filter(([, { description }]) => !description).map(([name]) => name)).toEqual([]);
  });
});

describe('docs/integrations.example.json', () => {
  test('fits the JSON Schema', () => {
    expect(fits(example), JSON.stringify(fits.errors)).toBe(true);
  });

  test('is taken by the gateway, with its secrets and limits', () => {
    const { integrations } = read(JSON.stringify(example));
    expect(integrations.map(({ id }) => id)).toEqual(example.map(({ id }) => id));
    expect(integrations[1]!.limits).toEqual({
      rateLimit: { requests: 2000, perSeconds: 300 },
      concurrency: 4,
    });
    expect(integrations[7]!.protected).toEqual(['1001', '1002']);
    expect(JSON.stringify(integrations)).not.toContain(CANARY);
    expect(integrations[5]!.settings).toMatchObject({ token: { reveal: expect.any(Function) } });
  });
});

describe('a mistake is refused by the JSON Schema and by the gateway, which names it', () => {
  test.each<[string, unknown, string]>([
    ['a secret as itself', withSettings('learn', { apiSecret: CANARY }), 'learn: settings.apiSecret: is a'],
    ['a secret left out', without('vpn', 'token'), 'vpn: settings.token: is a secret'],
    [
      'a secret as the name of a variable',
      withSettings('app-push', { masterSecret: { env: `${CANARY}=` } }),
      'app-push: settings.masterSecret: is a secret, to be given by reference',
    ],
    [
      'a secret from two places',
      withSettings('app-push', { masterSecret: { env: 'A', file: 'b' } }),
      'app-push: settings.masterSecret: is a secret',
    ],
    [
      'a setting that does not exist',
      withSettings('vpn', { tokn: CANARY }),
      'vpn: settings: Unrecognized key: "tokn"',
    ],
    [
      'a setting that is needed',
      without('onelogin-staff', 'clientId'),
      'onelogin-staff: settings.clientId: Invalid',
    ],
    [
      'a data centre that does not exist',
      withSettings('web-push', { dataCentre: 'MARS' }),
      'settings.dataCentre',
    ],
    ['a URL that is none', withSettings('vpn', { baseUrl: 'vpn' }), 'vpn: settings.baseUrl: Invalid URL'],
    [
      'a client without its secret',
      without('particle-eu', 'clientSecret'),
      'settings.clientId: give clientId',
    ],
    [
      'a client beside a token',
      withSettings('particle-us', { clientId: 'a', clientSecret: { env: 'LEARN_API_SECRET' } }),
      'particle-us: settings.clientId: give clientId and clientSecret, or accessToken',
    ],
    [
      'an unknown provider',
      changed('vpn', (entry) => ({ ...entry, provider: 'SMTP' })),
      'no provider "SMTP"',
    ],
    ['an id in capitals', changed('vpn', (entry) => ({ ...entry, id: 'VPN' })), '5.id must begin with'],
    ['an entry without settings', [{ id: 'vpn', provider: 'VPN' }], '0.settings Invalid input'],
    [
      'a limit of nothing',
      changed('vpn', (e) => ({ ...e, limits: { concurrency: 0 } })),
      '5.limits.concurrency',
    ],
    [
      'a rate without its time',
      changed('vpn', (entry) => ({ ...entry, limits: { rateLimit: { requests: 1 } } })),
      '5.limits.rateLimit.perSeconds',
    ],
    ['a limit that does not exist', changed('vpn', (e) => ({ ...e, limits: { speed: 1 } })), '"speed"'],
    [
      'a protected id that is no text',
      changed('vpn', (entry) => ({ ...entry, protected: [4711] })),
      '5.protected.0',
    ],
    ['an object', { integrations: example }, 'expected array'],
    ['no integration', [], 'lists no integration'],
  ])('%s', (_name, file, line) => {
    const text = JSON.stringify(file);
    const refused = refusal(text);
    expect(fits(file)).toBe(false);
    expect(refused).toContain(line);
    expect(refused).not.toContain(CANARY);
  });
});

test.each([
  ['vpn', 'http://vpn.example', 'vpn: the provider must be reached by https, or UNSAFE_ALLOW_HTTP_PROVIDERS'],
  ['vpn', 'https://127.0.0.1', "vpn: the provider's address is private; UNSAFE_ALLOW_PRIVATE_PROVIDERS"],
  ['vpn', 'https://[fd00::1]', "vpn: the provider's address is private"],
  ['vpn', 'https://169.254.169.254', "vpn: the provider's address is private"],
  ['vpn', 'https://localhost', "vpn: the provider's address is private"],
  ['vpn', 'https://me:canary@vpn.example', 'vpn: the base URL must have neither user name'],
  ['vpn', 'https://vpn.example/?a=b', 'vpn: the base URL must have neither user name'],
  ['vpn', 'file:///etc/passwd', 'vpn: the provider must be reached by https'],
  ['onelogin-staff', 'https://evil.example', 'settings.baseUrl: must be https://<subdomain>.onelogin.com'],
  ['onelogin-staff', 'https://acme.onelogin.com.evil.example', 'settings.baseUrl: must be'],
  ['onelogin-staff', 'https://evil.example/acme.onelogin.com', 'settings.baseUrl: must be'],
  ['onelogin-staff', 'https://a.b.onelogin.com', 'settings.baseUrl: must be'],
  ['onelogin-staff', 'https://acmeonelogin.com', 'settings.baseUrl: must be'],
])('the base URL of %s may not be %s', (id, baseUrl, line) => {
  const refused = refusal(JSON.stringify(withSettings(id, { baseUrl })));
  expect(refused).toContain(line);
  expect(refused).not.toContain(CANARY);
});

test('a protected id that no account can have is refused, for it would protect nobody', () => {
  const file = changed('onelogin-staff', (entry) => ({ ...entry, protected: ['4711', '04712'] }));
  expect(refusal(JSON.stringify(file))).toBe(
    'INTEGRATIONS_FILE onelogin-staff: protected: "04712" is no external id here',
  );
});

test('a file that is not JSON is refused without a word of what stands in it', () => {
  const text = JSON.stringify(example, null, 2).replace('"env"', `${CANARY} "env"`);
  expect(refusal(text)).toContain('which is not JSON');
  expect(refusal(text)).not.toContain(CANARY);
  expect(refusal(text.replace(CANARY, '1 '))).toMatch(/not JSON \(line \d+\)$/);
});
