import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand, type Ended } from './support/command.ts';

const COMMANDS = ['serve', 'demo', 'sandbox', 'check', 'token', 'schema', 'verify-audit', 'verify-receipt'];

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-main-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Runs the command line in a folder of its own, with no environment but what is given. */
const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  runCommand(args, { folder, env });

describe('customer-gateway', () => {
  test('--help names every command', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    for (const command of COMMANDS) expect(out).toContain(command);
  });

  test.each(COMMANDS)('%s --help explains it', async (command) => {
    const { code, out } = await run([command, '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`customer-gateway ${command}: `);
  });

  test.each([
    ['an unknown command', ['fly'], 2, 'There is no command "fly"'],
    ['an unknown option', ['demo', '--fast'], 2, "Unknown option '--fast'"],
    ['a port that is none', ['demo', '--port', 'x'], 2, '--port must be between 0 and 65535'],
    ['a token of no role', ['token', '--role', 'KING'], 2, '--role must be one of ADMIN, MASTER, RESALE'],
    ['a RESALE token without a manager', ['token', '--role', 'RESALE'], 2, 'needs --manager'],
    ['a receipt without a file', ['verify-receipt', '--keys', '-'], 2, 'Give one FILE.'],
    ['a receipt without keys', ['verify-receipt', 'receipt.jws'], 2, '--keys is missing'],
    ['a receipt that is not there', ['verify-receipt', 'x', '--keys', 'y'], 2, '--keys cannot be read'],
    ['a token without a demo', ['token', '--role', 'ADMIN'], 1, 'run the demo first'],
  ])('%s: one clear line and exit code %#', async (_name, args, code, message) => {
    const ended = await run(args);
    expect(ended.code).toBe(code);
    expect(ended.err).toContain(message);
    expect(ended.err).not.toMatch(/\bat .*:\d+:\d+/);
  });
});

describe('schema', () => {
  test('prints what schema.graphql holds', async () => {
    const { code, out } = await run(['schema']);
    expect(code).toBe(0);
    expect(out).toBe(readFileSync('schema.graphql', 'utf8'));
  });

  test('--subgraph prints it with the keys of its entity', async () => {
    const { code, out } = await run(['schema', '--subgraph']);
    expect(code).toBe(0);
    expect(out).toMatch(/type Customer implements Node\s+@key\(fields: "id"\)\s+@key\(fields: "email"\)/);
  });
});

describe('serve without settings', () => {
  test('names each that is missing, all at once', async () => {
    const { code, err } = await run(['serve']);
    expect(code).toBe(2);
    expect(
      err
        .trim()
        .split('\n')
        .map((line) => line.split(' ')[0]),
    ).toEqual([
      'INTEGRATIONS_FILE',
      'AUTH_ISSUER',
      'AUTH_AUDIENCE',
      'SIGNING_KEY_FILE',
      'FINGERPRINT_KEY_FILE',
      'AUTH_JWKS_URL',
    ]);
  });

  test('names each that is bad, with what is wrong in the integrations file', async () => {
    const file = join(folder, 'integrations.json');
    const vpn = { baseUrl: 'http://vpn.test', token: { env: 'VPN_TOKEN' } };
    writeFileSync(
      file,
      JSON.stringify([
        { id: 'vpn', provider: 'VPN', settings: vpn },
        { id: 'mail', provider: 'SMTP', settings: {} },
        {
          id: 'people',
          provider: 'ONELOGIN',
          settings: { baseUrl: 'https://acme.onelogin.com', clientId: 'a', clientSecret: 'plain' },
        },
      ]),
    );
    const { code, err } = await run(['serve'], {
      PORT: '99999',
      DATABASE_URL: 'mysql://x',
      AUTH_JWKS_URL: 'http://keys.test',
      AUTH_ISSUER: 'customer-gateway-demo',
      AUTH_MAX_AGE_SECONDS: '5',
      AUTH_AUDIENCE: 'you',
      INTEGRATIONS_FILE: file,
      FINGERPRINT_KEY_FILE: file,
      SIGNING_KEY_FILE: file,
      SWEEP_HOURS: 'daily',
      BULK_MAX: '1001',
      BULK_APPROVAL_ABOVE: 'many',
      RATE_LIMIT: '10',
      MANAGER_RATE_LIMIT: 'none',
      ROUTER_TOKENS_FILE: file,
      PERSISTED_DOCUMENTS_FILE: file,
      PERSISTED_DOCUMENTS_ONLY: 'yes',
    });
    expect(code).toBe(2);
    expect(err).toContain('make one with: openssl rand -base64 32 > FILE');
    expect(err).toContain(`SIGNING_KEY_FILE names ${file}: there is no private key in PEM`);
    expect(err).toContain('ROUTER_TOKENS_FILE names a file that is not one token a line');
    expect(err).toContain('SWEEP_HOURS must be a number');
    expect(err).toContain('PORT ');
    expect(err).toContain('DATABASE_URL must begin with postgresql://');
    expect(err).toContain('AUTH_JWKS_URL must be an https URL');
    expect(err).toContain("AUTH_ISSUER must not be the demo's");
    expect(err).toContain('AUTH_MAX_AGE_SECONDS must be at least 60');
    expect(err).toContain('BULK_MAX must be at most 1000');
    expect(err).toContain('BULK_APPROVAL_ABOVE must be a number');
    expect(err).toContain('RATE_LIMIT must be at least 100');
    expect(err).toContain('MANAGER_RATE_LIMIT must be a number');
    expect(err).toContain('PERSISTED_DOCUMENTS_FILE ');
    expect(err).toContain('PERSISTED_DOCUMENTS_ONLY must be true or false');
    expect(err).toContain('VPN_TOKEN is missing');
    expect(err).toContain('INTEGRATIONS_FILE vpn: the provider must be reached by https');
    expect(err).toContain('INTEGRATIONS_FILE mail: there is no provider "SMTP"');
    expect(err).toContain('INTEGRATIONS_FILE people: settings.clientSecret');
    expect(err).not.toContain('plain');
  });
});
