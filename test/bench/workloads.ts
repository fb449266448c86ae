/** What is asked of every candidate. */
export interface Workload {
  name: string;
  what: string;
  query: string;
  /** The variables of the requests, which are sent in turn. */
  variables(ids: readonly string[]): object[];
  /** Who serves it; everyone unless said. */
  servedBy?: readonly string[];
  /** Keys whose values no two answers have in common, and why. */
  unequal?: Readonly<Record<string, string>>;
}

const PAGE = 100;

const CUSTOMER = `
  id
  name
  email
  testCustomer
  accounts {
    __typename
    ... on Account { externalId email integration { id } }
    ... on EngagelabAccount { alias tags }
    ... on LearnAccount { internalId role status }
    ... on VpnAccount { activeSubscription }
    ... on OneloginAccount { username status }
  }`;

export const ONE: Workload = {
  name: 'B1',
  what: 'one customer with five accounts',
  query: `query One($id: ID!) { customer(id: $id) {${CUSTOMER}} }`,
  variables: (ids) => ids.map((id) => ({ id })),
};

export const MANY: Workload = {
  name: 'B2',
  what: 'a hundred customers with five accounts each',
  query: `query Many($ids: [ID!]!) { nodes(ids: $ids) { ... on Customer {${CUSTOMER}} } }`,
  variables: (ids) =>
    Array.from({ length: ids.length / PAGE }, (_, i) => ({ ids: ids.slice(i * PAGE, (i + 1) * PAGE) })),
};

export const CONSTANT: Workload = {
  name: 'G',
  what: 'a constant',
  query: '{ __typename }',
  variables: () => [{}],
};

/** Of customers on the first page of Particle's list: what paging costs, the vendor's sizes decide. */
const PLAN: Workload = {
  name: 'PLAN',
  what: 'the plan of a deletion',
  query: `query Plan($customerId: ID!) {
    erasurePlan(customerId: $customerId) {
      hash
      expiresAt
      customer { id name }
      blockers { code integration { id } }
      items {
        integration { id }
        presence
        externalId
        leaves
        canBeVerified
        verifiedWithinSeconds
        sideEffects { code count names }
        warnings { code }
      }
      pointOfNoReturn { integration { id } }
    }
  }`,
  variables: (ids) => ids.slice(0, PAGE).map((customerId) => ({ customerId })),
  servedBy: ['raw', 'gateway', 'gateway-postgresql'],
  unequal: {
    hash: 'it carries the time until which it counts',
    expiresAt: 'it is a time',
  },
};

export const WORKLOADS: readonly Workload[] = [ONE, MANY, CONSTANT, PLAN];
