import { Agent, request, type IncomingMessage } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { ask } from './ask.ts';
import type { Candidate } from './candidates.ts';
import { rssOf } from './load.ts';
import type { TestBed } from './test-bed.ts';

const ERASURES = 20;
const STEPS = [250, 500, 1_000];
const DAY_MS = 86_400_000;
const SETTLED_MS = 3_000;

/** Puts off an erasure until tomorrow: whoever watches it has nothing to see until then. Returns its id. */
async function schedule({ url }: Candidate, customerId: string, token: string): Promise<string> {
  const input = { customerId, reason: 'bench', scheduledFor: new Date(Date.now() + DAY_MS).toISOString() };
  const query = `mutation ($input: DeleteCustomerInput!) {
    deleteCustomer(input: $input) { ... on DeleteCustomerPayload { erasure { id } } ... on Error { message } }
  }`;
  const answer = JSON.parse(await ask(url, JSON.stringify({ query, variables: { input } }), token)) as {
    data?: { deleteCustomer: { erasure?: { id: string } } };
  };
  const id = answer.data?.deleteCustomer.erasure?.id;
  if (id === undefined) throw new Error(`no erasure: ${JSON.stringify(answer)}`);
  return id;
}

/** Opens a stream, and waits until its first event has come. */
function watch({ url }: Candidate, agent: Agent, erasureId: string, token: string): Promise<IncomingMessage> {
  const query = `subscription ($erasureId: ID!) { erasureProgress(erasureId: $erasureId) { sequence } }`;
  const headers = {
    'content-type': 'application/json',
    accept: 'text/event-stream',
    authorization: `Bearer ${token}`,
  };
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', headers, agent }, (response) => {
      let text = '';
      response.on('error', reject).setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.includes('"sequence"')) resolve(response);
      });
      response.on('end', () => reject(new Error(`the stream ended with ${response.statusCode}: ${text}`)));
    });
    call.on('error', reject).end(JSON.stringify({ query, variables: { erasureId } }));
  });
}

/** Opens more and more streams, and closes them all. Returns the memory that the gateway held meanwhile. */
export async function openStreams(
  gateway: Candidate,
  { ids, tokens }: TestBed,
): Promise<{ open: number; rssMb: number }[]> {
  const erasures: string[] = [];
  for (const id of ids.filter((_, i) => i % 5 === 0).slice(0, ERASURES))
    erasures.push(await schedule(gateway, id, tokens[0]!));
  const agent = new Agent({ keepAlive: false, maxSockets: Infinity });
  const measured = [{ open: 0, rssMb: rssOf(gateway.pid) }];
  const open: IncomingMessage[] = [];
  for (const step of STEPS) {
    while (open.length < step) {
      const i = open.length;
      open.push(await watch(gateway, agent, erasures[i % ERASURES]!, tokens[i % tokens.length]!));
    }
    await wait(SETTLED_MS);
    measured.push({ open: step, rssMb: rssOf(gateway.pid) });
  }
  for (const stream of open) stream.destroy();
  await wait(SETTLED_MS);
  return [...measured, { open: 0, rssMb: rssOf(gateway.pid) }];
}
