import { createServer, request as ask } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A way to a gateway that breaks streams off. */
export interface CuttingProxy {
  url: string;
  /** How many streams it broke off. */
  cuts(): number;
  close(): void;
}

/** Breaks each of the first streams off in the middle of its fourth event. */
export async function cuttingProxy(target: string, most: number): Promise<CuttingProxy> {
  let cuts = 0;
  const server = createServer((request, response) => {
    const { method, headers } = request;
    const onward = ask(target, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      const isStream = answer.headers['content-type']?.startsWith('text/event-stream') ?? false;
      if (!isStream || cuts >= most) return void answer.pipe(response);
      let seen = '';
      answer.on('data', (chunk: Buffer) => {
        seen += chunk.toString();
        const [, ...events] = seen.split('event: next');
        if (events.length < 4) return void response.write(chunk);
        cuts += response.destroyed ? 0 : 1;
        response.destroy();
        answer.destroy();
      });
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${new URL(target).pathname}`,
    cuts: () => cuts,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
