import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHttp } from '../../src/providers/http.ts';

let server: Server;
let requests = 0;

beforeAll(async () => {
  server = createServer((_request, response) => {
    requests++;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => server.close());

test('a delete to a host that leads to a private address is known not to have been sent', async () => {
  const { port } = server.address() as AddressInfo;
  const http = openHttp('TEST', `http://localhost:${port}`, 'PUBLIC');
  const signal = AbortSignal.timeout(5_000);
  await expect(
    http.request({ operation: 'delete', method: 'DELETE', path: ['users', '1'], signal }),
  ).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    reason: 'the host leads to an address that is not of the public Internet',
  });
  expect(requests).toBe(0);
  await http.close();
});
