import { once } from 'node:events';
import { request as send, type ClientRequest, type IncomingMessage } from 'node:http';
import type { GraphqlAnswer } from './api.ts';

type Result = Pick<GraphqlAnswer, 'data' | 'errors'>;

export interface StreamEvent {
  event: string;
  data: { id: string; payload?: Result };
}

/** A client of one stream that carries the results of many operations (GraphQL over SSE, single connection mode). */
export class RawStream {
  readonly received: StreamEvent[] = [];
  readonly url: string;
  readonly token: string;
  readonly #authorization: string;
  #answer: IncomingMessage | undefined;
  #wake: () => void = () => {};

  private constructor(url: string, token: string, authorization: string) {
    this.url = url;
    this.token = token;
    this.#authorization = authorization;
  }

  static async reserve(graphqlUrl: string, bearer: string): Promise<RawStream> {
    const url = `${graphqlUrl}/stream`;
    const authorization = `Bearer ${bearer}`;
    const response = await fetch(url, { method: 'PUT', headers: { authorization } });
    if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
    return new RawStream(url, await response.text(), authorization);
  }

  static async open(graphqlUrl: string, bearer: string): Promise<RawStream> {
    const stream = await RawStream.reserve(graphqlUrl, bearer);
    await stream.open();
    return stream;
  }

  /** Opens the stream that was reserved, on a connection of its own. */
  async open(): Promise<void> {
    const request: ClientRequest = send(this.url, { headers: this.#headers(), agent: false }).end();
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    if (answer.statusCode !== 200) throw new Error(String(answer.statusCode));
    this.#answer = answer;
    let rest = '';
    answer.setEncoding('utf8').on('data', (chunk: string) => {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        const [, event, data] = /^event: (\w+)\ndata: (.+)$/.exec(block) ?? [];
        if (event) this.received.push({ event, data: JSON.parse(data!) as StreamEvent['data'] });
      }
      this.#wake();
    });
    answer.on('error', () => {}).on('close', () => this.#wake());
  }

  /** Cuts the connection, as a network does. */
  cut(): void {
    this.#answer?.destroy();
  }

  get ended(): Promise<unknown> {
    return this.#answer!.closed ? Promise.resolve() : once(this.#answer!, 'close');
  }

  /** Sends an operation; its results come by the stream. */
  post(id: string, query: string, variables: object = {}, more: object = {}): Promise<Response> {
    const body = JSON.stringify({
      ...(query && { query }),
      variables,
      ...more,
      extensions: { operationId: id },
    });
    const headers = { ...this.#headers(), 'content-type': 'application/json' };
    return fetch(this.url, { method: 'POST', headers, body });
  }

  stop(id: string): Promise<Response> {
    return fetch(`${this.url}?operationId=${id}`, { method: 'DELETE', headers: this.#headers() });
  }

  /** The first event, of those that were and will be received, that is the one; fails when the stream ends before. */
  async until(isIt: (event: StreamEvent) => boolean): Promise<StreamEvent> {
    for (;;) {
      const found = this.received.find(isIt);
      if (found) return found;
      if (this.#answer?.closed) throw new Error('the stream has ended');
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Sends an operation and waits for its end: its results, or why it was not accepted. */
  async ask(query: string, variables: object = {}, more: object = {}): Promise<Result[]> {
    const id = `operation-${this.received.length}`;
    const response = await this.post(id, query, variables, more);
    if (response.status !== 202) return [{ data: null, errors: [], ...((await response.json()) as object) }];
    await this.until(({ event, data }) => event === 'complete' && data.id === id);
    return this.received
      .filter(({ event, data }) => event === 'next' && data.id === id)
      .map(({ data }) => data.payload!);
  }

  #headers(): Record<string, string> {
    return { authorization: this.#authorization, 'x-graphql-event-stream-token': this.token };
  }
}
