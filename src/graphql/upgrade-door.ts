import { ServerResponse, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { refuseAddress } from './address.ts';
import { mayOpenSocket } from './cors.ts';
import type { DoorOptions } from './door.ts';
import { refuse, setHeaders, type Refusal } from './refusal.ts';
import { inRequest } from './request-scope.ts';

export interface UpgradeOptions extends Pick<DoorOptions, 'allowedHosts' | 'corsOrigins'> {
  /** Where sockets are opened. */
  path: string;
  open(request: IncomingMessage, socket: Socket, head: Buffer): void;
}

function refuseUpgrade(
  request: IncomingMessage,
  { allowedHosts, corsOrigins, path }: UpgradeOptions,
): Refusal | null {
  const address = refuseAddress(request, allowedHosts);
  if (address) return address;
  if (request.url!.split('?')[0] !== path) return { status: 404, message: 'There is nothing here.' };
  if (mayOpenSocket(request, corsOrigins)) return null;
  return { status: 403, message: 'Pages of this origin may not open a socket.' };
}

/** Node has let go of the connection: what it does for an answer is done here. */
function answer(request: IncomingMessage, socket: Socket, refusal: Refusal): void {
  socket.on('error', () => socket.destroy());
  const response = new ServerResponse(request);
  response.assignSocket(socket);
  response.once('finish', () => socket.destroySoon());
  inRequest((requestId) => {
    setHeaders(response, requestId);
    refuse(response, refusal);
  });
}

const HOP_BY_HOP = /^(upgrade|connection|http2-settings)$/i;

/** Gives a request back to the server, without its offer to go on in another protocol, which it need not take up. */
function goOn(
  server: Server,
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  socket: Socket,
  head: Buffer,
): void {
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (!HOP_BY_HOP.test(rawHeaders[i]!)) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}

/** Stands before sockets as the door stands before requests. Java's HTTP client offers `h2c` with its first request. */
export function upgradeDoor(server: Server, options: UpgradeOptions): void {
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') return goOn(server, request, socket, head);
    const refusal = refuseUpgrade(request, options);
    if (refusal) answer(request, socket, refusal);
    else options.open(request, socket, head);
  });
}
