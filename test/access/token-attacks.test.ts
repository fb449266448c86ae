import { generateKeyPairSync } from 'node:crypto';
import { request, type OutgoingHttpHeaders } from 'node:http';
import { deflateRawSync } from 'node:zlib';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_TOKEN_RULES } from '../../src/access/token.ts';
import { startGateway, type Gateway } from '../../src/server.ts';
import { TEST_GATEWAY } from '../support/gateway-options.ts';
import { KeyHost } from '../support/published-keys.ts';
import { emptyStore } from '../support/world.ts';
import { encode, forge, type Signer } from './forge-token.ts';

const ISSUER = 'https://issuer.test';
const AUDIENCE = 'customer-gateway';
const SECRET = 'a secret that stands in the set by mistake';

/** Keys that the gateway trusts, each for something; and the attacker's own. */
const ed = generateKeyPairSync('ed25519');
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const weak = generateKeyPairSync('rsa', { modulusLength: 1024 });
const enc = generateKeyPairSync('ed25519');
const evil = generateKeyPairSync('ed25519');
const evilJwk = evil.publicKey.export({ format: 'jwk' });

const published = [
  { ...ed.publicKey.export({ format: 'jwk' }), kid: 'ed', alg: 'EdDSA', use: 'sig' },
  { ...ec.publicKey.export({ format: 'jwk' }), kid: 'ec' },
  { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'rsa', alg: 'RS256' },
  { ...weak.publicKey.export({ format: 'jwk' }), kid: 'weak', alg: 'RS256' },
  { ...enc.publicKey.export({ format: 'jwk' }), kid: 'enc', use: 'enc' },
  { kty: 'oct', k: encode(SECRET), kid: 'oct', alg: 'HS256', use: 'sig' },
];

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

const now = (): number => Math.floor(Date.now() / 1000);

const HEADER = { alg: 'EdDSA', typ: 'JWT', kid: 'ed' };
const claims = (more: object = {}): object => ({
  iss: ISSUER,
  aud: AUDIENCE,
  sub: 'someone',
  role: 'ADMIN',
  scope: 'customers:read',
  iat: now(),
  exp: now() + 60,
  ...more,
});

/** A good token but for what is given; signed by the key that it names. */
const token = (header: object = {}, payload: object = {}, signer: Signer = ed.privateKey): string =>
  forge({ ...HEADER, ...header }, claims(payload), signer);

/** One claim as it stands in the text, which `JSON.stringify` might not write. */
const withText = (name: string, text: string): string => {
  const rest = JSON.stringify(claims({ [name]: undefined }));
  return forge(HEADER, `${rest.slice(0, -1)},"${name}":${text}}`, ed.privateKey);
};

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

type Rows = [string, () => string][];

const [rsaPem, edPem] = [rsa, ed].map(({ publicKey }) => publicKey.export({ type: 'spki', format: 'pem' }));
const rsaDer = rsa.publicKey.export({ type: 'spki', format: 'der' });
const hs = (secret: string | Buffer, alg = 'HS256', kid = 'rsa'): string =>
  token({ alg, kid }, {}, { secret, hash: alg.replace('HS', 'sha') });

