import { randomBytes } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { Secret } from '../../src/providers/secret.ts';
import type { WebhookEndpoint } from '../../src/webhooks/endpoint.ts';

/** A message as it arrived. */
export interface Message {
  headers: IncomingMessage['headers'];
  /** The header `webhook-id`. */
  id: string;
  path: string;
  body: string;
  at: Date;
}

/** How a receiver answers; it may also never do so. */
export type Reply = (response: ServerResponse, nth: number) => void;

const accept: Reply = (response) => response.writeHead(204).end();

/** An endpoint on a socket, which keeps what arrives and answers as it is told. */
export class Receiver {
  readonly endpoint: WebhookEndpoint;
  readonly messages: Message[] = [];
  reply: Reply;
  readonly #server: Server;
  readonly #arrivals = new EventEmitter();

  private constructor(server: Server, endpoint: WebhookEndpoint, reply: Reply) {
    this.#server = server;
    this.endpoint = endpoint;
    this.reply = reply;
    server.on('request', (request, response) => void this.#take(request, response));
  }

  static async start(id: string, reply = accept, types: string[] | null = null): Promise<Receiver> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks?of=${id}`;
    const secret = new Secret(`whsec_${randomBytes(32).toString('base64')}`);
    return new Receiver(server, { id, url, secret, types, network: 'ANY' }, reply);
  }

  async #take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    const { headers, url: path = '' } = request;
    this.messages.push({ headers, id: String(headers['webhook-id']), path, body, at: new Date() });
    this.reply(response, this.messages.length);
    this.#arrivals.emit('message');
  }

  /** What a message says, once its signature is found right. */
  verified({ body, headers }: Message): Event {
    return this.webhook.verify(body, headers as Record<string, string>) as Event;
  }

  get webhook(): Webhook {
    return new Webhook(this.endpoint.secret.reveal());
  }

  get events(): Event[] {
    return this.messages.map((message) => this.verified(message));
  }

  /** The events, once there are enough of them. */
  async until(enough: (events: Event[]) => boolean): Promise<Event[]> {
    while (!enough(this.events)) await once(this.#arrivals, 'message');
    return this.events;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** The payload of a message. */
export interface Event {
  type: string;
  timestamp: string;
  data: Record<string, unknown>;
}
