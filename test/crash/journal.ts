import type { VendorName } from '../../src/commands/launch-sandbox.ts';
import type { Api } from '../support/api.ts';
import { AUDIT, ERASURE } from '../support/documents.ts';

/** What the gateway says about one integration's part of an erasure. */
export interface Task {
  integrationId: VendorName;
  state: string;
  outcome: string | null;
  verdict: string | null;
  errorCode: string | null;
  attempts: { kind: string; result: string | null }[];
}

/** What the gateway says about an erasure. */
export interface Journal {
  erasure: {
    state: string;
    sequence: number;
    irreversibleAt: string | null;
    finishedAt: string | null;
    customer: { email: string | null; erasedAt: string | null };
    tasks: Task[];
  };
  /** The audit log of the erasure. */
  entries: Entry[];
  /** Every erasure of the customer. */
  erasureIds: string[];
}

export interface Entry {
  action: string;
  sequence: number;
  integrationId: string | null;
  details: { kind?: string };
}

const ERASURES = `query ($customerId: ID!) { erasures(customerId: $customerId) { edges { node { id } } } }`;

interface Connection<Node> {
  edges: { node: Node }[];
}

const nodes = <Node>({ edges }: Connection<Node>): Node[] => edges.map(({ node }) => node);

export async function readJournal(api: Api, customerId: string, erasureId: string): Promise<Journal> {
  const { erasure } = await api.data(ERASURE, { id: erasureId });
  const { auditLog } = await api.data(AUDIT, { erasureId, first: 100 });
  const { erasures } = await api.data(ERASURES, { customerId });
  return {
    erasure,
    entries: nodes(auditLog as Connection<Entry>),
    erasureIds: nodes(erasures as Connection<{ id: string }>).map(({ id }) => id),
  };
}
