import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer, type ServerOptions, type WebSocket } from 'ws';
import { MAX_BODY_BYTES } from '../request-body.ts';
import { authorizationOf } from '../viewer-of.ts';
import { SocketSession, type SocketOptions } from './socket-session.ts';

const GOING_AWAY = 1001;
/** A client that has not answered one ping at the time of the next is gone. */
const PING_EVERY_MS = 12_000;

const OPTIONS: ServerOptions & { closeTimeout: number } = {
  noServer: true,
  maxPayload: MAX_BODY_BYTES,
  closeTimeout: 2_000,
  handleProtocols: (offered) => handleProtocols(offered),
};

/** All open sockets. */
export class WebSockets {
  readonly #server = new WebSocketServer(OPTIONS);
  readonly #sessions = new Map<WebSocket, SocketSession>();
  readonly #pinged = new Set<WebSocket>();
  readonly #options: SocketOptions;
  readonly #pings: NodeJS.Timeout;

  constructor(options: SocketOptions) {
    this.#options = options;
    this.#pings = setInterval(() => this.#ping(), PING_EVERY_MS).unref();
  }

  /** Makes a socket of a connection whose request has passed the door. */
  open(request: IncomingMessage, connection: Socket, head: Buffer): void {
    this.#server.handleUpgrade(request, connection, head, (socket) => {
      const session = new SocketSession(socket, authorizationOf(request), this.#options);
      this.#sessions.set(socket, session);
      socket.on('pong', () => this.#pinged.delete(socket));
      socket.once('close', () => {
        this.#sessions.delete(socket);
        this.#pinged.delete(socket);
      });
    });
  }

  /** Opens no more, and tells clients to come back later. */
  close(): void {
    clearInterval(this.#pings);
    this.#server.close();
    for (const session of this.#sessions.values()) session.close(GOING_AWAY, 'Going away');
  }

  #ping(): void {
    for (const socket of this.#sessions.keys()) {
      if (this.#pinged.has(socket)) socket.terminate();
      else socket.ping();
      this.#pinged.add(socket);
    }
  }
}
