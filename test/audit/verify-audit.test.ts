import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readCheckpoint } from '../../src/audit/verify/checkpoint.ts';
import type { CheckpointDocument } from '../../src/audit/checkpoint-document.ts';
import { readSigner, type Signer } from '../../src/signing/signing-key.ts';
import { openStore } from '../../src/store/store.ts';
import { runCommand, type Ended } from '../support/command.ts';
import { signingKeys } from '../support/signing-keys.ts';
import { recordDay } from './recorded-day.ts';

const NAME = 'test-gateway';
const KEYS = ['--keys', 'keys.json'];

let folder: string;
let jws: string;
let signer: Signer;
let checkpoint: CheckpointDocument;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-verify-'));
  jws = await recordDay(join(folder, 'data'));
  signer = await readSigner(signingKeys);
  checkpoint = await readCheckpoint(jws, signer.publicKeys, NAME);
  writeFileSync(join(folder, 'checkpoint.jws'), `${jws}\n`);
  writeFileSync(join(folder, 'keys.json'), JSON.stringify(signer.publicKeys));
  writeFileSync(join(folder, 'key.pem'), signingKeys);
});

afterAll(() => rmSync(folder, { recursive: true }));

const verify = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  runCommand(['verify-audit', ...args], { folder, env: { DATA_DIR: 'data', GATEWAY_NAME: NAME, ...env } });

describe('customer-gateway verify-audit', () => {
  test.each([
    ['with the public keys', KEYS, {}],
    ['with the private key', [], { SIGNING_KEY_FILE: 'key.pem' }],
  ])('says in one line that all is as the checkpoint says, %s', async (_name, args, env) => {
    const { code, out } = await verify(['checkpoint.jws', ...args], env);
    expect(code).toBe(0);
    expect(out).toMatch(
      /^All \d+ entries are as the checkpoint of \S+ says; \d+ came later, 0 wait for their place\.\n$/,
    );
    expect(out).toContain(`All ${checkpoint.size} entries are as the checkpoint of ${checkpoint.at} says`);
  });

  test('says what is wrong and where, with exit code 1', async () => {
    const change = async (from: string, to: string): Promise<void> => {
      const store = await openStore({ folder: join(folder, 'data') });
      await sql`set session_replication_role = replica`.execute(store.db);
      await sql`update audit_entry set reason = ${to} where reason = ${from}`.execute(store.db);
      await store.close();
    };
    await change('a lawsuit', 'a favour');
    const { code, out } = await verify(['checkpoint.jws', ...KEYS]);
    await change('a favour', 'a lawsuit');
    expect(code).toBe(1);
    expect(out).toMatch(/^CHANGED index \d+ \(entry \d+\): reason or its salt\n$/);
  });

  test.each([
    ['that was changed', () => jws.replace('.', '.A'), NAME, /^The checkpoint is not genuine: /],
    ['of another kind', () => signer.sign('receipt+jwt', checkpoint), NAME, /wrong typ/],
    [
      'without a size',
      () => signer.sign('audit-checkpoint+jwt', { ...checkpoint, size: -1 }),
      NAME,
      /not that of a checkpoint/,
    ],
    ['of another gateway', () => jws, 'x', /it is a checkpoint of "test-gateway", not of "x"/],
  ])('takes no checkpoint %s', async (_name, text, name, message) => {
    writeFileSync(join(folder, 'other.jws'), await text());
    const { code, err } = await verify(['other.jws', ...KEYS], { GATEWAY_NAME: name });
    expect(code).toBe(1);
    expect(err).toMatch(message);
  });

  test.each([
    ['no checkpoint', [], 'Give one CHECKPOINT_FILE.'],
    ['no keys', ['checkpoint.jws'], 'Give --keys, or set SIGNING_KEY_FILE.'],
    ['a checkpoint that is not there', ['x', ...KEYS], 'x cannot be read (ENOENT)'],
    ['keys that are none', ['checkpoint.jws', '--keys', 'key.pem'], 'key.pem is not a JWK Set (RFC 7517)'],
  ])('with %s says so, with exit code 2', async (_name, args, message) => {
    expect(await verify(args)).toMatchObject({ code: 2, err: `${message}\n` });
  });

  test('does not open a folder that a gateway uses', async () => {
    const store = await openStore({ folder: join(folder, 'data') });
    const { code, err } = await verify(['checkpoint.jws', ...KEYS]);
    await store.close();
    expect(code).toBe(1);
    expect(err).toContain(`is in use by process ${process.pid}`);
  });
});