const algorithms: Rows = [
  ...[
    'none',
    'None',
    'NONE',
    'nOnE',
    '',
    null,
    ['none'],
    ['EdDSA'],
    { EdDSA: 1 },
    0,
    undefined,
    'eddsa',
    'ed',
  ].map((alg): Rows[number] => [`alg ${JSON.stringify(alg)}`, () => token({ alg })]),
  ['alg none without a signature', () => token({ alg: 'none' }, {}, () => '')],
  ['alg none without a key id', () => token({ alg: 'none', kid: undefined }, {}, () => 'x')],
  ['HS256 with the public key, PEM, as its secret', () => hs(rsaPem!.toString())],
  ['HS256 with the same without its last line break', () => hs(rsaPem!.toString().trim())],
  ['HS256 with the Ed25519 key, PEM', () => hs(edPem!.toString(), 'HS256', 'ed')],
  ['HS256 with the public key, DER', () => hs(rsaDer)],
  ['HS256 with the public key, JWK', () => hs(JSON.stringify(published[2]))],
  ['HS256 with the raw key', () => hs(Buffer.from(published[0]!.x!, 'base64url'), 'HS256', 'ed')],
  ['HS384 with the public key', () => hs(rsaPem!.toString(), 'HS384')],
  ['HS512 with the public key', () => hs(rsaPem!.toString(), 'HS512')],
  ['HS256 with an empty secret', () => hs('', 'HS256', '../../dev/null')],
  ['HS256 with a symmetric key of the set', () => hs(SECRET, 'HS256', 'oct')],
  ['a symmetric key of the set under another name', () => hs(SECRET, 'HS256', 'ed')],
  ['the key id of the symmetric key with EdDSA', () => token({ kid: 'oct' })],
  ['PS256 with the key for RS256', () => token({ alg: 'PS256', kid: 'rsa' }, {}, rsa.privateKey)],
  ['RS512 with the key for RS256', () => token({ alg: 'RS512', kid: 'rsa' }, {}, rsa.privateKey)],
  ['RS256 with the key for ES256', () => token({ alg: 'RS256', kid: 'ec' }, {}, rsa.privateKey)],
  ['ES256 with the key for RS256', () => token({ alg: 'ES256', kid: 'rsa' }, {}, ec.privateKey)],
  ['ES384 with the key for ES256', () => token({ alg: 'ES384', kid: 'ec' }, {}, ec.privateKey)],
  ['ES256K', () => token({ alg: 'ES256K', kid: 'ec' }, {}, ec.privateKey)],
  ['EdDSA with the key for ES256', () => token({ alg: 'EdDSA', kid: 'ec' }, {}, ec.privateKey)],
  ['ES256 with a signature of zeros', () => token({ alg: 'ES256', kid: 'ec' }, {}, () => Buffer.alloc(64))],
  ['an RSA key that is too short', () => token({ alg: 'RS256', kid: 'weak' }, {}, weak.privateKey)],
  ['a key that is for encryption', () => token({ kid: 'enc' }, {}, enc.privateKey)],
  [
    'a name of a header that stands twice',
    () => forge(`{"alg":"none",${JSON.stringify(HEADER).slice(1)}`, claims(), ed.privateKey),
  ],
];

const own = (header: object, payload: object = {}): string => token(header, payload, evil.privateKey);

const headers: Rows = [
  ['another key', () => own({})],
  ['another key and no key id', () => own({ kid: undefined })],
  ...[
    'evil',
    'ED',
    '../../../../dev/null',
    '/proc/sys/kernel/randomize_va_space',
    "ed' or '1'='1",
    "x' union select 'c2VjcmV0' --",
    '$(sleep 5)',
    'ed\0evil',
    'é',
    '',
    '__proto__',
    'constructor',
    'x'.repeat(4_000),
  ].map((kid): Rows[number] => [`kid ${JSON.stringify(kid).slice(0, 40)}`, () => own({ kid })]),
  ...[1, null, true, ['ed'], { ed: 1 }].map((kid): Rows[number] => [
    `kid ${JSON.stringify(kid)}, and a good signature`,
    () => token({ kid }),
  ]),
  ['a URL as key id', () => own({ kid: sentinel.url })],
  ['its key with it (jwk)', () => own({ jwk: evilJwk })],
  ['its key with it, and no key id', () => own({ jwk: evilJwk, kid: undefined })],
  ['a foreign key with it, and a good signature', () => token({ jwk: evilJwk })],
  ['a URL of keys (jku)', () => own({ jku: sentinel.url, kid: 'evil' })],
  ['a URL of keys, and a good signature', () => token({ jku: sentinel.url })],
  [
    'a URL of keys that names the trusted host',
    () => own({ jku: `${host.url}@${new URL(sentinel.url).host}/` }),
  ],
  ['a URL of certificates (x5u)', () => own({ x5u: sentinel.url, kid: 'evil' })],
  ['a URL of certificates, and a good signature', () => token({ x5u: sentinel.url })],
  ['its certificate with it (x5c)', () => own({ x5c: [rsaDer.toString('base64')], kid: undefined })],
  ['a thumbprint (x5t)', () => own({ x5t: encode('thumbprint'), 'x5t#S256': encode('thumbprint') })],
  ['an extension that must be understood (crit)', () => token({ crit: ['exp'], exp: now() + 60 })],
  ['crit that is empty', () => token({ crit: [] })],
  ['an unencoded payload (b64)', () => token({ crit: ['b64'], b64: false })],
  ['b64 that is not critical', () => token({ b64: false })],
  [
    'a compressed payload',
    () => forge({ ...HEADER, zip: 'DEF' }, deflateRawSync(JSON.stringify(claims())), ed.privateKey),
  ],
  ['zip, and a payload that is not compressed', () => token({ zip: 'DEF' })],
  ...[
    undefined,
    '',
    'JWE',
    'JOSE',
    'JWT ',
    'at+jwt;v=1',
    'application/json',
    'dpop+jwt',
    'logout+jwt',
    null,
    ['JWT'],
  ].map((typ): Rows[number] => [`typ ${JSON.stringify(typ)}`, () => token({ typ })]),
];

