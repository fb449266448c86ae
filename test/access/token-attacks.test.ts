import { request, type OutgoingHttpHeaders } from 'node:http';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_TOKEN_RULES } from '../../src/access/token.ts';
import { startGateway, type Gateway } from '../../src/server.ts';
import { TEST_GATEWAY } from '../support/gateway-options.ts';
import { KeyHost } from '../support/published-keys.ts';
import { emptyStore } from '../support/world.ts';
import { algorithms } from './attacks/algorithms.ts';
import { who } from './attacks/claims.ts';
import { forms } from './attacks/forms.ts';
import { headers } from './attacks/headers.ts';
import {
  ago,
  AUDIENCE,
  ec,
  evilJwk,
  ISSUER,
  published,
  rsa,
  token,
  withText,
  type Rows,
} from './attacks/issuer.ts';
import { times } from './attacks/times.ts';

let host: KeyHost;
/** Where everything that a token can point to leads. */
let sentinel: KeyHost;
let gateway: Gateway;

beforeAll(async () => {
  host = await KeyHost.start(published);
  sentinel = await KeyHost.start([{ ...evilJwk, kid: 'evil', alg: 'EdDSA' }]);
  const key = { jwksUrl: host.url };
  const now = new Date();
  gateway = await startGateway({
    ...TEST_GATEWAY,
    store: emptyStore(),
    integrations: [],
    tokens: { ...DEFAULT_TOKEN_RULES, issuer: ISSUER, audience: AUDIENCE, key },
    clock: { now: () => now }, // no time passes in which unknown key ids would let the set be fetched again
    log: pino({ level: 'silent' }),
  });
});

afterAll(async () => {
  await gateway.stop();
  await host.close();
  await sentinel.close();
});

interface Answer {
  status: number;
  headers: Record<string, unknown>;
  text: string;
}

function send(headers: OutgoingHttpHeaders, search = '', more: object = {}): Promise<Answer> {
  const body = JSON.stringify({ query: '{ viewer { subject } }', ...more });
  const type = { 'content-type': 'application/json', accept: 'application/graphql-response+json' };
  return new Promise((resolve, reject) => {
    const options = { method: 'POST', headers: { ...type, ...headers } };
    const call = request(`${gateway.url}${search}`, options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve({ status: response.statusCode!, headers: response.headers, text }));
    });
    call.once('error', reject).end(body);
  });
}

const bearer = (jwt: string): Promise<Answer> => send({ authorization: `Bearer ${jwt}` });

const REFUSED = '{"errors":[{"message":"The token is not valid.","extensions":{"code":"UNAUTHENTICATED"}}]}';

async function expectRefused(answer: Promise<Answer>): Promise<void> {
  const { status, headers, text } = await answer;
  expect({ status, text }).toEqual({ status: 401, text: REFUSED });
  expect(headers['www-authenticate']).toBe('Bearer');
  expect(sentinel.requests).toEqual([]);
}

describe.each<[string, Rows]>([
  ['by its algorithm', algorithms],
  ['by its header', headers],
  ['by its form', forms],
  ['by its times', times],
  ['by its claims', who],
])('a token that is wrong %s', (_kind, rows) => {
  test.each(rows)('%s', async (_name, jwt) =>
    expectRefused(bearer(jwt({ trusted: host.url, sentinel: sentinel.url }))),
  );
});

