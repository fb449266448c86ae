import { request } from 'node:http';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A server that answers as another does, in the time that it takes to find the answer in a map. */
export interface Replay {
  url: string;
  /** How many requests were answered. */
  calls: number;
  /** How long an answer is kept back, in ms. */
  delayMs: number;
}

interface Request {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string;
}

/** Takes the requests off the front of what came. Returns what is left. */
function takeRequests(text: string, take: (one: Request) => void): string {
  for (;;) {
    const end = text.indexOf('\r\n\r\n');
    if (end === -1) return text;
    const [first, ...lines] = text.slice(0, end).split('\r\n');
    const headers = Object.fromEntries(
      lines.map((line) => [
        line.slice(0, line.indexOf(':')).toLowerCase(),
        line.slice(line.indexOf(':') + 1).trim(),
      ]),
    );
    const rest = end + 4 + Number(headers['content-length'] ?? 0);
    if (text.length < rest) return text;
    const [method = '', path = ''] = first!.split(' ');
    take({ method, path, headers, body: text.slice(end + 4, rest) });
    text = text.slice(rest);
  }
}

/** Asks the real server, and keeps its answer as it will be sent. */
function fetchAnswer(origin: string, { method, path, headers, body }: Request): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const call = request(`${origin}${path}`, { method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          const content = Buffer.concat(chunks);
          const type = response.headers['content-type'] ?? 'application/json';
          const head = `HTTP/1.1 ${response.statusCode} -\r\ncontent-type: ${type}\r\ncontent-length: ${content.length}\r\n\r\n`;
          resolve(Buffer.concat([Buffer.from(head), content]));
        });
    });
    call.on('error', reject).end(body);
  });
}

/** Stands before a server: what it has answered once is answered the same from then on. */
export async function replayOf(origin: string): Promise<Replay> {
  const answers = new Map<string, Buffer>();
  const replay: Replay = { url: '', calls: 0, delayMs: 0 };
  const answer = async (socket: Socket, one: Request): Promise<void> => {
    const key = `${one.method} ${one.path}`;
    const known = answers.get(key) ?? (await fetchAnswer(origin, one));
    answers.set(key, known);
    replay.calls++;
    if (replay.delayMs > 0) setTimeout(() => socket.write(known), replay.delayMs);
    else socket.write(known);
  };
  const server = createServer({ noDelay: true }, (socket) => {
    let text = '';
    socket.on('error', () => socket.destroy());
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text = takeRequests(text + chunk, (one) => void answer(socket, one));
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  replay.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return replay;
}