/** The order of the group that Ed25519 works in (RFC 8032, section 5.1). */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The same signature with another number that means the same, which a verifier has to refuse. */
function malleable(jwt: string): string {
  const [header, payload, signature] = jwt.split('.');
  const bytes = Buffer.from(signature!, 'base64url');
  let scalar = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + ORDER;
  for (let i = 32; i < 64; i++, scalar >>= 8n) bytes[i] = Number(scalar & 255n);
  return `${header}.${payload}.${encode(bytes)}`;
}

/** The same bytes in another spelling: bits that are left over are not zero. */
function respelled(part: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const other = part.slice(0, -1) + digits[digits.indexOf(part.at(-1)!) + 1]!;
  expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(part, 'base64url'));
  return other;
}

/** A good token with its parts changed. */
const parts = (change: (header: string, payload: string, signature: string) => string): string =>
  change(...(token().split('.') as [string, string, string]));
const admin = (): string => encode(claims({ sub: 'root' }));
const nested = (): string => forge({ ...HEADER, cty: 'JWT' }, token(), ed.privateKey);

const forms: Rows = [
  ['a changed payload', () => parts((h, _p, s) => `${h}.${admin()}.${s}`)],
  ['a changed header', () => parts((_h, p, s) => `${encode({ ...HEADER, typ: 'at+jwt' })}.${p}.${s}`)],
  [
    'the signature of another token',
    () => parts((h, p) => `${h}.${p}.${token({}, { sub: 'x' }).split('.')[2]}`),
  ],
  ['no signature', () => parts((h, p) => `${h}.${p}.`)],
  ['a signature that is cut off', () => parts((h, p, s) => `${h}.${p}.${s.slice(0, -2)}`)],
  [
    'a signature with something after it',
    () =>
      parts(
        (h, p, s) => `${h}.${p}.${encode(Buffer.concat([Buffer.from(s, 'base64url'), Buffer.from([0])]))}`,
      ),
  ],
  ['a changed bit', () => parts((h, p, s) => `${h}.${p}.${s.startsWith('A') ? 'B' : 'A'}${s.slice(1)}`)],
  ['a malleable signature', () => malleable(token())],
  ['a signature of zeros', () => parts((h, p) => `${h}.${p}.${encode(Buffer.alloc(64))}`)],
  ['a signature spelled otherwise', () => parts((h, p, s) => `${h}.${p}.${respelled(s)}`)],
  ['a padded signature', () => parts((h, p, s) => `${h}.${p}.${s}==`)],
  ['a padded header', () => parts((h, p, s) => `${h}=.${p}.${s}`)],
  ['the other alphabet of base64', () => parts((h, p, s) => `${h}.${p}.+/${s.slice(2)}`)],
  ['a blank inside', () => parts((h, p, s) => `${h}. ${p}.${s}`)],
  ['a tab inside', () => parts((h, p, s) => `${h}.${p}\t.${s}`)],
  ['a dot after it', () => `${token()}.`],
  ['a dot before it', () => `.${token()}`],
  ['two parts', () => parts((h, p) => `${h}.${p}`)],
  ['four parts', () => parts((h, p, s) => `${h}.${p}.${s}.${s}`)],
  ['five parts, as a JWE has', () => `${encode({ alg: 'dir', enc: 'A128GCM', kid: 'oct' })}..AAAA.AAAA.AAAA`],
  [
    'a JWE in three parts',
    () => forge({ alg: 'RSA-OAEP', enc: 'A256GCM', typ: 'JWT', kid: 'rsa' }, 'x', rsa.privateKey),
  ],
  ['a detached payload', () => parts((h, _p, s) => `${h}..${s}`)],
  ['a JWS in a JWS', nested],
  [
    'JSON serialization',
    () => parts((h, p, s) => JSON.stringify({ protected: h, payload: p, signature: s })),
  ],
  [
    'JSON serialization in base64url',
    () => encode(parts((h, p, s) => JSON.stringify({ protected: h, payload: p, signature: s }))),
  ],
  ['a header that is none', () => `a.${admin()}.c`],
  ['a header that is a list', () => forge([HEADER], claims(), ed.privateKey)],
  [
    'a header in UTF-16',
    () => forge(Buffer.from(JSON.stringify(HEADER), 'utf16le'), claims(), ed.privateKey),
  ],
  ...['null', '[]', '"x"', '1', '', '{', '{}', 'not JSON'].map((payload): Rows[number] => [
    `the payload ${JSON.stringify(payload)}`,
    () => forge(HEADER, payload, ed.privateKey),
  ]),
  [
    'a payload that is not UTF-8',
    () =>
      forge(
        HEADER,
        Buffer.concat([Buffer.from(JSON.stringify(claims()).slice(0, -2)), Buffer.from([0xff, 0x22, 0x7d])]),
        ed.privateKey,
      ),
  ],
  ['a byte order mark', () => forge(HEADER, `\uFEFF${JSON.stringify(claims())}`, ed.privateKey)],
  [
    'a claim that stands twice',
    () => forge(HEADER, `{"role":"RESALE",${JSON.stringify(claims()).slice(1)}`, ed.privateKey),
  ],
  [
    'a claim that stands twice, once escaped',
    () => forge(HEADER, `{"\\u0073ub":"x",${JSON.stringify(claims()).slice(1)}`, ed.privateKey),
  ],
  ['nine kilobytes', () => token({}, { more: 'x'.repeat(9_000) })],
];

