import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHttp, type Http } from '../../src/providers/http.ts';
import { segment } from '../../src/providers/segment.ts';

describe('a path segment', () => {
  test.each(['', '.', '..', 'a\nb', 'a\rb', 'a\tb', 'a\0b', '\u007f', '\ud800', 'x'.repeat(513)])(
    'refuses %j',
    (value) => {
      expect(() => segment(value)).toThrow('not usable as a key');
    },
  );

  test.each([
    ['a/b', 'a%2Fb'],
    ['../../admin', '..%2F..%2Fadmin'],
    ['a?b#c', 'a%3Fb%23c'],
    ['50%', '50%25'],
    ['a+b@example.com', 'a%2Bb%40example.com'],
    ['Zoë', 'Zo%C3%AB'],
  ])('encodes %j', (value, encoded) => {
    expect(segment(value)).toBe(encoded);
  });
});

describe('on the wire', () => {
  let server: Server;
  let http: Http;
  const seen: string[] = [];

  beforeAll(async () => {
    server = createServer((request, response) => {
      seen.push(request.url!);
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    http = openHttp('TEST', `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`, 'ANY');
  });

  afterAll(async () => {
    await http.close();
    server.close();
  });

  test('any text arrives as exactly one segment that decodes to it, or is not sent', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.string({ unit: 'binary' })), async (value) => {
        seen.length = 0;
        const path = ['users', value];
        const call = {
          operation: 'delete',
          method: 'DELETE' as const,
          path,
          signal: AbortSignal.timeout(5_000),
        };
        const answered = await http.request(call).then(
          () => true,
          (error: { code: string }) => {
            expect(error.code).toBe('INVALID');
            return false;
          },
        );
        expect(seen).toHaveLength(answered ? 1 : 0);
        if (!answered) return;
        const segments = seen[0]!.split('/');
        expect(segments).toHaveLength(4);
        expect(decodeURIComponent(segments[3]!)).toBe(value);
      }),
      { numRuns: 500 },
    );
  });
});
