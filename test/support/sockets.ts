import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';

// oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever its own operation asked for
export type SocketMessage = { type: string; id?: string; payload?: any };

export interface SocketEnd {
  code: number;
  reason: string;
}

/** A client of graphql-transport-ws that sends what it is told to, right or wrong. */
export class RawSocket {
  readonly received: SocketMessage[] = [];
  readonly ended: Promise<SocketEnd>;
  readonly socket: WebSocket;
  #wake: () => void = () => {};

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => {
      this.received.push(JSON.parse(data.toString()) as SocketMessage);
      this.#wake();
    });
    this.ended = once(socket, 'close').then(([code, reason]) => {
      this.#wake();
      return { code: code as number, reason: String(reason) };
    });
  }

  static async open(
    url: string,
    { protocol = 'graphql-transport-ws', ...options }: ClientOptions & { protocol?: string | string[] } = {},
  ): Promise<RawSocket> {
    const socket = new RawSocket(new WebSocket(url.replace('http', 'ws'), protocol, options));
    await once(socket.socket, 'open');
    return socket;
  }

  /** A socket whose caller is known. */
  static async as(url: string, token: string): Promise<RawSocket> {
    const socket = await RawSocket.open(url);
    socket.send({ type: 'connection_init', payload: { Authorization: `Bearer ${token}` } });
    await socket.until(({ type }) => type === 'connection_ack');
    return socket;
  }

  send(message: object | string): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(id: string, query: string, variables: object = {}, more: object = {}): void {
    this.send({ type: 'subscribe', id, payload: { query, variables, ...more } });
  }

  /** The first message, of those that were and will be received, that is the one; fails when the socket ends before. */
  async until(isIt: (message: SocketMessage) => boolean): Promise<SocketMessage> {
    for (;;) {
      const found = this.received.find(isIt);
      if (found) return found;
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error(JSON.stringify(await this.ended));
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Everything that an operation brought, once it has ended. */
  async whole(id: string): Promise<SocketMessage[]> {
    await this.until((message) => message.id === id && message.type !== 'next');
    return this.received.filter((message) => message.id === id);
  }

  /** Sends an operation, and waits for its end. */
  async ask(query: string, variables: object = {}, more: object = {}): Promise<SocketMessage[]> {
    const id = `operation-${this.received.length}`;
    this.subscribe(id, query, variables, more);
    return this.whole(id);
  }
}
