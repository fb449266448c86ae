import {
  CloseCode,
  GRAPHQL_TRANSPORT_WS_PROTOCOL,
  MessageType,
  parseMessage,
  stringifyMessage,
  type Message,
  type SubscribeMessage,
} from 'graphql-ws';
import { GraphQLError } from 'graphql';
import type { GraphQLParams } from 'graphql-yoga';
import type { Logger } from 'pino';
import { WebSocket, type RawData } from 'ws';
import type { Authenticate } from '../../access/token.ts';
import type { Viewer } from '../../access/viewer.ts';
import type { Revocations } from '../../revocation/revocations.ts';
import type { Execute } from '../execute.ts';
import { maskError } from '../mask.ts';
import { currentRequestId, inRequest } from '../request-scope.ts';
import { told, toldResult } from '../told.ts';
import { hasEnded, whenTokenEnds } from '../until-token-ends.ts';
import { viewerOf } from '../viewer-of.ts';
import { MAX_UNREAD_BYTES, Operations } from './operations.ts';

export interface SocketOptions {
  authenticate: Authenticate;
  execute: Execute;
  revocations: Revocations;
  log: Logger;
}

const INIT_WAIT_MS = 3_000;
/** A token, and no more than that, is read of who is not known yet. */
const MAX_STRANGERS_BYTES = 16 * 1024;

/** RFC 6455, section 7.4.1, and IANA's registry. */
const TOO_BIG = 1009;
const TRY_AGAIN_LATER = 1013;

/** Null for what is no message that clients send. */
function read(data: RawData, isBinary: boolean): Message | null {
  if (isBinary) return null;
  try {
    return parseMessage((data as Buffer).toString('utf8'));
  } catch {
    return null;
  }
}

/** What a client sends as `connectionParams` instead of a header, which browsers cannot set. */
const authorizationsIn = (params: object): string[] =>
  Object.entries(params)
    .filter(([name]) => name.toLowerCase() === 'authorization')
    .map(([, value]) => (typeof value === 'string' ? value : ''));

/** One socket that speaks `graphql-transport-ws` (PROTOCOL.md of the package graphql-ws). */
export class SocketSession {
  readonly #socket: WebSocket;
  readonly #headers: readonly string[];
  readonly #options: SocketOptions;
  readonly #operations: Operations;
  readonly #initWait: NodeJS.Timeout;
  #initReceived = false;
  #viewer: Viewer | null = null;
  #callOff: () => void = () => {};

  /** @param headers - The `Authorization` headers that the socket was opened with. */
  constructor(socket: WebSocket, headers: readonly string[], options: SocketOptions) {
    this.#socket = socket;
    this.#headers = headers;
    this.#options = options;
    this.#operations = new Operations(options.execute, {
      next: (id, result) => this.#send({ type: MessageType.Next, id, payload: toldResult(result) }),
      complete: (id) => this.#complete(id),
      fail: (error) => this.#fail(error),
    });
    this.#initWait = setTimeout(
      () => this.close(CloseCode.ConnectionInitialisationTimeout, 'Too late'),
      INIT_WAIT_MS,
    ).unref();
    socket.once('close', () => this.#release());
    socket.on('error', () => {}); // ws closes the socket itself, with the code that fits
    socket.on('message', (data, isBinary) => void this.#receive(data as Buffer, isBinary));
    if (socket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL)
      this.close(CloseCode.SubprotocolNotAcceptable, `Only ${GRAPHQL_TRANSPORT_WS_PROTOCOL} is spoken`);
  }

  /** Ends everything at once, and tells the client why. */
  close(code: number, reason: string): void {
    this.#release();
    this.#socket.close(code, reason);
  }

  get #isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  #release(): void {
    clearTimeout(this.#initWait);
    this.#callOff();
    this.#operations.close();
  }

  async #receive(data: Buffer, isBinary: boolean): Promise<void> {
    if (!this.#isOpen) return;
    if (!this.#viewer && data.length > MAX_STRANGERS_BYTES) return this.close(TOO_BIG, 'Too large');
    const message = read(data, isBinary);
    await inRequest(() => this.#answer(message).catch((error: unknown) => this.#fail(error)));
  }

  #fail(error: unknown): void {
    maskError(error, currentRequestId(), this.#options.log);
    this.close(CloseCode.InternalServerError, 'Unexpected error');
  }

  async #answer(message: Message | null): Promise<void> {
    switch (message?.type) {
      case MessageType.ConnectionInit:
        return this.#init(message.payload ?? {});
      case MessageType.Ping:
        return this.#send({ type: MessageType.Pong, ...(message.payload && { payload: message.payload }) });
      case MessageType.Pong:
        return;
      case MessageType.Subscribe:
        return this.#subscribe(message);
      case MessageType.Complete:
        return this.#operations.stop(message.id);
      default:
        return this.close(CloseCode.BadRequest, 'Not a message of a client');
    }
  }

  async #init(params: object): Promise<void> {
    if (this.#initReceived)
      return this.close(CloseCode.TooManyInitialisationRequests, 'Too many initialisation requests');
    this.#initReceived = true;
    clearTimeout(this.#initWait);
    const { authenticate, revocations } = this.#options;
    try {
      const viewer = await viewerOf(authenticate, [...this.#headers, ...authorizationsIn(params)]);
      if (!viewer) return this.close(CloseCode.Unauthorized, 'A valid token is needed');
      this.#callOff = whenTokenEnds(viewer, revocations, () => this.#tokenEnded());
      if (!this.#isOpen) return this.#callOff();
      this.#viewer = viewer;
      await this.#send({ type: MessageType.ConnectionAck });
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error;
      if (error.extensions['code'] === 'UNAUTHENTICATED')
        return this.close(CloseCode.Forbidden, 'The token is not valid');
      this.close(TRY_AGAIN_LATER, 'No token can be checked now');
    }
  }

  async #subscribe({ id, payload }: SubscribeMessage): Promise<void> {
    const viewer = this.#viewer;
    if (!viewer) return this.close(CloseCode.Unauthorized, 'Unauthorized');
    if (this.#operations.has(id))
      return this.close(CloseCode.SubscriberAlreadyExists, 'An operation has this id already');
    // The protocol wants a query where a persisted document is asked for, too.
    const params = { ...payload, query: payload.query || undefined } as GraphQLParams;
    const refusals = await this.#operations.start(id, { viewer, params, response: null });
    if (refusals.length > 0) await this.#send({ type: MessageType.Error, id, payload: refusals.map(told) });
  }

  /** A client that is told that an operation is complete would not ask for the rest of it with its next token. */
  async #complete(id: string): Promise<void> {
    if (this.#viewer && hasEnded(this.#viewer)) return this.#tokenEnded();
    return this.#send({ type: MessageType.Complete, id });
  }

  #tokenEnded(): void {
    this.close(CloseCode.Forbidden, 'The token has ended');
  }

  /** Resolves when the message is on its way, or never will be. */
  async #send(message: Message): Promise<void> {
    if (!this.#isOpen) return;
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES) return this.#socket.terminate();
    await new Promise<void>((resolve) => this.#socket.send(stringifyMessage(message), () => resolve()));
  }
}