const wrong = (name: string, values: unknown[]): Rows =>
  values.map((value) => [
    `${name} ${JSON.stringify(value)?.slice(0, 40)}`,
    () => token({}, { [name]: value }),
  ]);
const wrongText = (name: string, texts: string[]): Rows =>
  texts.map((text) => [`${name} ${text}`, () => withText(name, text)]);
const ago = (seconds: number): number => now() - seconds;

const times: Rows = [
  ...wrong('exp', [
    undefined,
    null,
    '',
    `${now() + 60}`,
    '9e9',
    -1,
    0,
    true,
    [now() + 60],
    {},
    ago(10),
    ago(10.5),
  ]),
  ...wrongText('exp', ['1e400', '-1e400', '1e308', '253402300800', 'NaN', 'Infinity', '0x7fffffff', '01']),
  ...wrong('nbf', [null, '', `${ago(60)}`, true, [ago(60)], {}, ago(-600), ago(-600.5), -1]),
  ...wrongText('nbf', ['1e400', 'NaN']),
  ...wrong('iat', [
    undefined,
    null,
    '',
    `${ago(1)}`,
    -1,
    0,
    true,
    [ago(1)],
    ago(-600),
    ago(90_000),
    ago(-600.5),
  ]),
  ...wrongText('iat', ['1e400', '-1e400', 'NaN']),
  [
    'a token that lives long and was issued long ago',
    () => token({}, { iat: ago(90_000), exp: ago(-900_000) }),
  ],
];

const who: Rows = [
  ...wrong('iss', [
    undefined,
    null,
    '',
    `${ISSUER}/`,
    ISSUER.toUpperCase(),
    'http://issuer.test',
    [ISSUER],
    `${ISSUER}.evil.test`,
    {},
    1,
  ]),
  ...wrong('aud', [
    undefined,
    null,
    '',
    'Customer-Gateway',
    `${AUDIENCE}2`,
    'customer',
    [],
    ['elsewhere'],
    [[AUDIENCE]],
    [AUDIENCE, 1],
    { [AUDIENCE]: 1 },
  ]),
  ...wrong('sub', [
    undefined,
    null,
    '',
    1,
    true,
    ['someone'],
    {},
    'x'.repeat(256),
    'a\0b',
    'a\nb',
    '\u001b[2J',
    '\ud800',
  ]),
  ...wrong('role', [
    undefined,
    null,
    '',
    'ROOT',
    'SYSTEM',
    'admin',
    'Admin',
    'ADMIN ',
    ' ADMIN',
    'ADMIN\0',
    'ADMIN,RESALE',
    'ＡＤＭＩＮ',
    'ADMİN',
    ['ADMIN'],
    { ADMIN: 1 },
    0,
    true,
    '__proto__',
    'constructor',
  ]),
  ...wrong('scope', [null, 1, true, {}, [1], [null], [['customers:read']], { 0: 'customers:read' }]),
  ...wrong('manager', [null, '', 1, ['glacier'], {}]),
  ...wrong('jti', [null, '', 1, ['x'], 'a\0b', 'x'.repeat(256)]),
  ['RESALE without a manager', () => token({}, { role: 'RESALE' })],
  ...[null, '', 1, ['glacier'], {}].map((manager): Rows[number] => [
    `RESALE with the manager ${JSON.stringify(manager)}`,
    () => token({}, { role: 'RESALE', manager }),
  ]),
  [
    'a role inherited',
    () =>
      forge(
        HEADER,
        `{"__proto__":{"role":"ADMIN"},${JSON.stringify(claims({ role: undefined })).slice(1)}`,
        ed.privateKey,
      ),
  ],
];

describe.each<[string, Rows]>([
  ['by its algorithm', algorithms],
  ['by its header', headers],
  ['by its form', forms],
  ['by its times', times],
  ['by its claims', who],
])('a token that is wrong %s', (_kind, rows) => {
  test.each(rows)('%s', async (_name, jwt) => expectRefused(bearer(jwt())));
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
