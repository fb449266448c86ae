import dns, { type LookupAddress } from 'node:dns';
import { createServer, type Server } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connector, isPublic, namesPrivateAddress, type Network } from '../../src/outbound/connector.ts';

test.each([
  ['127.0.0.1', false],
  ['127.255.255.254', false],
  ['0.0.0.0', false],
  ['10.1.2.3', false],
  ['172.31.255.255', false],
  ['172.32.0.1', true],
  ['192.168.0.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['198.18.0.1', false],
  ['192.0.2.1', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['8.8.8.8', true],
  ['::', false],
  ['::1', false],
  ['fe80::1', false],
  ['fd00::1', false],
  ['ff02::1', false],
  ['2001:db8::1', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:8.8.8.8', true],
  ['64:ff9b::a9fe:a9fe', false],
  ['2002:7f00:1::', false],
  ['2606:4700::1111', true],
])('%s is public: %s', (address, expected) => {
  expect(isPublic(address)).toBe(expected);
});

describe('a connection', () => {
  let server: Server;
  let port: number;
  let connections = 0;
  const { lookup } = dns;

  beforeAll(async () => {
    server = createServer((_request, response) => response.end());
    server.on('connection', () => connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });

  afterAll(() => {
    dns.lookup = lookup;
    syncBuiltinESMExports();
    server.close();
  });

  async function request(host: string, network: Network): Promise<string> {
    const pool = new Pool(`http://${host}:${port}`, { connect: connector(network) });
    const answer = pool.request({ method: 'GET', path: '/', signal: AbortSignal.timeout(500) });
    const code = await answer.then(
      () => 'ANSWERED',
      (error: NodeJS.ErrnoException) => error.code ?? error.name,
    );
    await pool.destroy();
    return code;
  }

  test.each(['127.0.0.1', '127.1', '0x7f000001', '2130706433', '[::ffff:127.0.0.1]', 'localhost'])(
    'to %s is made where any host is allowed, and else is not even tried',
    async (host) => {
      expect(namesPrivateAddress(`http://${host}:${port}`)).toBe(true);
      const before = connections;
      expect(await request(host, 'PUBLIC')).toBe('EPRIVATEADDRESS');
      expect(connections).toBe(before);
      expect(await request(host, 'ANY')).toBe('ANSWERED');
    },
  );

  test('is judged by the address that it goes to, whatever the name server said before', async () => {
    const answers: LookupAddress[][] = [
      [{ address: '8.8.8.8', family: 4 }],
      [{ address: '127.0.0.1', family: 4 }],
      [
        { address: '8.8.8.8', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ],
    ];
    const looked: string[] = [];
    dns.lookup = ((host: string, _options: object, answer: (error: null, found: LookupAddress[]) => void) => {
      looked.push(host);
      answer(null, answers[looked.length - 1]!);
    }) as unknown as typeof dns.lookup;
    syncBuiltinESMExports();
    const before = connections;
    expect(await request('rebinding.test', 'PUBLIC')).not.toBe('EPRIVATEADDRESS');
    expect(await request('rebinding.test', 'PUBLIC')).toBe('EPRIVATEADDRESS');
    expect(await request('rebinding.test', 'PUBLIC')).toBe('EPRIVATEADDRESS');
    expect(looked).toHaveLength(3);
    expect(connections).toBe(before);
  });
});
