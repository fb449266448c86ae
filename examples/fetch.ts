import type { TadaDocumentNode } from 'gql.tada';
import { print, type DocumentNode, type ExecutionResult } from 'graphql';
import { DELETE, FIND, PLAN, PROGRESS, type Event } from './documents.ts';
import { erasureOf } from './erasure-of.ts';
import { follow } from './follow.ts';

function dataOf<Data>({ data, errors }: ExecutionResult<Data>): Data {
  if (!data) throw new Error(errors?.map(({ message }) => message).join(' '));
  return data;
}

/** What comes over server-sent events: each ends with an empty line. */
async function* messagesOf(response: Response): AsyncGenerator<{ event: string; data: string }> {
  let rest = '';
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop()!;
    for (const block of blocks) {
      const [, event] = /^event: (.+)$/m.exec(block) ?? [];
      const [, data = ''] = /^data: (.+)$/m.exec(block) ?? [];
      if (event) yield { event, data };
    }
  }
}

/** Finds a customer, looks at the plan, deletes, and watches until the end: with `fetch`, and no client. */
export async function run(url: string, token: string, email: string, show: (event: Event) => void) {
  const post = (document: DocumentNode, variables: unknown, accept: string): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: { accept, authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ query: print(document), variables }),
    });

  async function send<Data, Variables>(document: TadaDocumentNode<Data, Variables>, variables: Variables) {
    const response = await post(document, variables, 'application/graphql-response+json');
    return dataOf((await response.json()) as ExecutionResult<Data>);
  }

  async function watch<Data, Variables>(
    document: TadaDocumentNode<Data, Variables>,
    variables: Variables,
    next: (data: Data) => void,
  ): Promise<void> {
    const response = await post(document, variables, 'text/event-stream');
    for await (const { event, data } of messagesOf(response)) {
      if (event === 'complete') return;
      next(dataOf(JSON.parse(data) as ExecutionResult<Data>));
    }
    throw new Error('The stream broke off.');
  }

  const { customerByEmail: customer } = await send(FIND, { email });
  if (!customer) throw new Error('There is no such customer.');
  const { erasurePlan: plan } = await send(PLAN, { customerId: customer.id });
  if (!plan) throw new Error('The customer has gone.');
  const input = { customerId: customer.id, reason: 'Asked for it', planHash: plan.hash };
  const { deleteCustomer } = await send(DELETE, { input });
  const erasureId = erasureOf(deleteCustomer);
  await follow(
    (after, next) => watch(PROGRESS, { erasureId, after }, (data) => next(data.erasureProgress)),
    show,
  );
  return { planned: plan.items, erasureId };
}
