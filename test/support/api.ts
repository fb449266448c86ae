export interface GraphqlAnswer {
  status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test reads whatever shape its own query asked for
  data: any;
  errors: { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[];
  headers: Headers;
}

/** A caller of the gateway, over HTTP. */
export class Api {
  readonly url: string;
  readonly #token: string | null;
  readonly #headers: Record<string, string>;

  /** @param headers - What it sends besides the token. */
  constructor(url: string, token: string | null, headers: Record<string, string> = {}) {
    this.url = url;
    this.#token = token;
    this.#headers = headers;
  }

  /** The same caller, through a federated router that shows a token of its own. */
  through(routerToken: string): Api {
    return this.with({ 'router-authorization': `Bearer ${routerToken}` });
  }

  with(headers: Record<string, string>): Api {
    return new Api(this.url, this.#token, headers);
  }

  async send(query: string, variables: Record<string, unknown> = {}): Promise<GraphqlAnswer> {
    const response = await this.#post(query, variables, 'application/graphql-response+json');
    const body = (await response.json()) as Partial<GraphqlAnswer>;
    return {
      status: response.status,
      data: body.data ?? null,
      errors: body.errors ?? [],
      headers: response.headers,
    };
  }

  /** The data of an operation that must succeed. */
  async data(query: string, variables: Record<string, unknown> = {}): Promise<GraphqlAnswer['data']> {
    const { data, errors, status } = await this.send(query, variables);
    if (errors.length > 0) throw new Error(`${status} ${JSON.stringify(errors)}`);
    return data;
  }

  /** The results of a subscription until it completes, or until `enough` says so. */
  async watch(
    query: string,
    variables: Record<string, unknown> = {},
    enough: (results: GraphqlAnswer['data'][]) => boolean = () => false,
  ): Promise<Pick<GraphqlAnswer, 'data' | 'errors'>[]> {
    const abort = new AbortController();
    const response = await this.#post(query, variables, 'text/event-stream', abort.signal);
    if (!response.headers.get('content-type')?.startsWith('text/event-stream'))
      return [{ data: null, errors: [], ...((await response.json()) as object) }];
    const results: Pick<GraphqlAnswer, 'data' | 'errors'>[] = [];
    let rest = '';
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      const blocks = (rest + chunk).split('\n\n');
      rest = blocks.pop()!;
      for (const block of blocks) {
        const data = /^data: (.+)$/m.exec(block)?.[1];
        if (data) results.push({ data: null, errors: [], ...(JSON.parse(data) as object) });
        if (block.includes('event: complete') || enough(results)) {
          abort.abort();
          return results;
        }
      }
    }
    return results;
  }

  #post(query: string, variables: object, accept: string, signal?: AbortSignal): Promise<Response> {
    return fetch(this.url, {
      method: 'POST',
      headers: {
        accept,
        'content-type': 'application/json',
        ...this.#headers,
        ...(this.#token && { authorization: `Bearer ${this.#token}` }),
      },
      body: JSON.stringify({ query, variables }),
      ...(signal && { signal }),
    });
  }
}
