import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A host that publishes what a test says, and counts who asks. */
export class KeyHost {
  /** How the next requests are answered. */
  answer: (response: ServerResponse) => unknown;
  requests: string[] = [];
  readonly #server: Server;

  private constructor(keys: readonly object[]) {
    this.answer = KeyHost.json(keys);
    this.#server = createServer((request, response) => {
      this.requests.push(request.url!);
      this.answer(response);
    });
  }

  static async start(keys: readonly object[] = []): Promise<KeyHost> {
    const host = new KeyHost(keys);
    await new Promise<void>((resolve) => host.#server.listen(0, '127.0.0.1', resolve));
    return host;
  }

  static json(keys: readonly object[]): KeyHost['answer'] {
    return (response) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/jwks`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
