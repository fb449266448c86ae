import { deflateRawSync } from 'node:zlib';
import { ago, claims, ed, evil, evilJwk, HEADER, rsa, token, type Rows } from './issuer.ts';
import { encode, forge } from './forge-token.ts';

const rsaDer = rsa.publicKey.export({ type: 'spki', format: 'der' });

const own = (header: object, payload: object = {}): string => token(header, payload, evil.privateKey);

/** The header says what nobody should follow, or not what it has to say. */
export const headers: Rows = [
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
  ['a URL as key id', ({ sentinel }) => own({ kid: sentinel })],
  ['its key with it (jwk)', () => own({ jwk: evilJwk })],
  ['its key with it, and no key id', () => own({ jwk: evilJwk, kid: undefined })],
  ['a foreign key with it, and a good signature', () => token({ jwk: evilJwk })],
  ['a URL of keys (jku)', ({ sentinel }) => own({ jku: sentinel, kid: 'evil' })],
  ['a URL of keys, and a good signature', ({ sentinel }) => token({ jku: sentinel })],
  [
    'a URL of keys that names the trusted host',
    ({ trusted, sentinel }) => own({ jku: `${trusted}@${new URL(sentinel).host}/` }),
  ],
  ['a URL of certificates (x5u)', ({ sentinel }) => own({ x5u: sentinel, kid: 'evil' })],
  ['a URL of certificates, and a good signature', ({ sentinel }) => token({ x5u: sentinel })],
  ['its certificate with it (x5c)', () => own({ x5c: [rsaDer.toString('base64')], kid: undefined })],
  ['a thumbprint (x5t)', () => own({ x5t: encode('thumbprint'), 'x5t#S256': encode('thumbprint') })],
  ['an extension that must be understood (crit)', () => token({ crit: ['exp'], exp: ago(-60) })],
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
