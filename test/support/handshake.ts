const HANDSHAKE = {
  host: '127.0.0.1',
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-version': '13',
  'sec-websocket-protocol': 'graphql-transport-ws',
};

/** A request for a socket as bytes, with headers changed, or left out where null. */
export function handshake(changed: Record<string, string | null>, line = 'GET /graphql HTTP/1.1'): string {
  const headers = Object.entries({ ...HANDSHAKE, ...changed }).filter(([, value]) => value !== null);
  return [line, ...headers.map(([name, value]) => `${name}: ${value}`), '', ''].join('\r\n');
}
