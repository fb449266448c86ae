import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { persistedDocumentsFile } from '../src/persisted-documents-file.ts';
import { mintToken } from './support/tokens.ts';
import { startWorld, type World } from './support/world.ts';

const ROLE = 'query Role { viewer { role } }';
const CUSTOMER = 'query Customer($id: ID!) { customer(id: $id) { id } }';

const SUBJECT = 'query Subject { viewer { subject } }';
const SCOPES = 'query Scopes { viewer { __typename } }';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

let world: World;
let token: string;

/** As `@apollo/generate-persisted-query-manifest` writes it; the second with an id of its user's own making. */
const MANIFEST = {
  format: 'apollo-persisted-query-manifest',
  version: 1,
  operations: [
    { id: sha256(SUBJECT), name: 'Subject', type: 'query', body: SUBJECT },
    { id: 'scopes-2', name: 'Scopes', type: 'query', body: SCOPES },
  ],
};

beforeAll(async () => {
  const documents = {
    ...persistedDocumentsFile.parse({ role: ROLE, [`sha256:${sha256(CUSTOMER)}`]: CUSTOMER }),
    ...persistedDocumentsFile.parse(MANIFEST),
  };
  world = await startWorld({ persisted: { documents, only: true } });
  token = await mintToken({ role: 'ADMIN' });
});

afterAll(() => world.close());

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

  test.each<[string, object]>([
    ['the id that Apollo gave it', { documentId: sha256(SUBJECT) }],
    [
      'that id, as Apollo clients send it',
      { extensions: { persistedQuery: { sha256Hash: sha256(SUBJECT) } } },
    ],
  ])('of a manifest by %s', async (_name, request) => {
    expect(await post(request)).toEqual({ status: 200, answer: { data: { viewer: { subject: 'ADMIN' } } } });
  });

  test('of a manifest by an id that is no hash, as Apollo clients send it', async () => {
    const request = { extensions: { persistedQuery: { version: 1, sha256Hash: 'scopes-2' } } };
    expect(await post(request)).toEqual({
      status: 200,
      answer: { data: { viewer: { __typename: 'Viewer' } } },
    });
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
