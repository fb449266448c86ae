import type { Api, GraphqlAnswer } from './api.ts';

const COUNTS = `counts { total pending created alreadyOpen refused open completed completedWithExceptions
  partial failed canceled denied }`;

export const BULK = `id state sequence requestedBy decidedBy decisionReason pausedBy pauseReason finishedAt ${COUNTS}`;

const PREVIEW = `__typename
  ... on DeletionPreview {
    hash expiresAt customers notFound needsApproval
    blocked { code customers } integrations { integration { id } customers unreachable }
  }
  ... on BulkTooLargeError { customers most }
  ... on InvalidInputError { issues { path } }`;

const DELETE = `mutation ($input: DeleteCustomersInput!) { deleteCustomers(input: $input) {
  __typename
  ... on DeleteCustomersPayload { bulk { ${BULK} } }
  ... on PreviewChangedError { more fewer preview { hash customers } }
  ... on PreviewExpiredError { preview { hash customers } }
  ... on BulkTooLargeError { customers most }
  ... on InvalidInputError { issues { path } }
} }`;

const ITEMS = `query ($id: ID!, $after: String) { bulk(id: $id) { items(first: 100, after: $after) {
  edges { node { customerId result code message erasure { id state } } } } } }`;

const PROGRESS = `subscription ($id: ID!, $after: Int) { bulkProgress(bulkId: $id, after: $after) { ${BULK} } }`;

type Data = GraphqlAnswer['data'];

export interface Item {
  customerId: string;
  result: string | null;
  code: string | null;
  message: string | null;
  erasure: { id: string; state: string } | null;
}

/** A look at what a deletion of many would concern. */
export async function preview(api: Api, input: object): Promise<Data> {
  const document = `query ($input: DeletionPreviewInput!) { deletionPreview(input: $input) { ${PREVIEW} } }`;
  return (await api.data(document, { input })).deletionPreview;
}

/** Asks to delete a selection with a hash, and answers whatever comes. */
export async function deleteMany(api: Api, selection: object, previewHash: string, more = {}): Promise<Data> {
  const input = { ...selection, previewHash, reason: 'a test', ...more };
  return (await api.data(DELETE, { input })).deleteCustomers;
}

/** Looks, confirms and asks: the id of the bulk. */
export async function requestBulk(api: Api, selection: object): Promise<string> {
  const answer = await deleteMany(api, selection, (await preview(api, selection)).hash);
  if (!answer.bulk) throw new Error(JSON.stringify(answer));
  return answer.bulk.id;
}

/** The bulk at each change after a sequence number, until it ends or enough was seen. */
export async function changes(
  api: Api,
  id: string,
  after = 0,
  enough: (bulk: Data) => boolean = () => false,
): Promise<Data[]> {
  const results = await api.watch(PROGRESS, { id, after }, (seen) => {
    const last = seen.at(-1)?.data?.bulkProgress;
    return last !== undefined && enough(last);
  });
  return results.map(({ data }) => data.bulkProgress);
}

/** The bulk after it has ended. */
export async function endedBulk(api: Api, id: string): Promise<Data> {
  return (await changes(api, id)).at(-1);
}

/** The items of a bulk by the id of the customer. */
export async function itemsOf(api: Api, id: string): Promise<Map<string, Item>> {
  const { bulk } = await api.data(ITEMS, { id });
  return new Map(bulk.items.edges.map(({ node }: { node: Item }) => [node.customerId, node]));
}

/** Sends one of the mutations that take `BulkOrderInput`. */
export async function order(api: Api, mutation: string, bulkId: string): Promise<Data> {
  const document = `mutation ($input: BulkOrderInput!) { ${mutation}(input: $input) {
    __typename ... on BulkPayload { bulk { ${BULK} } } ... on BulkStateError { message bulk { state } } } }`;
  return (await api.data(document, { input: { bulkId, reason: 'a test' } }))[mutation];
}
