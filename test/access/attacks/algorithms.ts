import { ec, ed, enc, HEADER, claims, published, rsa, SECRET, token, weak, type Rows } from './issuer.ts';
import { forge } from './forge-token.ts';

const [rsaPem, edPem] = [rsa, ed].map(({ publicKey }) => publicKey.export({ type: 'spki', format: 'pem' }));
const rsaDer = rsa.publicKey.export({ type: 'spki', format: 'der' });
const hs = (secret: string | Buffer, alg = 'HS256', kid = 'rsa'): string =>
  token({ alg, kid }, {}, { secret, hash: alg.replace('HS', 'sha') });

/** The algorithm is not the one of the key, or is none. */
export const algorithms: Rows = [
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
