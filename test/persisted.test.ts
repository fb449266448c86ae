import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand, type Ended } from './support/command.ts';
import { FINGERPRINT_KEY_TEXT } from './support/fingerprint-key.ts';
import { signingKeys } from './support/signing-keys.ts';
import { mintToken, tokenSettings } from './support/tokens.ts';
import { startWorld, type World } from './support/world.ts';

const ROLE = 'query Role { viewer { role } }';
const CUSTOMER = 'query Customer($id: ID!) { customer(id: $id) { id } }';

const INTEGRATIONS = [
  { id: 'vpn', provider: 'VPN', settings: { baseUrl: 'https://vpn.test', token: { env: 'VPN_TOKEN' } } },
];

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let world: World;
let token: string;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'customer-gateway-persisted-'));
  const documents = { role: ROLE, [`sha256:${sha256(CUSTOMER)}`]: CUSTOMER };
  world = await startWorld({ persisted: { documents, only: true } });
  token = await mintToken({ role: 'ADMIN' });
});

afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

async function post(body: object): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(world.gateway.url, {
    method: 'POST',
    headers: {
      accept: 'application/graphql-response+json',
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json() };
}

const refusedAs = (code: string) => ({ status: 400, answer: { errors: [{ extensions: { code } }] } });

describe('a persisted document is answered', () => {
  test.each<[string, object]>([
    ['the id that the file gives it', { documentId: 'role' }],
    ['its hash, whatever the file calls it', { documentId: `sha256:${sha256(ROLE)}` }],
    [
      'its hash, as Apollo clients send it',
      { extensions: { persistedQuery: { version: 1, sha256Hash: sha256(ROLE) } } },
    ],
  ])('by %s', async (_name, request) => {
    expect(await post(request)).toEqual({ status: 200, answer: { data: { viewer: { role: 'ADMIN' } } } });
  });

  test('with variables', async () => {
    const id = world.id(1);
    const request = {
      documentId: `sha256:${sha256(CUSTOMER)}`,
      operationName: 'Customer',
      variables: { id },
    };
    expect(await post(request)).toEqual({ status: 200, answer: { data: { customer: { id } } } });
  });
});

describe('nothing else is', () => {
  test('a document that is sent', async () => {
    expect(await post({ query: '{ viewer { subject } }' })).toMatchObject(
      refusedAs('DOCUMENT_NOT_PERSISTED'),
    );
    expect(await post({ query: ROLE })).toMatchObject(refusedAs('DOCUMENT_NOT_PERSISTED'));
    expect(await post({ query: ROLE, documentId: 'role' })).toMatchObject(
      refusedAs('DOCUMENT_NOT_PERSISTED'),
    );
  });

  test.each<[string, object]>([
    ['nobody has given', { documentId: 'nothing' }],
    ['every object has', { documentId: 'toString' }],
    ['is a hash of another text', { documentId: `sha256:${sha256(`${ROLE} `)}` }],
  ])('an id that %s', async (_name, request) => {
    expect(await post(request)).toMatchObject(refusedAs('PERSISTED_DOCUMENT_NOT_FOUND'));
  });

  test.each<[string, object]>([
    ['no id', {}],
    ['an id that is no text', { documentId: 1 }],
    ['an id that is null', { documentId: null }],
  ])('%s', async (_name, request) => {
    expect((await post(request)).status).toBe(400);
  });

  test('a document that a request tries to add', async () => {
    const hash = sha256('{ viewer { subject } }');
    const extensions = { persistedQuery: { version: 1, sha256Hash: hash } };
    await post({ query: '{ viewer { subject } }', extensions });
    expect(await post({ extensions })).toMatchObject(refusedAs('PERSISTED_DOCUMENT_NOT_FOUND'));
  });
});

describe('a bad file stops the start', () => {
  /** Settings that are good but for the file. */
  function settings(): Record<string, string> {
    const files = {
      INTEGRATIONS_FILE: JSON.stringify(INTEGRATIONS),
      AUTH_PUBLIC_KEY_FILE: (tokenSettings.key as { publicKey: string }).publicKey,
      SIGNING_KEY_FILE: signingKeys,
      FINGERPRINT_KEY_FILE: FINGERPRINT_KEY_TEXT,
    };
    const names = Object.entries(files).map(([variable, content]) => {
      const file = join(folder, variable);
      writeFileSync(file, content);
      return [variable, file];
    });
    return {
      ...Object.fromEntries(names),
      AUTH_ISSUER: 'me',
      AUTH_AUDIENCE: 'you',
      VPN_TOKEN: 'x',
      PORT: '0',
    };
  }

  function serveWith(content: string): Promise<Ended> {
    const file = join(folder, 'documents.json');
    writeFileSync(file, content);
    return runCommand(['serve'], { folder, env: { ...settings(), PERSISTED_DOCUMENTS_FILE: file } });
  }

  test.each<[string, string, string]>([
    ['is no JSON', '{', ' names '],
    ['holds something else', '{"a": 1}', ' a Invalid input: expected string, received number'],
  ])('that %s', async (_name, content, line) => {
    const { code, err } = await serveWith(content);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toContain(`PERSISTED_DOCUMENTS_FILE${line}`);
    expect(code).toBe(2);
  });

  test('and every document that would not be answered is named', async () => {
    const { code, err } = await serveWith(
      JSON.stringify({
        good: ROLE,
        none: '{',
        unknown: '{ nothing }',
        large: `{ viewer { ${'role '.repeat(1_000)} } }`,
        [`sha256:${sha256(CUSTOMER)}`]: ROLE,
      }),
    );
    expect(err.trim().split('\n')).toEqual([
      'PERSISTED_DOCUMENTS_FILE none: Syntax Error: Expected Name, found <EOF>.',
      'PERSISTED_DOCUMENTS_FILE unknown: Cannot query field "nothing" on type "Query".',
      'PERSISTED_DOCUMENTS_FILE large: The document is too large: it has more than 1000 tokens.',
      `PERSISTED_DOCUMENTS_FILE sha256:${sha256(CUSTOMER)} is not the hash of its document`,
    ]);
    expect(code).toBe(2);
  });

  test('and so does its absence where nothing else would be answered', async () => {
    const env = { ...settings(), PERSISTED_DOCUMENTS_ONLY: 'true' };
    const { code, err } = await runCommand(['serve'], { folder, env });
    expect(code).toBe(2);
    expect(err).toContain('PERSISTED_DOCUMENTS_ONLY needs PERSISTED_DOCUMENTS_FILE');
  });
});
