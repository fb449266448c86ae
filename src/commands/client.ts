interface Answer<T> {
  data?: T | null;
  errors?: { message: string }[];
}

/** A GraphQL client as small as the demo needs. */
export class Client {
  readonly #url: string;
  readonly #token: string;

  constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  async query<T>(query: string, variables: Record<string, unknown> = {}): Promise<T> {
    const response = await this.#post(query, variables, 'application/json');
    const { data, errors } = (await response.json()) as Answer<T>;
    if (errors || !data) throw new Error(errors?.map((error) => error.message).join('; ') ?? 'no data');
    return data;
  }

  /** The events of a subscription, over server-sent events (the GraphQL SSE protocol, distinct connections). */
  async *subscribe<T>(query: string, variables: Record<string, unknown> = {}): AsyncGenerator<T> {
    const response = await this.#post(query, variables, 'text/event-stream');
    let rest = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        const data = /^data: (.+)$/m.exec(block)?.[1];
        if (block.includes('event: complete')) return;
        if (!data) continue;
        const answer = JSON.parse(data) as Answer<T>;
        if (answer.errors) throw new Error(answer.errors.map((error) => error.message).join('; '));
        yield answer.data!;
      }
    }
  }

  /** Something that is open to anyone, by its path. */
  async fetch(path: string): Promise<string> {
    const response = await fetch(new URL(path, this.#url));
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return response.text();
  }

  #post(query: string, variables: Record<string, unknown>, accept: string): Promise<Response> {
    return fetch(this.#url, {
      method: 'POST',
      headers: { accept, 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
      body: JSON.stringify({ query, variables }),
    });
  }
}
