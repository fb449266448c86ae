import { GraphQLError, type ExecutionResult } from 'graphql';
import type { Asked, Execute } from '../execute.ts';
import { badRequest } from '../refusals.ts';

/** The most operations that run on one connection at a time. */
export const MAX_OPERATIONS = 100;

const MAX_ID_LENGTH = 128;

/** A client that leaves more than this unread is cut off. */
export const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

/** Where results go. Resolves when there is room for more; a channel that has closed takes and drops them. */
export interface Channel {
  next(id: string, result: ExecutionResult): Promise<void>;
  complete(id: string): Promise<void>;
  /** Takes what should never happen. */
  fail(error: unknown): void;
}

const tooMany = (): GraphQLError =>
  new GraphQLError(`At most ${MAX_OPERATIONS} operations run on a connection; end one first.`, {
    extensions: { code: 'TOO_MANY_OPERATIONS', http: { status: 429 } },
  });

const closed = (): GraphQLError =>
  new GraphQLError('The connection has ended.', { extensions: { code: 'NOT_FOUND' } });

/** The operations that run on one connection, each under the id that its client gave it. */
export class Operations {
  readonly #execute: Execute;
  readonly #channel: Channel;
  readonly #running = new Map<string, AbortController>();
  #isClosed = false;

  constructor(execute: Execute, channel: Channel) {
    this.#execute = execute;
    this.#channel = channel;
  }

  get size(): number {
    return this.#running.size;
  }

  has(id: string): boolean {
    return this.#running.has(id);
  }

  /** Starts an operation, whose id is free. Resolves, once it is admitted or not, to why it is not. */
  async start(id: string, asked: Omit<Asked, 'signal'>): Promise<readonly GraphQLError[]> {
    if (this.#isClosed) return [closed()];
    if (this.size >= MAX_OPERATIONS) return [tooMany()];
    if (id.length > MAX_ID_LENGTH)
      return [badRequest(`An operation's id has at most ${MAX_ID_LENGTH} characters.`)];
    const operation = new AbortController();
    this.#running.set(id, operation);
    const { signal } = operation;
    const outcome = await this.#execute({ ...asked, signal });
    if ('results' in outcome) {
      this.#deliver(id, operation, outcome.results).catch((error: unknown) => this.#channel.fail(error));
      return [];
    }
    this.#forget(id, operation);
    return signal.aborted ? [] : outcome.refusals;
  }

  /** Ends an operation, of which nothing more is delivered; its id is free again. */
  stop(id: string): void {
    this.#running.get(id)?.abort();
    this.#running.delete(id);
  }

  /** Ends all operations, for good. */
  close(): void {
    this.#isClosed = true;
    for (const id of this.#running.keys()) this.stop(id);
  }

  /** One result at a time, so that nobody's results wait in memory who does not read them. */
  async #deliver(
    id: string,
    operation: AbortController,
    results: AsyncIterable<ExecutionResult>,
  ): Promise<void> {
    const { signal } = operation;
    for await (const result of results) {
      if (signal.aborted) break;
      await this.#channel.next(id, result);
    }
    if (signal.aborted) return;
    this.#forget(id, operation);
    await this.#channel.complete(id);
  }

  #forget(id: string, operation: AbortController): void {
    if (this.#running.get(id) === operation) this.#running.delete(id);
  }
}