describe('a good token that comes in a wrong way', () => {
  const good = (): string => `Bearer ${token()}`;

  test.each<[string, () => string | string[]]>([
    ['twice', () => [good(), good()]],
    ['with another after it', () => [good(), 'Bearer a.b.c']],
    ['with another before it', () => ['Basic YTpi', good()]],
    ['with an empty one after it', () => [good(), '']],
    ['with nothing before it', () => token()],
    ['with its scheme twice', () => `Bearer ${good()}`],
    ['after another scheme', () => `Basic ${token()}`],
    ['after an unknown scheme', () => `JWT ${token()}`],
    ['with a list of them', () => `${good()}, ${good()}`],
    ['with a parameter', () => `${good()}, realm="x"`],
    ['after two blanks', () => `Bearer  ${token()}`],
    ['after a tab', () => `Bearer\t${token()}`],
    ['after no blank', () => `Bearer${token()}`],
    ['after a blank of Unicode', () => `Bearer\u00a0${token()}`],
    ['after a byte order mark', () => `\u00ef\u00bb\u00bf${good()}`],
    ['in quotes', () => `Bearer "${token()}"`],
    ['percent-encoded', () => `Bearer ${token().replaceAll('.', '%2E')}`],
    ['as a name', () => `Bearer token=${token()}`],
    ['before a comma', () => `${good()},`],
    ['as nothing at all', () => ''],
    ['as its scheme alone', () => 'Bearer'],
  ])('%s', async (_name, authorization) => expectRefused(send({ authorization: authorization() as string })));

  test.each<[string, () => Promise<Answer>]>([
    ['in the query string', () => send({}, `?access_token=${token()}`)],
    ['in the query string as a header', () => send({}, `?authorization=${encodeURIComponent(good())}`)],
    ['in the body, as an extension', () => send({}, '', { extensions: { authorization: good() } })],
    ['in the body, as a variable', () => send({}, '', { variables: { authorization: good() } })],
    ['in a cookie', () => send({ cookie: `access_token=${token()}; authorization=${token()}` })],
    ['for a proxy', () => send({ 'proxy-authorization': good() })],
    ['in a header of another name', () => send({ 'x-authorization': good(), 'x-access-token': token() })],
  ])('%s', async (_name, answer) => {
    const { status, headers: answered, text } = await answer();
    expect(status).toBe(401);
    expect(answered['www-authenticate']).toBe('Bearer');
    const { data = null, errors } = JSON.parse(text) as { data?: unknown; errors: object[] };
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      { message: 'A valid token is needed.', extensions: { code: 'UNAUTHENTICATED' } },
    ]);
  });
});

describe('a good token', () => {
  test.each<[string, () => string]>([
    ['by EdDSA', () => token()],
    ['by ES256', () => token({ alg: 'ES256', kid: 'ec' }, {}, ec.privateKey)],
    ['by RS256', () => token({ alg: 'RS256', kid: 'rsa' }, {}, rsa.privateKey)],
    ['without a key id', () => token({ kid: undefined })],
    ['of RFC 9068', () => token({ typ: 'at+jwt' })],
    ['of a media type in full', () => token({ typ: 'application/AT+JWT' })],
    ['with a thumbprint', () => token({ x5t: 'thumbprint', 'x5t#S256': 'thumbprint' })],
    ['with a header of its issuer', () => token({ 'issuer.test': { a: 1 } })],
    ['for several', () => token({}, { aud: ['elsewhere', AUDIENCE] })],
    ['with a list of scopes', () => token({}, { scope: ['customers:read', 'other:thing'] })],
    ['of RESALE with a manager', () => token({}, { role: 'RESALE', manager: 'glacier' })],
    ['with fractions of seconds', () => token({}, { iat: ago(0.25), exp: ago(-60.5), nbf: ago(0.75) })],
    ['with a subject in Unicode', () => token({}, { sub: 'Žofie|é 😀' })],
    [
      'with names twice, in different places',
      () => token({}, { a: { b: 1, sub: 2 }, c: [{ b: 1, sub: '"}{:' }], '"x"': '\\' }),
    ],
    ['with names that every object has', () => withText('__proto__', '{"role":"RESALE"}')],
  ])('%s is let in', async (_name, jwt) => {
    const { status, text } = await bearer(jwt());
    expect({ status, text }).toMatchObject({ status: 200, text: expect.stringContaining('"subject":') });
  });

  test.each<[string, () => string]>([
    ['its scheme in lower case', () => `bearer ${token()}`],
    ['blanks around the header, which HTTP takes away', () => `  Bearer ${token()}  `],
  ])('is let in with %s', async (_name, authorization) => {
    expect((await send({ authorization: authorization() })).status).toBe(200);
  });
});

test('no token has made the gateway ask anybody: the set was fetched once, and the sentinel is alive', async () => {
  expect(host.requests).toEqual(['/jwks']);
  expect(sentinel.requests).toEqual([]);
  await fetch(sentinel.url);
  expect(sentinel.requests).toEqual(['/jwks']);
  const rows = [algorithms, headers, forms, times, who].flat();
  expect(rows.length).toBeGreaterThan(60);
});
