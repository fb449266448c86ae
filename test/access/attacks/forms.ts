import { claims, ed, HEADER, rsa, token, type Rows } from './issuer.ts';
import { encode, forge } from './forge-token.ts';

/** The order of the group that Ed25519 works in (RFC 8032, section 5.1). */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The same signature with another number that means the same, which a verifier has to refuse. */
function malleable(jwt: string): string {
  const [header, payload, signature] = jwt.split('.');
  const bytes = Buffer.from(signature!, 'base64url');
  let scalar = BigInt(`0x${Buffer.from(bytes.subarray(32).toReversed()).toString('hex')}`) + ORDER;
  for (let i = 32; i < 64; i++, scalar >>= 8n) bytes[i] = Number(scalar & 255n);
  return `${header}.${payload}.${encode(bytes)}`;
}

/** The same bytes in another spelling: bits that are left over are not zero. */
function respelled(part: string): string {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const other = part.slice(0, -1) + digits[digits.indexOf(part.at(-1)!) + 1]!;
  if (!Buffer.from(other, 'base64url').equals(Buffer.from(part, 'base64url'))) throw new Error('other bytes');
  return other;
}

/** A good token with its parts changed. */
const parts = (change: (header: string, payload: string, signature: string) => string): string =>
  change(...(token().split('.') as [string, string, string]));
const admin = (): string => encode(claims({ sub: 'root' }));
const nested = (): string => forge({ ...HEADER, cty: 'JWT' }, token(), ed.privateKey);

/** The token is not a JWT in its one form. */
export const forms: Rows = [
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
